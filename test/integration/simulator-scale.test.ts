// A thousand pods through the whole cluster on disk. The goal is three seconds on an idle machine; the limit here is
// what only a cost that grows with the square of the pods would reach.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/mesh/objects.ts';
import { createRegistry } from '../../src/simulator/api/registry.ts';
import type { Clock } from '../../src/simulator/contract.ts';
import { startControllers } from '../../src/simulator/controllers/controllers.ts';
import type { Pod } from '../../src/simulator/controllers/kinds.ts';
import { isReady } from '../../src/simulator/controllers/pods.ts';
import { admitPod } from '../../src/simulator/nodes/admit-pod.ts';
import { startNodes } from '../../src/simulator/nodes/nodes.ts';
import { openStore } from '../../src/simulator/store/store.ts';
import { createLogBook } from '../../src/simulator/telemetry/log-book.ts';

const PODS = 1_000;

const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

function node(index: number): { object: KubeObject; status: unknown } {
  return {
    object: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `node-${index}` },
      spec: { podCIDR: `10.${200 + index}.0.0/20` },
    },
    status: {
      allocatable: { cpu: '1000', memory: '1000Gi', pods: '1000' },
      addresses: [{ type: 'InternalIP', address: `10.1.0.${index}` }],
    },
  };
}

test('a thousand pods go from Deployment to Ready, each with an address of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'malla-scale-'));
  const store = openStore(join(folder, 'state.sqlite'));
  const registry = createRegistry({ store, clock, webhooks: () => undefined, admitPod: (pod) => admitPod(pod) });
  registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  const metadata = { name: 'kube-root-ca.crt', namespace: 'default' };
  registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {} });
  for (const { object, status } of Array.from({ length: 4 }, (_, i) => node(i))) {
    registry.create('nodes', object);
    const setStatus = (copy: KubeObject) => {
      copy.status = status;
    };
    registry.edit('nodes', undefined, object.metadata.name, setStatus, { subresource: 'status' });
  }
  const delays = { schedule: 0, pull: 0, start: 0, notice: 0, ready: 0, push: 0, acknowledge: 0 };
  const network = { attach: () => {}, detach: () => {}, call: () => Promise.reject(new Error('no network')) };
  const models = () => () => ({ ports: {} });
  const stops = [
    startControllers(registry, clock),
    startNodes({ registry, clock, delays, network, logs: createLogBook(clock), models }),
  ];
  const began = performance.now();
  const labels = { app: 'web' };
  registry.create('apps/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: PODS,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  });
  const pods = () => registry.list('pods', 'default') as Pod[];
  await expect.poll(() => pods().filter(isReady).length, { timeout: 60_000, interval: 20 }).toBe(PODS);
  const took = performance.now() - began;
  console.log(`${PODS} pods ready in ${Math.round(took)} ms`);
  expect(took).toBeLessThan(15_000);
  expect(new Set(pods().map((pod) => pod.status?.podIP)).size).toBe(PODS);
  for (const stop of stops) stop();
  await registry.durable();
  store.close();
  rmSync(folder, { recursive: true });
});
