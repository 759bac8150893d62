import type { KubeQuery } from '../cluster/contract.ts';
import { entryKinds } from '../diagnosis/scene.ts';

/** What decides where traffic goes. */
export const routingKinds: KubeQuery[] = [
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' },
  ...entryKinds,
];
