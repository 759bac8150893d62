import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { InventoryLine } from './inventory.ts';
import { createInventoryTaker } from './take-inventory.ts';

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const object = (kind: string, name: string, rest: object = {}, namespace = 'default'): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(kind === 'Node' || kind === 'Namespace' ? {} : { namespace }) },
  ...rest,
});
const namespace = (labels: Record<string, string> = {}): KubeObject => ({
  ...object('Namespace', 'default'),
  metadata: { name: 'default', labels },
});
const pod = (name: string, isReady: boolean, sidecar = true): KubeObject => ({
  ...object('Pod', name),
  metadata: { name, namespace: 'default', labels: { app: 'reviews' } },
  spec: {
    nodeName: 'arya',
    containers: [
      { name: 'reviews', image: 'x' },
      ...(sidecar
        ? [{ name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.30.0', args: ['proxy', 'sidecar'] }]
        : []),
    ],
  },
  status: { ...(isReady ? ready : {}), phase: 'Running', containerStatuses: [{ name: 'istio-proxy', ready: isReady }] },
});
const service = object('Service', 'reviews', {
  spec: { type: 'ClusterIP', selector: { app: 'reviews' }, ports: [{ port: 9080, protocol: 'TCP' }] },
});
const found = (lines: InventoryLine[]) =>
  lines.flatMap((line) => (line.event === 'namespace' ? [line.namespace] : []))[0];

function taken(...objects: KubeObject[]) {
  const taker = createInventoryTaker();
  for (const each of objects) taker.see('ADDED', each);
  return { taker, lines: taker.news() };
}

test('a namespace tells its services with the pods behind them, and its proxies', () => {
  const { lines } = taken(namespace({ 'istio-injection': 'enabled' }), service, pod('r-1', true), pod('r-2', false));
  expect(found(lines)).toEqual({
    name: 'default',
    injected: true,
    pods: 2,
    ready: 1,
    services: [{ name: 'reviews', type: 'ClusterIP', ports: ['9080/TCP'], pods: 2, ready: 1 }],
    proxies: [
      { pod: 'r-1', kind: 'sidecar', ready: true, node: 'arya', version: '1.30.0' },
      { pod: 'r-2', kind: 'sidecar', ready: false, node: 'arya', version: '1.30.0' },
    ],
  });
});

test('nodes tell whether they are ready, and their roles', () => {
  const node = {
    ...object('Node', 'nieve', { status: { ...ready, nodeInfo: { kubeletVersion: 'v1.34.0' } } }),
    metadata: { name: 'nieve', labels: { 'node-role.kubernetes.io/control-plane': '' } },
  };
  expect(taken(node).lines).toEqual([
    { event: 'nodes', nodes: [{ name: 'nieve', ready: true, roles: ['control-plane'], version: 'v1.34.0' }] },
  ]);
});

test('what changes nothing that is shown is not told again', () => {
  const { taker } = taken(namespace(), pod('r-1', true));
  taker.see('MODIFIED', { ...pod('r-1', true), metadata: { ...pod('r-1', true).metadata, resourceVersion: '9' } });
  expect(taker.news()).toEqual([]);
  taker.see('DELETED', pod('r-1', true));
  expect(found(taker.news())).toMatchObject({ pods: 0, proxies: [] });
});

test('a namespace that goes is told once, and pods without one of theirs are not shown', () => {
  const { taker } = taken(namespace());
  taker.see('DELETED', namespace());
  expect(taker.news()).toEqual([{ event: 'gone', namespace: 'default' }]);
  taker.see('ADDED', object('Pod', 'x', {}, 'otro'));
  expect(taker.news()).toEqual([]);
});

test('odd objects do no harm', () => {
  const odd = [
    object('Pod', 'p', { spec: 7, status: 'x' }),
    object('Service', 's', { spec: { ports: 'no', selector: [] } }),
  ];
  expect(found(taken(namespace(), ...odd).lines)).toMatchObject({
    pods: 1,
    ready: 0,
    services: [{ name: 's', ports: [] }],
  });
});
