import { expect, test } from 'vitest';
import { Labels } from '../../../promql/labels.ts';
import { createQueryEngine } from '../../../promql/query.ts';
import { answerApi, type PrometheusServer } from './http-api.ts';
import { createSeriesStore } from './series-store.ts';

const store = createSeriesStore({ mostSeries: 10, mostSamples: 100 });
for (let i = 0; i <= 10; i++)
  store
    .series(
      Labels.of([
        ['__name__', 'hits'],
        ['pod', 'a'],
      ]),
    )
    ?.append(i * 60_000, i);
store.series(Labels.of([['__name__', 'ratio']]))?.append(600_000, Number.NaN);

const server: PrometheusServer = {
  engine: createQueryEngine({ storage: store, now: () => 0 }),
  store,
  scraper: { targets: () => ({ active: [], dropped: [] }), metadata: () => new Map() },
  version: '3.10.0',
  startedAt: 0,
  now: () => 600_000,
  configuration: () => 'global: {}',
  flags: ['--web.enable-lifecycle', '--storage.tsdb.path=/data'],
};

function get(path: string, parameters: Record<string, string> = {}) {
  const { status, body } = answerApi(server, path, new URLSearchParams(parameters));
  return { status, ...JSON.parse(String(body)) };
}

test('an instant query, now or at a time, as seconds and as text', () => {
  const vector = (time: number, value: string) => ({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: { __name__: 'hits', pod: 'a' }, value: [time, value] }] },
  });
  expect(get('query', { query: 'hits' })).toEqual(vector(600, '10'));
  expect(get('query', { query: 'hits', time: '125.5' })).toEqual(vector(125.5, '2'));
  expect(get('query', { query: 'hits', time: '1970-01-01T00:03:00Z' })).toEqual(vector(180, '3'));
  expect(get('query', { query: 'ratio' }).data.result[0].value[1]).toBe('NaN');
  expect(get('query', { query: '1 / 0' }).data).toEqual({ resultType: 'scalar', result: [600, '+Inf'] });
  expect(get('query', { query: '"text"' }).data).toEqual({ resultType: 'string', result: [600, 'text'] });
  expect(get('query', { query: 'hits[2m]' }).data.result[0].values).toEqual([
    [540, '9'],
    [600, '10'],
  ]);
});

test('a range', () => {
  const { data } = get('query_range', { query: 'hits', start: '60', end: '180', step: '1m' });
  expect(data).toEqual({
    resultType: 'matrix',
    result: [
      {
        metric: { __name__: 'hits', pod: 'a' },
        values: [
          [60, '1'],
          [120, '2'],
          [180, '3'],
        ],
      },
    ],
  });
});

test.each([
  ['query', {}, 'invalid parameter "query": unknown position: parse error: no expression found in input'],
  ['query', { query: 'hits', time: 'x' }, 'invalid parameter "time": cannot parse "x" to a valid timestamp'],
  [
    'query_range',
    { query: 'hits', start: '1', end: '0', step: '1' },
    'invalid parameter "end": end timestamp must not be before start time',
  ],
  [
    'query_range',
    { query: 'hits', start: '0', end: '1', step: '0' },
    'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
  ],
  [
    'query_range',
    { query: 'hits', start: '0', end: '11001', step: '1' },
    'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
  ],
  ['series', {}, 'no match[] parameter provided'],
])('%s of %j is refused', (path, parameters, error) => {
  expect(answerApi(server, path, new URLSearchParams(parameters as Record<string, string>)).status).toBe(400);
  expect(get(path, parameters as Record<string, string>)).toMatchObject({
    status: 'error',
    errorType: 'bad_data',
    error,
  });
});

test('series, labels and values', () => {
  expect(get('series', { 'match[]': 'hits' }).data).toEqual([{ __name__: 'hits', pod: 'a' }]);
  expect(get('labels').data).toEqual(['__name__', 'pod']);
  expect(get('label/__name__/values').data).toEqual(['hits', 'ratio']);
  expect(get('label/pod/values', { 'match[]': 'ratio' }).data).toEqual([]);
});

test('a page that is not there', () => {
  expect(answerApi(server, '__proto__', new URLSearchParams()).status).toBe(404);
  expect(answerApi(server, 'label/%/values', new URLSearchParams()).status).toBe(400);
});
