import { expect, test } from 'vitest';
import { startControllers } from '../controllers/controllers.ts';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import { createMemoryRegistry } from '../controllers/fixtures/memory-registry.ts';
import type { Node, Pod } from '../controllers/kinds.ts';
import { isReady } from '../controllers/pods.ts';
import { createLogBook } from '../telemetry/log-book.ts';
import { bootstrapCluster } from './bootstrap.ts';
import { startNodes } from './nodes.ts';

function setUp() {
  const clock = createFakeClock();
  const registry = createMemoryRegistry(clock);
  const start = () => {
    bootstrapCluster(registry, { caCertificate: 'PEM', now: '2026-03-01T10:00:00Z' });
    const stops = [
      startControllers(registry, clock),
      startNodes({
        registry,
        clock,
        delays: { schedule: 0, pull: 0, start: 0, notice: 0, ready: 0, push: 0, acknowledge: 0 },
        network: { attach: () => {}, detach: () => {}, call: () => Promise.reject(new Error()) },
        logs: createLogBook(clock),
        models: () => undefined,
      }),
    ];
    clock.advance(1_000);
    return () => {
      for (const stop of stops) stop();
    };
  };
  return { clock, registry, start };
}

test('three nodes, the first with the taint of the control plane', () => {
  const { registry, start } = setUp();
  start();
  const nodes = registry.list('nodes') as Node[];
  expect(nodes.map((n) => [n.metadata.name, n.spec?.taints?.[0]?.effect])).toEqual([
    ['arya', undefined],
    ['nieve', 'NoSchedule'],
    ['sansa', undefined],
  ]);
  for (const node of nodes) {
    expect(node.status).toMatchObject({
      nodeInfo: { kubeletVersion: 'v1.34.4', osImage: 'Debian GNU/Linux 12 (bookworm)' },
    });
    expect(node.status?.conditions?.at(-1)).toMatchObject({ type: 'Ready', status: 'True', reason: 'KubeletReady' });
  }
});

test('the system pods of kubeadm and flannel come up by themselves, all ready', () => {
  const { registry, start } = setUp();
  start();
  const pods = registry.list('pods') as Pod[];
  const counts: Record<string, number> = {};
  for (const { metadata } of pods) {
    const name = metadata.name.replace(/-(nieve|n\d+|[b-z2-9]{8,10}-n\d+)$/, '');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  expect(counts).toEqual({
    coredns: 2,
    etcd: 1,
    'kube-apiserver': 1,
    'kube-controller-manager': 1,
    'kube-flannel-ds': 3,
    'kube-proxy': 3,
    'kube-scheduler': 1,
  });
  expect(pods.filter((pod) => !isReady(pod)).map((pod) => pod.metadata.name)).toEqual([]);
  expect(registry.get('configmaps', 'default', 'kube-root-ca.crt')?.data).toEqual({ 'ca.crt': 'PEM' });
  expect(registry.get('endpoints', 'kube-system', 'kube-dns')?.subsets).toMatchObject([{ addresses: [{}, {}] }]);
});

test('a second start adds nothing, brings back nothing that was removed, and leaves running pods alone', () => {
  const { registry, clock, start } = setUp();
  const stop = start();
  registry.remove('apps/deployments', 'kube-system', 'coredns');
  clock.advance(1_000);
  const pods = registry.list('pods');
  stop();
  start();
  expect(registry.get('apps/deployments', 'kube-system', 'coredns')).toBeUndefined();
  expect(registry.list('pods')).toEqual(pods);
});
