import { expect, test } from 'vitest';
import { selectorsOf } from './selectors-of.ts';

test('the selectors of an operation, each with its labels and whether it has a range', () => {
  const query = 'sum(rate(istio_requests_total{reporter="source", response_code=~"5.."}[1m])) / sum(up)';
  expect(selectorsOf(query)).toEqual([
    {
      metric: 'istio_requests_total',
      ranged: true,
      matchers: [
        { name: 'reporter', operator: '=', value: 'source' },
        { name: 'response_code', operator: '=~', value: '5..' },
      ],
    },
    { metric: 'up', ranged: false, matchers: [] },
  ]);
});

test('a quantile names the metric inside', () =>
  expect(selectorsOf('histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))').map((s) => s.metric)).toEqual([
    'a_bucket',
  ]));

test('a query without metrics has none', () => expect(selectorsOf('1 + 1')).toEqual([]));

test('a query that cannot be read is an error', () => expect(() => selectorsOf('sum(rate(')).toThrow());
