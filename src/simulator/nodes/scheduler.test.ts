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
            labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
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
