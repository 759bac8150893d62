import { expect, test } from 'vitest';
import { pod } from '../../../mesh/fixtures.ts';
import { concurrencyOf } from './concurrency.ts';

const started = (value: string) =>
  pod('x', {}, { spec: { initContainers: [{ name: 'istio-proxy', env: [{ name: 'PROXY_CONFIG', value }] }] } });

test('a proxy has the threads that its injection wrote, and two otherwise', () => {
  expect(concurrencyOf(started('{"concurrency":3}\n'))).toBe(3);
  expect(['{"concurrency":0}', '{}', 'x', '[]'].map((value) => concurrencyOf(started(value)))).toEqual([2, 2, 2, 2]);
  expect(concurrencyOf(pod('y', {}))).toBe(2);
});
