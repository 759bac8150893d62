// A cluster made of plain objects, for tests: reads only.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { Cluster, KubeClient, KubeEvent } from '../cluster/contract.ts';
import { parseSelector } from '../cluster/label-selector.ts';
import type { KubeObject } from '../mesh/objects.ts';

export interface ObjectsCluster extends Cluster {
  /** Puts the object in place of the one with its name, and tells the watches. */
  put(object: KubeObject): void;
  /** Tells the watches that the connection is lost or back. */
  connection(state: 'live' | 'lost'): void;
}

/** `objects` may change between calls. */
export function clusterOf(objects: KubeObject[], entry?: string, patience = 300): ObjectsCluster {
  const watches = new Set<{ kind: string; onEvent: (e: KubeEvent) => void; onState: (s: 'live' | 'lost') => void }>();
  let version = 1;
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
    async watch({ kind }, onEvent, onState = () => {}) {
      const watch = { kind, onEvent, onState };
      watches.add(watch);
      for (const object of objects.filter((o) => o.kind === kind)) onEvent({ type: 'ADDED', object });
      return () => watches.delete(watch);
    },
    apply: async () => refuse(),
    patch: async () => refuse(),
    create: async () => refuse(),
    remove: async () => refuse(),
    raw: async () => ({}),
    serverTime: async () => Date.now(),
    exec: async () => refuse(),
  };
  return {
    access: { kind: 'embebido', kubeconfig: '', ...(entry ? { entry } : {}) },
    client,
    put(object) {
      const index = objects.findIndex((o) => o.kind === object.kind && o.metadata.name === object.metadata.name);
      const next = {
        ...object,
        metadata: { ...object.metadata, resourceVersion: String(++version), generation: version },
      };
      if (index < 0) objects.push(next);
      else objects[index] = next;
      const type = index < 0 ? 'ADDED' : 'MODIFIED';
      for (const watch of watches) if (watch.kind === object.kind) watch.onEvent({ type, object: next });
    },
    connection(state) {
      for (const watch of watches) watch.onState(state);
    },
    facts: async () => ({ serverVersion: 'v1.34.4+malla', simulated: true, nodes: [], patience }),
  };
}
