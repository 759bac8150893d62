import { expect, test } from 'vitest';
import type { HttpReply } from '../contract.ts';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import type { Probe } from '../controllers/kinds.ts';
import { startProbe } from './probe-loop.ts';

function setUp(probe: Probe, answer: () => HttpReply | Promise<HttpReply>, eager = true) {
  const clock = createFakeClock();
  const began = clock.now();
  const seen: string[] = [];
  const note = (what: string) => seen.push(`${clock.now() - began} ${what}`);
  const stop = startProbe({
    probe,
    target: {
      podIP: '10.244.1.2',
      container: { name: 'app', image: 'app', ports: [{ name: 'web', containerPort: 8080 }] },
      programs: () => [{ ports: { 8080: answer } }],
    },
    clock,
    delay: 0,
    eager,
    onSuccess: () => note('success'),
    onFailure: () => note('failure'),
    onMiss: (message) => note(`miss ${message}`),
  });
  return { clock, seen, stop };
}

const status = (code: number): HttpReply => ({ status: code, headers: {}, body: '' });
const get = (port: number | string, more: Probe = {}): Probe => ({ httpGet: { path: '/ready', port }, ...more });

test('a program that answers at once is ready at once', () => {
  expect(setUp(get('web'), () => status(200)).seen).toEqual(['0 success']);
});

test('until the first success tries come soon after one another, then with the period of the probe', () => {
  let code = 503;
  const { clock, seen } = setUp(get(8080, { periodSeconds: 10 }), () => status(code));
  clock.advance(200);
  code = 200;
  clock.advance(150);
  expect(seen).toEqual(['0 miss HTTP probe failed with statuscode: 503', '350 success']);
  clock.advance(10_000);
  expect(seen.at(-1)).toBe('10350 success');
});

test('after success as many failures as the threshold count, at the pace of the period', () => {
  let code = 200;
  const { clock, seen } = setUp(get(8080, { periodSeconds: 5, failureThreshold: 2 }), () => status(code));
  code = 500;
  clock.advance(9_999);
  expect(seen.filter((s) => s.includes('failure'))).toEqual([]);
  clock.advance(1);
  expect(seen.filter((s) => s.includes('failure'))).toEqual(['10000 failure']);
});

test('before the first success the threshold counts periods, not tries', () => {
  const { clock, seen } = setUp(get(8080, { periodSeconds: 1, failureThreshold: 5 }), () => status(404));
  clock.advance(3_900);
  expect(seen.filter((s) => s.includes('failure'))).toEqual([]);
  clock.advance(1_500);
  expect(seen.filter((s) => s.includes('failure'))).toHaveLength(1);
});

test('a port without a listener refuses, in the words of the kubelet', () => {
  expect(setUp(get(9999), () => status(200)).seen).toEqual([
    '0 miss Get "http://10.244.1.2:9999/ready": dial tcp 10.244.1.2:9999: connect: connection refused',
  ]);
  expect(setUp({ tcpSocket: { port: 9999 } }, () => status(200)).seen).toEqual([
    '0 miss dial tcp 10.244.1.2:9999: connect: connection refused',
  ]);
  expect(setUp({ tcpSocket: { port: 8080 } }, () => status(200)).seen).toEqual(['0 success']);
});

test('an answer that comes too late is a miss', async () => {
  const { clock, seen } = setUp(get(8080, { timeoutSeconds: 2 }), () => new Promise<HttpReply>(() => {}));
  clock.advance(2_000);
  expect(seen).toEqual([
    '2000 miss Get "http://10.244.1.2:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  ]);
});

test('an answer in time counts, and nothing happens after the stop', async () => {
  const { clock, seen, stop } = setUp(get(8080), () => Promise.resolve(status(204)));
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(seen).toEqual(['0 success']);
  stop();
  clock.advance(60_000);
  expect(seen).toEqual(['0 success']);
  expect(clock.waiting()).toBe(0);
});
