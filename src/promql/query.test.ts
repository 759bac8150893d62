import { describe, expect, test } from 'vitest';
import { QueryExecutionError, QueryParseError, QueryTimeout } from './errors.ts';
import { createMemoryStorage } from './fixtures/memory-storage.ts';
import { createQueryEngine, type QueryEngineOptions, type QueryResult } from './query.ts';
import { STALE } from './storage.ts';

const MINUTE = 60_000;
const counter = (step: number) => Array.from({ length: 11 }, (_, i): [number, number] => [i * MINUTE, i * step]);
const storage = createMemoryStorage([
  { labels: { __name__: 'hits', pod: 'a', code: '200' }, samples: counter(60) },
  { labels: { __name__: 'hits', pod: 'a', code: '500' }, samples: counter(6) },
  { labels: { __name__: 'hits', pod: 'b', code: '200' }, samples: counter(120) },
  { labels: { __name__: 'owner', pod: 'a', team: 'red' }, samples: counter(0).map(([t]) => [t, 1]) },
  {
    labels: { __name__: 'gone' },
    samples: [
      [0, 1],
      [MINUTE, 2],
      [2 * MINUTE, STALE],
    ],
  },
]);

function engine(options: Partial<QueryEngineOptions> = {}) {
  return createQueryEngine({ storage, now: () => 0, ...options });
}

function ask(query: string, time = 10 * MINUTE): unknown {
  return readable(engine().instant(query, time));
}

function readable(result: QueryResult): unknown {
  switch (result.type) {
    case 'vector':
      return Object.fromEntries(result.samples.map(({ labels, value }) => [`${labels}`, value]));
    case 'matrix':
      return Object.fromEntries(result.series.map(({ labels, values }) => [`${labels}`, values]));
    case 'scalar':
      return result.value;
    case 'string':
      return result.text;
  }
}

describe('selectors', () => {
  test('give the newest sample of each series', () => {
    expect(ask('hits{code="500"}')).toEqual({ 'hits{code="500", pod="a"}': 60 });
  });

  test('take a sample until it is five minutes old', () => {
    expect(ask('hits{code="500"}', 15 * MINUTE - 1)).toEqual({ 'hits{code="500", pod="a"}': 60 });
    expect(ask('hits{code="500"}', 15 * MINUTE)).toEqual({});
  });

  test('give nothing once the series was marked stale', () => {
    expect(ask('gone', 2 * MINUTE - 1)).toEqual({ gone: 2 });
    expect(ask('gone', 2 * MINUTE)).toEqual({});
    expect(ask('count_over_time(gone[5m])', 2 * MINUTE)).toEqual({ '{}': 2 });
  });

  test('look back by offset and at a fixed time by @', () => {
    expect(ask('hits{code="500"} offset 5m')).toEqual({ 'hits{code="500", pod="a"}': 30 });
    expect(ask('hits{code="500"} @ 120')).toEqual({ 'hits{code="500", pod="a"}': 12 });
  });

  test('match by regular expression over the whole value', () => {
    expect(ask('count(hits{code=~"2.."})')).toEqual({ '{}': 2 });
    expect(ask('count(hits{code=~"2"})')).toEqual({});
    expect(ask('count(hits{code!~"2.*|3.*"})')).toEqual({ '{}': 1 });
  });
});

describe('precedence', () => {
  test.each([
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['2 ^ -1 * 4', 2],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['7 % 4 - 1', 2],
    ['1 == bool 1', 1],
    ['5m', 300],
  ])('%s is %d', (query, value) => {
    expect(ask(query)).toBe(value);
  });

  test('offset and @ belong to the last operand, whatever stands before', () => {
    expect(ask('hits{code="500"} - hits{code="500"} offset 5m')).toEqual({ '{code="500", pod="a"}': 30 });
    expect(ask('0 < bool hits{code="500"} @ 60 * 2')).toEqual({ '{code="500", pod="a"}': 1 });
  });
});

describe('windows', () => {
  test('rate and increase are stretched to the ends of the window', () => {
    expect(ask('rate(hits{code="500"}[5m])')).toEqual({ '{code="500", pod="a"}': 0.1 });
    expect(ask('increase(hits{code="500"}[5m])')).toEqual({ '{code="500", pod="a"}': 30 });
  });

  test('one sample has no rate', () => {
    expect(ask('rate(hits[1m])')).toEqual({});
  });

  test('a subquery is evaluated at multiples of its step', () => {
    expect(ask('max_over_time(rate(hits{code="500"}[2m])[5m:1m])')).toEqual({ '{code="500", pod="a"}': 0.1 });
    expect(ask('hits{code="500"}[3m:90s]')).toEqual({ 'hits{code="500", pod="a"}': [42, 54] });
  });
});

describe('vectors', () => {
  test('are brought together by labels', () => {
    expect(ask('hits{code="500"} / ignoring(code) hits{code="200", pod="a"}')).toEqual({ '{pod="a"}': 0.1 });
    expect(ask('hits * on(pod) group_left(team) owner')).toEqual({
      '{code="200", pod="a", team="red"}': 600,
      '{code="500", pod="a", team="red"}': 60,
    });
  });

  test('refuse an ambiguous match', () => {
    expect(() => ask('hits * on(pod) owner')).toThrow('many-to-one matching must be explicit');
    expect(() => ask('owner * on(pod) hits')).toThrow('found duplicate series for the match group {pod="a"}');
  });

  test('go through and, or, unless', () => {
    expect(ask('hits and on(pod) owner')).toEqual({
      'hits{code="200", pod="a"}': 600,
      'hits{code="500", pod="a"}': 60,
    });
    expect(ask('hits unless on(pod) owner')).toEqual({ 'hits{code="200", pod="b"}': 1200 });
    expect(ask('sum(missing) or vector(1)')).toEqual({ '{}': 1 });
  });
});

describe('a range', () => {
  test('has a value at each step', () => {
    const result = engine().range('sum by (code) (hits)', { start: 0, end: 2 * MINUTE, step: MINUTE });
    expect(readable(result)).toEqual({ '{code="200"}': [0, 180, 360], '{code="500"}': [0, 6, 12] });
  });

  test('has 11,000 steps at most', () => {
    expect(() => engine().range('hits', { start: 0, end: 11_000, step: 1 })).toThrow('exceeded maximum resolution');
  });
});

describe('errors', () => {
  test.each([
    ['', 'unknown position: parse error: no expression found in input'],
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['foo bar', '1:5: parse error: unexpected identifier "bar"'],
    ['nosuch(hits)', '1:1: parse error: unknown function with name "nosuch"'],
    ['rate(hits)', 'expected type range vector in call to function "rate", got instant vector'],
    ['1 == 1', 'comparisons between scalars must use BOOL modifier'],
    ['{x=~".*"}', 'vector selector must contain at least one non-empty matcher'],
    ['hits{x=~"("}', 'error parsing regexp'],
  ])('of %j', (query, message) => {
    expect(() => ask(query)).toThrow(QueryParseError);
    expect(() => ask(query)).toThrow(message);
  });

  test('say when a query costs too much', () => {
    expect(() => engine({ samples: 10 }).instant('rate(hits[10m])', 10 * MINUTE)).toThrow(QueryExecutionError);
    let time = 0;
    const slow = engine({ now: () => (time += 6_000), timeout: 10_000 });
    expect(() => slow.instant('rate(hits[10m])', 10 * MINUTE)).toThrow(QueryTimeout);
  });

  test('a query nested a thousand times is refused', () => {
    expect(() => ask(`${'('.repeat(1000)}1${')'.repeat(1000)}`)).toThrow('nested too deeply');
  });
});
