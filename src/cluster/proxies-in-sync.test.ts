import { expect, test } from 'vitest';
import type { KubeClient } from './contract.ts';
import { proxiesInSync } from './proxies-in-sync.ts';

const CDS = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
const sentTime = '2026-11-21T10:00:05.000Z';
const at = Date.parse(sentTime);

const entry = (proxy: string, sent: string, acked: string) => ({
  proxy,
  resources: { [CDS]: { sent, acked, sentTime } },
});

/** A cluster whose istiods answer with these pages, in order. */
function cluster(...pages: unknown[]): Pick<KubeClient, 'list' | 'exec'> {
  return {
    list: async () =>
      pages.map((_, i) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `istiod-${i}`, namespace: 'istio-system' },
        status: { phase: 'Running' },
      })),
    async exec({ pod, container, command }) {
      expect([container, ...command]).toEqual(['discovery', 'pilot-discovery', 'request', 'GET', '/debug/syncz']);
      const page = pages[Number(pod.split('-')[1])];
      return page === undefined
        ? { exitCode: 255, stdout: '', stderr: 'Error' }
        : { exitCode: 0, stdout: typeof page === 'string' ? page : JSON.stringify(page), stderr: '' };
    },
  };
}

test('a proxy that has not acknowledged what it was sent is waited for, by name', async () => {
  const mesh = cluster([entry('a.default', 'n2', 'n1'), entry('b.default', 'n2', 'n2')]);
  expect(await proxiesInSync(mesh)).toEqual({ inSync: false, proxies: 2, waiting: ['a.default'] });
  expect(await proxiesInSync(cluster([entry('a.default', 'n2', 'n2')]))).toEqual({
    inSync: true,
    proxies: 1,
    waiting: [],
  });
});

test('a change counts as sent when something was sent since, or when enough time has passed', async () => {
  const mesh = cluster([entry('a.default', 'n', 'n')]);
  const state = async (since: number, now: number) => (await proxiesInSync(mesh, { since, now }))?.inSync;
  expect(await state(at, at)).toBe(true);
  expect(await state(at + 1, at + 999)).toBe(false);
  expect(await state(at + 1, at + 1_001)).toBe(true);
});

test('the proxies of every istiod count, and clients of the debug page do not', async () => {
  const mesh = cluster([entry('a.default', 'n', 'n'), { proxy: 'istioctl' }], [entry('b.default', 'n', '')]);
  expect(await proxiesInSync(mesh)).toEqual({ inSync: false, proxies: 2, waiting: ['b.default'] });
});

test('the page of older istiods is read too', async () => {
  const mesh = cluster([
    { proxy: 'a.default', cluster_sent: 'n1', cluster_acked: 'n1', route_sent: 'n2', route_acked: 'n1' },
    { proxy: 'b.default', cluster_sent: 'n1', cluster_acked: 'n1' },
  ]);
  expect(await proxiesInSync(mesh)).toEqual({ inSync: false, proxies: 2, waiting: ['a.default'] });
});

test('nothing is said without an istiod, or when one of them does not tell', async () => {
  expect(await proxiesInSync(cluster())).toBeUndefined();
  expect(await proxiesInSync(cluster([entry('a.default', 'n', 'n')], undefined))).toBeUndefined();
  expect(await proxiesInSync(cluster('not JSON'))).toBeUndefined();
});
