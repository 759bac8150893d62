// Waiting for acknowledgements, on a mesh whose istiod answers what the test says.
import { expect, test } from 'vitest';
import { ClusterError } from '../cluster/cluster-error.ts';
import type { ExecResult } from '../cluster/exec.ts';
import { bookinfo, virtualService } from '../diagnosis/bookinfo.fixture.ts';
import { createScene } from '../diagnosis/scene.ts';
import { waitUntilInForce } from './in-force.ts';
import type { JudgeContext } from './judgement.ts';
import { clusterOf } from './objects-client.fixture.ts';

const syncz = (acked: string) =>
  JSON.stringify([
    { proxy: 'reviews-v1.default', resources: { rds: { sent: 'b', acked, sentTime: '2026-11-21T10:00:05Z' } } },
  ]);

function contextOf(answer: (now: number) => ExecResult | Promise<ExecResult>): JudgeContext {
  const world = bookinfo().add(virtualService('reviews', ['reviews'], []));
  const cluster = clusterOf(world.objects);
  let now = 0;
  cluster.client.exec = async () => answer(now);
  return {
    cluster,
    signal: new AbortController().signal,
    clock: {
      now: () => now,
      async sleep(milliseconds) {
        now += milliseconds;
      },
    },
    scene: async () => createScene(world.objects),
    facts: {
      serverVersion: '',
      simulated: true,
      nodes: [],
      patience: 2_000,
      istio: { version: '1.30.3', ready: true },
    },
    wait: true,
  } as JudgeContext;
}
const said = (stdout: string, exitCode = 0): ExecResult => ({ exitCode, stdout, stderr: '' });

test('proxies that have acknowledged all are not waited for', async () => {
  const context = contextOf(() => said(syncz('b')));
  expect(await waitUntilInForce(context)).toEqual([]);
  expect(context.clock.now()).toBe(0);
});

test('proxies that are late are waited for', async () => {
  const context = contextOf((now) => said(syncz(now < 700 ? 'a' : 'b')));
  expect(await waitUntilInForce(context)).toEqual([]);
  expect(context.clock.now()).toBeGreaterThanOrEqual(700);
});

test('proxies that never acknowledge are named once the patience is over', async () => {
  const context = contextOf(() => said(syncz('a')));
  expect(await waitUntilInForce(context)).toEqual(['reviews-v1.default']);
  expect(context.clock.now()).toBeGreaterThanOrEqual(2_000);
});

test('who may not ask istiod does not wait', async () => {
  expect(await waitUntilInForce(contextOf(() => said('', 1)))).toEqual([]);
  const refused = contextOf(() => Promise.reject(new ClusterError('forbidden', 'pods/exec')));
  expect(await waitUntilInForce(refused)).toEqual([]);
});
