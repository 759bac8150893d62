import { expect, test } from 'vitest';
import type { PodSpec } from '../controllers/kinds.ts';
import { conditionOf } from '../controllers/pods.ts';
import { createNode, createTestCluster, podNamed } from './fixtures/test-cluster.ts';

const MASTER = { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] };

function setUp() {
  const cluster = createTestCluster();
  createNode(cluster.registry, 'nieve', MASTER);
  cluster.start({ controllers: false });
  const place = (spec: Partial<PodSpec>, name = 'web') => {
    cluster.registry.create('pods', podNamed(name, {}, spec));
    cluster.clock.settle();
    return cluster.pod(name).spec?.nodeName;
  };
  const refusal = () => conditionOf(cluster.pod('web').status?.conditions, 'PodScheduled');
  return { ...cluster, place, refusal };
}

const asking = (requests: Record<string, string>): Partial<PodSpec> => ({
  containers: [{ name: 'app', image: 'app:1', resources: { requests } }],
});

test('pods are spread over the nodes without the control plane', () => {
  const { place } = setUp();
  const nodes = ['a', 'b', 'c', 'd'].map((name) => place({}, name));
  expect(nodes).toEqual(['arya', 'sansa', 'arya', 'sansa']);
});

test('a selector that no node meets is said in the words of the scheduler, and heeded when a node comes', () => {
  const { place, refusal, events, registry, clock, pod } = setUp();
  expect(place({ nodeSelector: { disk: 'ssd' } })).toBeUndefined();
  const message =
    "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
  expect(refusal()).toMatchObject({ status: 'False', reason: 'Unschedulable', message });
  expect(events('web')).toEqual([`Warning FailedScheduling ${message}`]);
  registry.edit('nodes', undefined, 'sansa', (copy) => {
    copy.metadata.labels = { disk: 'ssd' };
  });
  clock.settle();
  expect(pod('web').spec?.nodeName).toBe('sansa');
  expect(pod('web').status?.phase).toBe('Running');
});

test('requests beyond every node name each resource that is short', () => {
  const { place, refusal } = setUp();
  place(asking({ cpu: '50', memory: '900Gi' }));
  expect(refusal()?.message).toBe(
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 Insufficient memory. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
  );
});

test('a pod waits for room and gets it when another pod goes', () => {
  const { place, refusal, registry, clock, pod } = setUp();
  for (const name of ['a', 'b']) place(asking({ cpu: '3' }), name);
  expect(place(asking({ cpu: '2' }))).toBeUndefined();
  expect(refusal()?.message).toContain(
    'preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  );
  registry.remove('pods', 'default', 'b');
  clock.advance(100);
  expect(pod('web').spec?.nodeName).toBe('sansa');
});

test('a toleration opens the control plane, a cordon closes a node, affinity and anti-affinity are kept', () => {
  const { place, registry } = setUp();
  const on = (node: string): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
        },
      },
    },
  });
  expect(place({ ...on('nieve'), tolerations: [{ operator: 'Exists' }] }, 'a')).toBe('nieve');
  expect(place(on('nieve'), 'b')).toBeUndefined();
  const apart = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['c', 'd', 'e'] }] },
            topologyKey: 'kubernetes.io/hostname',
          },
        ],
      },
    },
  };
  expect([place(apart, 'c'), place(apart, 'd'), place(apart, 'e')]).toEqual(['arya', 'sansa', undefined]);
  registry.edit('nodes', undefined, 'arya', (copy) => {
    copy.spec = { ...(copy.spec as object), unschedulable: true };
  });
  expect(place({}, 'f')).toBe('sansa');
});

test('a port of the node is had by one pod at a time', () => {
  const { place, refusal } = setUp();
  const listening = (hostIP?: string): Partial<PodSpec> => ({
    containers: [
      { name: 'app', image: 'app:1', ports: [{ containerPort: 80, hostPort: 8080, ...(hostIP && { hostIP }) }] },
    ],
  });
  expect([place(listening(), 'a'), place(listening('127.0.0.1'), 'b')]).toEqual(['arya', 'sansa']);
  expect(place(listening('127.0.0.2'), 'c')).toBe('sansa');
  expect(place(listening('127.0.0.1'))).toBeUndefined();
  expect(refusal()?.message).toContain("2 node(s) didn't have free ports for the requested pod ports.");
});

test('a pod goes to those it wants to be near, and stays away from those that want it away', () => {
  const { place, refusal, registry, clock, pod } = setUp();
  const labels = (name: string, app: string) =>
    void registry.edit('pods', 'default', name, (copy) => void Object.assign(copy.metadata, { labels: { app } }));
  const term = (app: string) => ({
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' },
    ],
  });
  expect(place({}, 'a')).toBe('arya');
  expect(place({ affinity: { podAntiAffinity: term('db') } }, 'b')).toBe('sansa');
  expect(place({ affinity: { podAffinity: term('cache') } }, 'c')).toBeUndefined();
  labels('b', 'cache');
  clock.settle();
  expect(pod('c').spec?.nodeName).toBe('sansa');
  const db = podNamed('web', {}, { nodeSelector: { 'kubernetes.io/hostname': 'sansa' } });
  registry.create('pods', { ...db, metadata: { ...db.metadata, labels: { app: 'db' } } });
  clock.settle();
  expect(refusal()?.message).toContain("1 node(s) didn't satisfy existing pods anti-affinity rules");
});

test('pods are spread as evenly as they ask', () => {
  const { place, refusal, registry } = setUp();
  registry.edit('nodes', undefined, 'arya', (copy) => void Object.assign(copy.metadata.labels ?? {}, { zone: 'a' }));
  registry.edit('nodes', undefined, 'sansa', (copy) => void Object.assign(copy.metadata.labels ?? {}, { zone: 'b' }));
  const spread = (maxSkew: number, topologyKey = 'zone'): Partial<PodSpec> => ({
    topologySpreadConstraints: [
      { maxSkew, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchExpressions: [] } },
    ],
  });
  expect(['a', 'b', 'c', 'd'].map((name) => place(spread(1), name))).toEqual(['arya', 'sansa', 'arya', 'sansa']);
  registry.edit('nodes', undefined, 'sansa', (copy) => {
    copy.spec = { ...(copy.spec as object), unschedulable: true };
  });
  expect(place(spread(1), 'e')).toBe('arya');
  expect(place(spread(1))).toBeUndefined();
  expect(refusal()?.message).toContain("1 node(s) didn't match pod topology spread constraints");
  expect(place(spread(1, 'rack'), 'g')).toBeUndefined();
});
