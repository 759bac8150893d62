import { afterEach, beforeEach, expect, test } from 'vitest';
import { virtualService } from '../../mesh/fixtures.ts';
import { curl, httpbin, httpbinService, startCurlAndHttpbin } from './fixtures/curl-and-httpbin.ts';
import { createFakeCluster, type FakeCluster, istiod } from './fixtures/small-cluster.ts';

let cluster: FakeCluster;

beforeEach(() => {
  cluster = startCurlAndHttpbin();
});
afterEach(() => cluster.dataplane.stop());

test('a change reaches the proxies after the push delay, and not before', async () => {
  await cluster.dataplane.stop();
  cluster = createFakeCluster({ push: 100 });
  cluster.put(httpbinService);
  for (const [one, image] of [
    [istiod(), 'curl'],
    [curl, 'curl'],
    [httpbin, 'go-httpbin'],
  ] as const)
    cluster.run(one, image);
  cluster.clock.advance(100);
  cluster.put(virtualService('h', { hosts: ['httpbin'], http: [{ directResponse: { status: 410 } }] }));
  const status = async () => (await cluster.call(curl, 'http://httpbin:8000/status/200')).status;
  cluster.clock.advance(99);
  expect(await status()).toBe(200);
  cluster.clock.advance(1);
  expect(await status()).toBe(410);
});

test('a push is acknowledged a moment after it was sent, and a later one is told apart', async () => {
  await cluster.dataplane.stop();
  cluster = createFakeCluster({ push: 10, acknowledge: 20 });
  cluster.run(istiod(), 'curl');
  cluster.run(curl, 'curl');
  const behind = () => cluster.dataplane.status().proxies.map(({ sent, acked }) => sent - acked);
  cluster.clock.advance(10);
  expect(behind()).toEqual([1]);
  cluster.clock.advance(20);
  expect(behind()).toEqual([0]);
  cluster.put(virtualService('h', { hosts: ['httpbin'], http: [{ directResponse: { status: 410 } }] }));
  cluster.clock.advance(10);
  expect(behind()).toEqual([1]);
  cluster.clock.advance(19);
  expect(behind()).toEqual([1]);
  cluster.clock.advance(1);
  expect(behind()).toEqual([0]);
});

test('without istiod the proxies keep their last configuration, and get the new one when it is back', async () => {
  const status = async () => (await cluster.call(curl, 'http://httpbin:8000/status/200')).status;
  cluster.kill(istiod());
  cluster.put(virtualService('h', { hosts: ['httpbin'], http: [{ directResponse: { status: 410 } }] }));
  cluster.clock.advance(10_000);
  expect(await status()).toBe(200);
  cluster.run(istiod(), 'curl');
  cluster.clock.settle();
  expect(await status()).toBe(410);
});

test('an istiod that is not Ready sends nothing', async () => {
  const sick = istiod();
  sick.status = { podIP: '10.0.0.2', conditions: [{ type: 'Ready', status: 'False' }] };
  cluster.put(sick, virtualService('h', { hosts: ['httpbin'], http: [{ directResponse: { status: 410 } }] }));
  cluster.clock.advance(10_000);
  expect((await cluster.call(curl, 'http://httpbin:8000/status/200')).status).toBe(200);
});
