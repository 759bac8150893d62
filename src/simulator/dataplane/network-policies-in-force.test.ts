import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { CallError, type CallFailure } from '../contract.ts';
import { curl, httpbin, outsider, plain, startCurlAndHttpbin } from './fixtures/curl-and-httpbin.ts';
import type { FakeCluster } from './fixtures/small-cluster.ts';

let cluster: FakeCluster;

beforeEach(() => {
  cluster = startCurlAndHttpbin();
});
afterEach(() => cluster.dataplane.stop());

const policy = (spec: object): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'policy', namespace: 'default' },
  spec,
});

const failureOf = (call: Promise<unknown>): Promise<CallFailure | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => (error instanceof CallError ? error.failure : Promise.reject(error)),
  );

test('what no policy allows is never answered: a client waits, and a proxy says that it could not connect', async () => {
  cluster.put(policy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { who: 'nobody' } } }] }] }));
  const waiting = failureOf(cluster.call(outsider, 'http://httpbin:8000/status/200', { timeout: 3_000 }));
  cluster.clock.advance(3_000);
  expect(await waiting).toBe('timeout');
  const proxied = cluster.call(curl, 'http://httpbin:8000/status/200');
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
    cluster.clock.advance(10_000);
  }
  const reply = await proxied;
  expect([reply.status, String(reply.body)]).toEqual([503, expect.stringContaining('upstream connect error')]);
});

test('what a policy allows goes on as before, and what it does not select too', async () => {
  cluster.put(policy({ podSelector: { matchLabels: httpbin.metadata.labels ?? {} }, ingress: [{}] }));
  expect((await cluster.call(curl, 'http://httpbin:8000/status/200')).status).toBe(200);
  expect((await cluster.call(outsider, 'http://httpbin:8000/status/200')).status).toBe(200);
});

test('who may not reach the DNS knows no name', async () => {
  const dns = plain('coredns', { 'k8s-app': 'kube-dns' });
  cluster.run(dns, 'nginx');
  const out = { podSelector: {}, policyTypes: ['Egress'] };
  cluster.put(policy({ ...out, egress: [{ to: [{ podSelector: { matchLabels: httpbin.metadata.labels ?? {} } }] }] }));
  expect(await failureOf(cluster.call(curl, 'http://httpbin:8000/status/200'))).toBe('dns');
  cluster.put(
    policy({ ...out, egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }, { ports: [{ protocol: 'TCP' }] }] }),
  );
  expect((await cluster.call(curl, 'http://httpbin:8000/status/200')).status).toBe(200);
});
