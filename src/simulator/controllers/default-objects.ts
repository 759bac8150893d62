// What every namespace gets: the ServiceAccount `default`, and the cluster's CA certificate in a ConfigMap.
import type { Clock, Registry } from '../contract.ts';
import { equal } from './equal.ts';
import { createWorkQueue } from './work-queue.ts';

export const ROOT_CA = 'kube-root-ca.crt';
/** The ConfigMap that the others copy: whoever starts the cluster writes it there. */
const SOURCE = 'kube-system';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export function startDefaultObjects(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'default objects', sync);
  const all = () => {
    for (const namespace of registry.list('namespaces')) queue.add(namespace.metadata.name);
  };
  const stops = [
    registry.watch('namespaces', ({ object }) => queue.add(object.metadata.name)),
    registry.watch('serviceaccounts', ({ type, object }) => {
      if (type === 'DELETED' && object.metadata.name === 'default') queue.add(object.metadata.namespace ?? '');
    }),
    registry.watch('configmaps', ({ object }) => {
      if (object.metadata.name !== ROOT_CA) return;
      if (object.metadata.namespace === SOURCE) all();
      else queue.add(object.metadata.namespace ?? '');
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function sync(namespace: string) {
    const owner = registry.get('namespaces', undefined, namespace);
    if (!owner || owner.metadata.deletionTimestamp) return;
    if (!registry.get('serviceaccounts', namespace, 'default')) {
      const metadata = { name: 'default', namespace };
      registry.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    }
    publishRootCa(namespace);
  }

  function publishRootCa(namespace: string) {
    const source = registry.get('configmaps', SOURCE, ROOT_CA);
    if (!source || namespace === SOURCE) return;
    const existing = registry.get('configmaps', namespace, ROOT_CA);
    if (!existing) {
      registry.create('configmaps', rootCa(namespace, source.data));
    } else if (!equal(existing.data, source.data)) {
      registry.edit('configmaps', namespace, ROOT_CA, (copy) => {
        copy.data = structuredClone(source.data);
      });
    }
  }
}

export function rootCa(namespace: string, data: unknown) {
  const annotations = { 'kubernetes.io/description': DESCRIPTION };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: ROOT_CA, namespace, annotations },
    data: structuredClone(data),
  };
}
