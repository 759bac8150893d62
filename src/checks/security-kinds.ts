import type { KubeQuery } from '../cluster/contract.ts';

/** What decides who may enter. */
export const securityKinds: KubeQuery[] = [
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication' },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' },
];
