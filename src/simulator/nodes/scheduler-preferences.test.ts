import { expect, test } from 'vitest';
import type { PodSpec } from '../controllers/kinds.ts';
import { createNode, createTestCluster, podNamed } from './fixtures/test-cluster.ts';

const HOST = 'kubernetes.io/hostname';

function setUp() {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  const { registry, clock } = cluster;
  const place = (name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}, owner?: string) => {
    const pod = podNamed(name, {}, spec);
    Object.assign(pod.metadata, { labels });
    if (owner)
      pod.metadata.ownerReferences = [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true },
      ];
    registry.create('pods', pod);
    clock.settle();
    return cluster.pod(name).spec?.nodeName;
  };
  const label = (node: string, labels: Record<string, string>) => {
    registry.edit('nodes', undefined, node, (copy) => {
      copy.metadata.labels = { ...copy.metadata.labels, ...labels };
    });
    clock.settle();
  };
  return { ...cluster, place, label };
}

const term = (app: string) => ({ labelSelector: { matchLabels: { app } }, topologyKey: HOST });
const wishing = (kind: 'podAffinity' | 'podAntiAffinity', app: string): Partial<PodSpec> => ({
  affinity: {
    [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term(app) }] },
  },
});

test('a pod goes to the node that it prefers though another is emptier, and elsewhere when it does not fit there', () => {
  const { place, label, registry } = setUp();
  label('sansa', { disk: 'ssd' });
  const preferring: Partial<PodSpec> = {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } },
          { weight: 90, preference: {} },
        ],
      },
    },
  };
  expect(['a', 'b', 'c'].map((name) => place(name, preferring))).toEqual(['sansa', 'sansa', 'sansa']);
  expect(place('d')).toBe('arya');
  registry.edit('nodes', undefined, 'sansa', (copy) => {
    copy.spec = { ...(copy.spec as object), unschedulable: true };
  });
  expect(place('e', preferring)).toBe('arya');
});

test('the heavier preference wins', () => {
  const { place } = setUp();
  const on = (node: string, weight: number) => ({
    weight,
    preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] },
  });
  const spec = (first: number, second: number): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [on('arya', first), on('sansa', second)],
      },
    },
  });
  expect([place('a', spec(80, 20)), place('b', spec(20, 80)), place('c', spec(20, 80))]).toEqual([
    'arya',
    'sansa',
    'sansa',
  ]);
});

test('a PreferNoSchedule taint sends pods elsewhere, unless they tolerate it or there is no other node', () => {
  const { place, registry } = setUp();
  registry.edit('nodes', undefined, 'arya', (copy) => {
    copy.spec = { ...(copy.spec as object), taints: [{ key: 'slow', effect: 'PreferNoSchedule' }] };
  });
  expect([place('a'), place('b'), place('c')]).toEqual(['sansa', 'sansa', 'sansa']);
  expect(place('d', { tolerations: [{ key: 'slow', operator: 'Exists' }] })).toBe('arya');
  registry.edit('nodes', undefined, 'sansa', (copy) => {
    copy.spec = { ...(copy.spec as object), unschedulable: true };
  });
  expect(place('e')).toBe('arya');
});

test('a pod goes near those it would rather be near, and not where it would rather not be', () => {
  const { place } = setUp();
  expect(place('cache', {}, { app: 'cache' })).toBe('arya');
  expect(place('b')).toBe('sansa');
  expect([1, 2, 3].map((i) => place(`near-${i}`, wishing('podAffinity', 'cache')))).toEqual(['arya', 'arya', 'arya']);
  expect([1, 2, 3, 4].map((i) => place(`far-${i}`, wishing('podAntiAffinity', 'cache')))).toEqual(
    Array(4).fill('sansa'),
  );
});

test('a pod heeds what those that run would rather have: near and away', () => {
  const { place } = setUp();
  expect(place('a', wishing('podAntiAffinity', 'noisy'))).toBe('arya');
  expect(place('b', wishing('podAffinity', 'friend'))).toBe('sansa');
  expect(place('noisy', {}, { app: 'noisy' })).toBe('sansa');
  expect(place('friend', {}, { app: 'friend' })).toBe('sansa');
  expect(place('other-friend', {}, { app: 'friend' })).toBe('sansa');
});

test('a term with a namespaceSelector means the namespaces with those labels', () => {
  const { place, registry } = setUp();
  registry.edit('namespaces', undefined, 'kube-system', (copy) => {
    copy.metadata.labels = { team: 'core' };
  });
  registry.create('pods', {
    ...podNamed('there', {}, { nodeName: 'sansa' }),
    metadata: { name: 'there', namespace: 'kube-system', labels: { app: 'db' } },
  });
  const near = (selector: object): Partial<PodSpec> => ({
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ ...term('db'), namespaceSelector: selector }],
      },
    },
  });
  expect(place('a', near({ matchLabels: { team: 'core' } }))).toBe('sansa');
  expect(place('b', near({}))).toBe('sansa');
  expect(place('c', near({ matchLabels: { team: 'other' } }))).toBeUndefined();
});

test('ScheduleAnyway spreads where it can and schedules where it cannot', () => {
  const { place, label, registry } = setUp();
  createNode(registry, 'bran');
  label('arya', { zone: 'a' });
  label('bran', { zone: 'a' });
  label('sansa', { zone: 'b' });
  const spread: Partial<PodSpec> = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'web' } },
      },
    ],
  };
  const zones = ['1', '2', '3', '4'].map((name) => (place(name, spread, { app: 'web' }) === 'sansa' ? 'b' : 'a'));
  expect(zones.slice(0, 2).sort()).toEqual(['a', 'b']);
  expect(zones.slice(2).sort()).toEqual(['a', 'b']);
  registry.edit('nodes', undefined, 'sansa', (copy) => {
    copy.spec = { ...(copy.spec as object), unschedulable: true };
  });
  expect(place('5', spread, { app: 'web' })).not.toBe('sansa');
  expect(place('6', spread, { app: 'web' })).toMatch(/^(arya|bran)$/);
});

test('matchLabelKeys counts only pods with the same value as the pod', () => {
  const { place } = setUp();
  const spec: Partial<PodSpec> = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: HOST,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
        matchLabelKeys: ['version'],
      },
    ],
  };
  const only = (node: string) => ({ ...spec, nodeSelector: { [HOST]: node } });
  const policy = spec.topologySpreadConstraints?.[0];
  const ignoring = { ...only('arya'), topologySpreadConstraints: [{ ...policy, nodeAffinityPolicy: 'Ignore' }] };
  expect(place('a', ignoring as Partial<PodSpec>, { app: 'web', version: '1' })).toBe('arya');
  expect(place('b', ignoring as Partial<PodSpec>, { app: 'web', version: '1' })).toBeUndefined();
  expect(place('c', ignoring as Partial<PodSpec>, { app: 'web', version: '2' })).toBe('arya');
});

test('pods of one owner lie over the nodes and over the zones, also where another node is emptier', () => {
  const { place, label, registry } = setUp();
  label('arya', { 'topology.kubernetes.io/zone': 'a' });
  label('sansa', { 'topology.kubernetes.io/zone': 'b' });
  registry.create('pods', podNamed('fill', { resources: { requests: { cpu: '1' } } }, { nodeName: 'arya' }));
  const nodes = ['1', '2', '3', '4'].map((name) => place(name, {}, { app: 'web' }, 'rs'));
  expect(nodes.filter((node) => node === 'arya')).toHaveLength(2);
});

test('without preferences the emptier node wins, and of two as empty the one whose cpu and memory are better balanced', () => {
  const { place, registry } = setUp();
  const using = (name: string, node: string, requests: Record<string, string>) =>
    registry.create('pods', podNamed(name, { resources: { requests } }, { nodeName: node }));
  using('x', 'arya', { cpu: '2', memory: '1Gi' });
  expect([place('a'), place('b')]).toEqual(['sansa', 'sansa']);
  using('y', 'sansa', { cpu: '500m', memory: '4Gi' });
  const cpuHungry = podNamed('hungry', { resources: { requests: { cpu: '1', memory: '64Mi' } } });
  registry.create('pods', cpuHungry);
  expect(place('c', { containers: cpuHungry.spec?.containers ?? [] })).toBe('sansa');
});

test('a node that has a large image of the pod is the better one', () => {
  const { place, registry } = setUp();
  registry.edit(
    'nodes',
    undefined,
    'sansa',
    (copy) => {
      const images = [{ names: ['app:1'], sizeBytes: 900 * 1024 * 1024 }];
      copy.status = { ...(copy.status as object), images };
    },
    { subresource: 'status' },
  );
  expect(place('a')).toBe('sansa');
});
