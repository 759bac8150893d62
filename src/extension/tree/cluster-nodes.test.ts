import { expect, test } from 'vitest';
import type { NamespaceFact } from '../../views/inventory/inventory.ts';
import { type ClusterNode, type ClusterSight, clusterChildren, clusterFace, clusterRoots } from './cluster-nodes.ts';

const namespace = (name: string, rest: Partial<NamespaceFact> = {}): NamespaceFact => ({
  name,
  injected: false,
  pods: 1,
  ready: 1,
  services: [],
  proxies: [],
  ...rest,
});
const shop = namespace('default', {
  injected: true,
  pods: 2,
  ready: 1,
  services: [
    { name: 'reviews', type: 'ClusterIP', ports: ['9080/TCP'], pods: 2, ready: 1 },
    { name: 'vacio', type: 'ClusterIP', ports: [], pods: 1, ready: 0 },
  ],
  proxies: [{ pod: 'reviews-v1-x', kind: 'sidecar', ready: false, node: 'arya', version: '1.30.0' }],
});
const access = { kubeconfig: '/k', entry: 'http://127.0.0.1:8', env: { KUBECONFIG: '/k', PATH: '' } };
const sight: ClusterSight = {
  cluster: { access, identity: { kind: 'embebido' } },
  inventory: {
    live: true,
    nodes: [
      { name: 'nieve', ready: true, roles: ['control-plane'], version: 'v1.34.0' },
      { name: 'arya', ready: false, roles: [], version: 'v1.34.0' },
    ],
    namespaces: new Map(
      [namespace('kube-system'), namespace('kube-public', { pods: 0, ready: 0 }), namespace('istio-system'), shop].map(
        (n) => [n.name, n],
      ),
    ),
  },
};
const all = (nodes: ClusterNode[]): ClusterNode[] => nodes.flatMap((n) => [n, ...all(clusterChildren(n, sight))]);
const faceOf = (id: string) => {
  const node = all(clusterRoots(sight)).find((n) => n.id === id);
  return node && clusterFace(node, sight);
};

test('the namespaces of the student come first, and empty ones of the system do not come', () => {
  expect(clusterRoots(sight).map(({ id }) => id)).toEqual([
    'cluster',
    'entry',
    'kubeconfig',
    'nodes',
    'namespace/default',
    'namespace/istio-system',
    'namespace/kube-system',
  ]);
});

test('nothing is shown of a cluster that does not run, so that the welcome text is seen', () => {
  expect(clusterRoots({ ...sight, cluster: { identity: { kind: 'embebido' } } })).toEqual([]);
});

test('what does not work is marked: nodes, namespaces, services with no pod ready, proxies', () => {
  expect(faceOf('nodes')).toMatchObject({ description: '1 de 2 listos', troubled: true });
  expect(faceOf('node/nieve')).toMatchObject({ description: 'listo · control-plane · v1.34.0', troubled: false });
  expect(faceOf('node/arya')).toMatchObject({ troubled: true });
  expect(faceOf('namespace/default')).toMatchObject({
    description: '1 de 2 pods listos · con inyección',
    troubled: true,
  });
  expect(faceOf('service/default/reviews')).toMatchObject({
    description: 'ClusterIP · 9080/TCP · 1 de 2 pods',
    troubled: false,
  });
  expect(faceOf('service/default/vacio')).toMatchObject({ troubled: true });
  expect(faceOf('proxy/default/reviews-v1-x')).toMatchObject({
    description: 'sidecar · 1.30.0 · arya · sin estar listo',
    troubled: true,
  });
});

test('each node has an id of its own', () => {
  const ids = all(clusterRoots(sight)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the cluster in use is named by what it is', () => {
  const kubeadm = { kind: 'kubeadm', name: 'admin@nieve', server: 'https://10.0.0.1:6443' } as const;
  const other = { ...sight, cluster: { access, identity: kubeadm } };
  expect(clusterFace({ type: 'cluster', id: 'cluster' }, other)).toMatchObject({ label: 'Clúster de «admin@nieve»' });
});
