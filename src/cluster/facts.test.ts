import { expect, test } from 'vitest';
import type { KubeObject } from '../mesh/objects.ts';
import { furthestClock, realPatience } from './facts.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const node = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
const lease = (name: string, seconds: number): KubeObject => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'kube-node-lease' },
  spec: { renewTime: new Date(now + seconds * 1000).toISOString() },
});

test('leases of some seconds ago are no skew', () => {
  expect(
    furthestClock([lease('a', -9), lease('b', -21), lease('c', 2)], ['a', 'b', 'c'].map(node), now),
  ).toBeUndefined();
});

test('a lease from the future, or long past on a ready node, is a clock that is wrong', () => {
  expect(furthestClock([lease('a', 90), lease('b', -8)], [node('a'), node('b')], now)).toEqual({
    node: 'a',
    seconds: 90,
  });
  expect(furthestClock([lease('a', -300)], [node('a')], now)).toEqual({ node: 'a', seconds: -300 });
});

test('a node that is not ready has stopped renewing: nothing is said of its clock', () => {
  expect(furthestClock([lease('a', -300)], [], now)).toBeUndefined();
});

test('a lease without a time says nothing', () => {
  expect(furthestClock([{ ...lease('a', 0), spec: {} }], [node('a')], now)).toBeUndefined();
});

test.each([
  [undefined, 8_000],
  ['100ms', 8_000],
  ['1s', 20_000],
  ['5m', 60_000],
  ['soon', 8_000],
])('an istiod that waits for %s of calm is given time in proportion', (value, milliseconds) => {
  const env = value === undefined ? [] : [{ name: 'PILOT_DEBOUNCE_AFTER', value }];
  const spec = { template: { spec: { containers: [{ name: 'discovery', env }] } } };
  expect(realPatience({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'istiod' }, spec })).toBe(
    milliseconds,
  );
});
