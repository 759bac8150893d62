import { expect, test } from 'vitest';
import { latencyRows, scaleEnd } from './latency-chart.ts';

test('the quantile that was judged comes first, with its interval, and not twice', () => {
  const rows = latencyRows({
    latencyMilliseconds: { p50: 12, p95: 40 },
    quantileMilliseconds: { quantile: 0.95, estimate: 41, low: 35 },
  });
  expect(rows).toEqual([
    { name: 'p95', value: 41, interval: { low: 35 } },
    { name: 'p50', value: 12 },
  ]);
  expect(latencyRows({})).toEqual([]);
});

test('a quantile of thousands is named as such', () => {
  const [row] = latencyRows({ quantileMilliseconds: { quantile: 0.999, estimate: 1, low: 0, high: 2 } });
  expect(row?.name).toBe('p99.9');
});

test.each([
  [0, 1],
  [7, 8],
  [12, 15],
  [310, 500],
  [2001, 3000],
  [10_000, 10_000],
])('up to %d ms the scale ends at %d', (value, end) => {
  expect(scaleEnd([{ name: 'p50', value }])).toBe(end);
});

test('an interval fits in the scale', () => {
  expect(scaleEnd([{ name: 'p50', value: 10, interval: { low: 5, high: 90 } }])).toBe(100);
});
