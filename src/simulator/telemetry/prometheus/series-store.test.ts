import { expect, test } from 'vitest';
import { Labels } from '../../../promql/labels.ts';
import { createMatcher } from '../../../promql/matchers.ts';
import { createSeriesStore } from './series-store.ts';

const named = (name: string, pod = 'a') =>
  Labels.of([
    ['__name__', name],
    ['pod', pod],
  ]);
const matching = (name: string) => [createMatcher('__name__', '=', name)];

test('keeps the newest samples of a series, oldest first', () => {
  const store = createSeriesStore({ mostSeries: 10, mostSamples: 100 });
  const series = store.series(named('up'));
  for (let i = 0; i < 1_000; i++) series?.append(i, i * 2);
  const [run] = store.select(matching('up'), 0, 1_000);
  expect(run?.times.length).toBeGreaterThan(80);
  expect(run?.times.length).toBeLessThanOrEqual(100);
  expect(run?.times.at(-1)).toBe(999);
  expect(run?.values.at(-1)).toBe(1_998);
  expect([...(run?.times ?? [])]).toEqual([...(run?.times ?? [])].sort((a, b) => a - b));
});

test('drops a sample that is not newer than the last', () => {
  const store = createSeriesStore({ mostSeries: 10, mostSamples: 100 });
  const series = store.series(named('up'));
  series?.append(10, 1);
  series?.append(10, 2);
  series?.append(9, 3);
  expect([...(store.select(matching('up'), 0, 100)[0]?.values ?? [])]).toEqual([1]);
});

test('takes no more series than it may', () => {
  const store = createSeriesStore({ mostSeries: 2, mostSamples: 100 });
  expect(store.series(named('up', 'a'))).toBeDefined();
  expect(store.series(named('up', 'b'))).toBeDefined();
  expect(store.series(named('up', 'c'))).toBeUndefined();
  expect(store.series(named('up', 'a'))).toBe(store.series(named('up', 'a')));
});

test('forgets series whose newest sample is too old, and makes room', () => {
  const store = createSeriesStore({ mostSeries: 1, mostSamples: 100 });
  store.series(named('up', 'a'))?.append(10, 1);
  store.forgetBefore(11);
  expect(store.size).toBe(0);
  expect(store.select(matching('up'), 0, 100)).toEqual([]);
  expect(store.series(named('up', 'b'))).toBeDefined();
});

test('selects by any label, with or without a name, within a time', () => {
  const store = createSeriesStore({ mostSeries: 10, mostSamples: 100 });
  store.series(named('up', 'a'))?.append(10, 1);
  store.series(named('down', 'a'))?.append(20, 1);
  expect(store.labels([createMatcher('pod', '=~', 'a|b')], 0, 100)).toHaveLength(2);
  expect(store.labels([createMatcher('pod', '=', 'a')], 15, 100).map(String)).toEqual(['down{pod="a"}']);
  expect(store.labels([...matching('up'), createMatcher('pod', '!=', 'a')], 0, 100)).toEqual([]);
});
