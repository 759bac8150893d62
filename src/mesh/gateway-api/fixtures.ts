// Builders for tests: objects of the Gateway API as the API server stores them, defaults filled in.
import type { Proxy as MeshProxy } from '../engine.ts';
import type { KubeObject } from '../objects.ts';
import { GROUP } from './api.ts';

type Extra = Partial<KubeObject['metadata']>;

export function apiObject(kind: string, name: string, spec: unknown, extra: Extra = {}): KubeObject {
  const metadata = { name, namespace: 'default', creationTimestamp: '2026-03-01T10:00:00Z', generation: 1, ...extra };
  return { apiVersion: `${GROUP}/v1`, kind, metadata, spec };
}

/** A Gateway of class istio; listeners that are not given are one for HTTP on port 80. */
export function apiGateway(name = 'front', listeners: unknown[] = [http()], extra: Extra = {}): KubeObject {
  return apiObject('Gateway', name, { gatewayClassName: 'istio', listeners }, extra);
}

export function http(fields: Record<string, unknown> = {}): unknown {
  return { name: 'http', port: 80, protocol: 'HTTP', ...fields };
}

export function httpRoute(name: string, spec: Record<string, unknown>, extra: Extra = {}): KubeObject {
  return apiObject('HTTPRoute', name, { parentRefs: [{ name: 'front' }], ...spec }, extra);
}

/** An HTTPRoute of a Service. */
export function serviceRoute(service: string, rules: unknown[], extra: Extra = {}, port?: number): KubeObject {
  const parent = { group: '', kind: 'Service', name: service, ...(port !== undefined && { port }) };
  return httpRoute(`${service}-route`, { parentRefs: [parent], rules }, extra);
}

export function prefix(value: string, more: Record<string, unknown> = {}): unknown {
  return { path: { type: 'PathPrefix', value }, ...more };
}

export function backend(name: string, more: Record<string, unknown> = {}): unknown {
  return { group: '', kind: 'Service', name, port: 9080, ...more };
}

/** The pods that istiod starts for the Gateway `front`. */
export const FRONT: MeshProxy = {
  kind: 'gateway',
  namespace: 'default',
  labels: { 'gateway.networking.k8s.io/gateway-name': 'front' },
};
