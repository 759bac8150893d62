// Builders for tests: objects as the API server stores them, with what a test does not care about filled in.
import type { Chance, MeshEngine, Proxy as MeshProxy, MeshRequest } from './engine.ts';
import { indexMesh } from './index-mesh.ts';
import type { KubeObject } from './objects.ts';

export function virtualService(name: string, spec: unknown, extra: Partial<KubeObject['metadata']> = {}): KubeObject {
  return istioObject('VirtualService', name, spec, extra);
}

export function destinationRule(name: string, spec: unknown, extra: Partial<KubeObject['metadata']> = {}): KubeObject {
  return istioObject('DestinationRule', name, spec, extra);
}

export function gateway(name: string, spec: unknown, extra: Partial<KubeObject['metadata']> = {}): KubeObject {
  return istioObject('Gateway', name, spec, extra);
}

/** The Gateway of the Bookinfo samples, bound to all hosts of one port. */
export function openGateway(name = 'bookinfo-gateway', port = 8080, hosts = ['*']): KubeObject {
  const servers = [{ port: { number: port, name: 'http', protocol: 'HTTP' }, hosts }];
  return gateway(name, { selector: { istio: 'ingressgateway' }, servers });
}

export function service(
  name: string,
  port: number,
  extra: Record<string, unknown> = {},
  namespace = 'default',
): KubeObject {
  const spec = {
    clusterIP: ip(`${namespace}/${name}`),
    selector: { app: name },
    ports: [{ name: 'http', port }],
    ...extra,
  };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

export function pod(
  name: string,
  labels: Record<string, string>,
  extra: Record<string, unknown> = {},
  namespace = 'default',
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, uid: `uid-${namespace}-${name}` },
    spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] },
    status: { podIP: ip(`pod ${namespace}/${name}`), conditions: [{ type: 'Ready', status: 'True' }] },
    ...extra,
  };
}

/** Bookinfo's four services with one pod for each version, and the ingress gateway's Service. */
export function bookinfo(): KubeObject[] {
  const versions = { productpage: ['v1'], details: ['v1'], ratings: ['v1'], reviews: ['v1', 'v2', 'v3'] };
  const ingressPorts = [
    { name: 'status-port', port: 15021, targetPort: 15021 },
    { name: 'http2', port: 80, targetPort: 8080 },
    { name: 'https', port: 443, targetPort: 8443 },
  ];
  const ingress = service(
    'istio-ingressgateway',
    80,
    { selector: INGRESS.labels, ports: ingressPorts },
    'istio-system',
  );
  const apps = Object.entries(versions).flatMap(([app, list]) => [
    service(app, 9080),
    ...list.map((version) => pod(`${app}-${version}`, { app, version })),
  ]);
  return [ingress, ...apps];
}

export function subsets(host: string, ...versions: string[]): KubeObject {
  return destinationRule(host, { host, subsets: versions.map((version) => ({ name: version, labels: { version } })) });
}

export const INGRESS: MeshProxy = {
  kind: 'gateway',
  namespace: 'istio-system',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
};

export const SIDECAR: MeshProxy = {
  kind: 'sidecar',
  namespace: 'default',
  labels: { app: 'productpage', version: 'v1' },
};

export function engineOf(...objects: KubeObject[]): MeshEngine {
  return indexMesh({ objects, rootNamespace: 'istio-system' });
}

export function get(url: string, extra: Partial<MeshRequest> = {}): MeshRequest {
  const [, authority = '', path = ''] = /^http:\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const port = Number(/:(\d+)$/.exec(authority)?.[1] ?? 80);
  return { authority, port, method: 'GET', path: path || '/', headers: {}, ...extra };
}

/** A chance that always draws the same. */
export function always(draw: number): Chance {
  return { random: () => draw, next: () => 0 };
}

/** Pseudo-random, the same for the same seed. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0;
  const cursors = new Map<string, number>();
  return {
    random() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
    next(cluster, size) {
      const at = (cursors.get(cluster) ?? -1) + 1;
      cursors.set(cluster, at);
      return at % size;
    },
  };
}

export function istioObject(
  kind: string,
  name: string,
  spec: unknown,
  extra: Partial<KubeObject['metadata']>,
): KubeObject {
  const metadata = { name, namespace: 'default', creationTimestamp: '2026-03-01T10:00:00Z', ...extra };
  return { apiVersion: 'networking.istio.io/v1', kind, metadata, spec };
}

/** Some address, always the same for the same name. */
function ip(name: string): string {
  let hash = 7;
  for (const char of name) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return `10.${hash % 200}.${(hash >>> 8) % 250}.${(hash >>> 16) % 250}`;
}
