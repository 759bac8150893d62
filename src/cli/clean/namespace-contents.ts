// What people have put in a namespace: what the system puts in every one is left out.
import { inBatches } from '../../cluster/cleanup/labelled.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import { servedKinds } from '../../cluster/served-kinds.ts';
import type { KubeObject } from '../../mesh/objects.ts';

/** Rejects with ClusterError: what cannot be looked at cannot be said to be empty. */
export async function contentsOf(client: KubeClient, namespace: string): Promise<KubeObject[]> {
  const kinds = (await servedKinds(client, { tolerant: true })).filter(
    ({ kind, namespaced, verbs }) => namespaced && verbs.includes('list') && !derived.has(kind),
  );
  const lists = await inBatches(kinds, ({ apiVersion, kind }) => client.list({ apiVersion, kind, namespace }));
  return lists.flat().filter((o) => (o.metadata.ownerReferences ?? []).length === 0 && !isGiven(o));
}

const derived = new Set(['Event', 'Endpoints', 'EndpointSlice', 'ControllerRevision', 'Lease', 'PodMetrics']);

/** Kubernetes and Istio give these to every namespace. */
function isGiven({ kind, metadata: { name } }: KubeObject): boolean {
  if (kind === 'ServiceAccount') return name === 'default';
  return kind === 'ConfigMap' && (name === 'kube-root-ca.crt' || name.startsWith('istio-ca-'));
}
