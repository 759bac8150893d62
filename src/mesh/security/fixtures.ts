// Builders for tests of security: proxies, connections, tokens, policies.
import type { InboundConnection, Proxy as MeshProxy, MeshRequest, TokenOutcome } from '../engine.ts';
import type { KubeObject } from '../objects.ts';

export const server: MeshProxy = { kind: 'sidecar', namespace: 'default', labels: { app: 'httpbin' } };
export const gateway: MeshProxy = { kind: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } };
export const plain: InboundConnection = { port: 8080, sourceAddress: '10.0.0.9', destinationAddress: '10.0.0.5' };
export const meshed = { ...plain, principal: 'spiffe://cluster.local/ns/default/sa/curl' };
export const nobody: TokenOutcome = { kind: 'none' };
export const ana: Extract<TokenOutcome, { kind: 'valid' }> = {
  kind: 'valid',
  issuer: 'fid@example.com',
  subject: 'ana',
  claims: {
    iss: 'fid@example.com',
    sub: 'ana',
    aud: ['tienda'],
    groups: ['grupo1', 'grupo9'],
    realm: { roles: ['admin'] },
    scope: 'leer escribir',
  },
};

export function policy(
  kind: string,
  spec: unknown,
  { name = 'fid', namespace = 'default', age = 1, annotations = {} } = {},
): KubeObject {
  return {
    apiVersion: 'security.istio.io/v1',
    kind,
    metadata: { name, namespace, annotations, creationTimestamp: `2026-01-0${age}T00:00:00Z` },
    spec,
  };
}
export const peer = (spec: unknown, extra = {}) => policy('PeerAuthentication', spec, extra);
export const authz = (spec: unknown, extra = {}) => policy('AuthorizationPolicy', spec, extra);
export const selector = { matchLabels: { app: 'httpbin' } };

export function ask(extra: Partial<MeshRequest> = {}): MeshRequest {
  return { authority: 'httpbin:8000', port: 8080, method: 'GET', path: '/headers', headers: {}, ...extra };
}

export const source = (s: object) => ({ from: [{ source: s }] });
export const operation = (o: object) => ({ to: [{ operation: o }] });
export const when = (key: string, values: string[], notValues: string[] = []) => ({
  when: [{ key, values, notValues }],
});
export const other = { ...plain, principal: 'spiffe://cluster.local/ns/other/sa/web' };
export const from = (sourceAddress: string): InboundConnection => ({ ...plain, sourceAddress });
