import { expect, test } from 'vitest';
import type { Pod } from '../controllers/kinds.ts';
import { createTestCluster, podNamed } from './fixtures/test-cluster.ts';
import { createNodeBook } from './node-book.ts';

const podOf = (name: string, owner?: string): Pod => {
  const pod = podNamed(name);
  const resources = { requests: { cpu: '250m', memory: '1Gi' } };
  const ownerReferences = [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: owner ?? '', controller: true }];
  return {
    ...pod,
    metadata: { ...pod.metadata, ...(owner && { ownerReferences }) },
    spec: { ...pod.spec, containers: [{ name: 'c', image: 'nginx', resources }], nodeName: 'arya' },
  };
};

test('what runs on a node is counted while it is there, however often it is told', () => {
  const { registry, clock } = createTestCluster();
  const book = createNodeBook(registry);
  const arya = () => book.states().find(({ node }) => node.metadata.name === 'arya');
  const before = { ...arya()?.used };
  const first = registry.create('pods', podOf('a', 'set')) as Pod;
  registry.create('pods', podOf('b', 'set'));
  book.place(first, 'arya');
  clock.settle();
  expect(arya()?.used).toEqual({
    cpu: (before.cpu ?? 0) + 0.5,
    memory: (before.memory ?? 0) + 2 * 2 ** 30,
    pods: (before.pods ?? 0) + 2,
  });
  expect(arya()?.owned.get('set')).toBe(2);
  registry.edit('pods', 'default', 'a', (copy) => Object.assign(copy, { status: { phase: 'Succeeded' } }), {
    subresource: 'status',
  });
  registry.remove('pods', 'default', 'b', { gracePeriodSeconds: 0 });
  clock.settle();
  expect(arya()?.used).toEqual(before);
  expect(arya()?.owned.size).toBe(0);
  book.stop();
});

test('a node that comes back finds its pods counted', () => {
  const { registry, clock } = createTestCluster();
  const book = createNodeBook(registry);
  registry.create('pods', podOf('a'));
  clock.settle();
  const node = registry.get('nodes', undefined, 'arya');
  registry.remove('nodes', undefined, 'arya');
  clock.settle();
  expect(book.states().some(({ node: { metadata } }) => metadata.name === 'arya')).toBe(false);
  if (node) registry.create('nodes', node);
  clock.settle();
  expect(book.states().find(({ node: { metadata } }) => metadata.name === 'arya')?.used.pods).toBe(1);
  book.stop();
});
