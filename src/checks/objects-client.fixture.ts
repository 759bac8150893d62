// A cluster made of plain objects, for tests: reads only.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { Cluster, KubeClient } from '../cluster/contract.ts';
import { parseSelector } from '../cluster/label-selector.ts';
import type { KubeObject } from '../mesh/objects.ts';

/** `objects` may change between calls. */
export function clusterOf(objects: readonly KubeObject[], entry?: string, patience = 300): Cluster {
  const refuse = (): never => {
    throw new ClusterError('invalid', 'This cluster is read-only.');
  };
  const client: KubeClient = {
    get: async (ref) =>
      objects.find(
        (o) =>
          o.kind === ref.kind && o.metadata.name === ref.name && (o.metadata.namespace ?? '') === (ref.namespace ?? ''),
      ),
    list: async ({ kind, namespace, labelSelector = '' }) => {
      const matches = parseSelector(labelSelector);
      return objects.filter(
        (o) =>
          o.kind === kind &&
          (namespace === undefined || o.metadata.namespace === namespace) &&
          matches(o.metadata.labels),
      );
    },
    watch: async () => () => {},
    apply: async () => refuse(),
    patch: async () => refuse(),
    create: async () => refuse(),
    remove: async () => refuse(),
    raw: async () => ({}),
  };
  return {
    access: { kind: 'embebido', kubeconfig: '', ...(entry ? { entry } : {}) },
    client,
    facts: async () => ({ serverVersion: 'v1.34.4+malla', simulated: true, nodes: [], patience }),
  };
}
