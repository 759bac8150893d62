// The queries that the outside asks: for one moment, for a range of time, for series.

import type { Expression } from './ast.ts';
import { createBudget } from './budget.ts';
import { QueryExecutionError, QueryParseError } from './errors.ts';
import { createEvaluation } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import type { Column, Grid } from './grid.ts';
import { byLabels, Labels } from './labels.ts';
import type { Matcher } from './matchers.ts';
import { parse } from './parse.ts';
import { rangeRuns } from './selectors.ts';
import type { SampleStorage } from './storage.ts';
import { typeOf } from './type-check.ts';

export interface QueryEngineOptions {
  storage: SampleStorage;
  /** Milliseconds of a clock that only goes forward, for the deadline of a query. */
  now(): number;
  /** Milliseconds; 5 minutes unless said. */
  lookback?: number;
  /** Step of a subquery that names none, in milliseconds; 1 minute unless said. */
  interval?: number;
  /** Milliseconds for a query; 10 seconds unless said. */
  timeout?: number;
  /** Samples that a query may look at; 20 million unless said. */
  samples?: number;
}

export interface Sample {
  labels: Labels;
  value: number;
}

export interface SeriesPoints {
  labels: Labels;
  /** Milliseconds since the epoch, and what was there. */
  times: readonly number[];
  values: readonly number[];
}

/** `time` in milliseconds since the epoch. */
export type QueryResult =
  | { type: 'scalar'; time: number; value: number }
  | { type: 'string'; time: number; text: string }
  | { type: 'vector'; time: number; samples: readonly Sample[] }
  | { type: 'matrix'; series: readonly SeriesPoints[] };

/** Times in milliseconds since the epoch. All throw QueryParseError, QueryExecutionError or QueryTimeout. */
export interface QueryEngine {
  instant(query: string, time: number): QueryResult;
  range(query: string, range: { start: number; end: number; step: number }): QueryResult & { type: 'matrix' };
}

/** The server's own limit of points in one series. */
const MOST_POINTS = 11_000;

export function createQueryEngine(options: QueryEngineOptions): QueryEngine {
  const { storage, now, lookback = 300_000, interval = 60_000, timeout = 10_000, samples = 20_000_000 } = options;
  const evaluationFor = (bounds: Evaluation['bounds']): Evaluation =>
    createEvaluation({ storage, lookback, interval }, createBudget({ samples, timeout, now }), bounds);
  return {
    instant(query, time) {
      const expression = parse(query);
      const evaluation = evaluationFor({ start: time, end: time });
      return instantResult(evaluation, expression, { start: time, step: 1, count: 1 });
    },
    range(query, { start, end, step }) {
      const expression = parse(query);
      const type = typeOf(expression);
      if (type !== 'scalar' && type !== 'vector') {
        const got = type === 'matrix' ? 'range vector' : 'string';
        throw new QueryParseError(
          `invalid expression type ${JSON.stringify(got)} for range query, must be Scalar or instant Vector`,
        );
      }
      const count = Math.floor((end - start) / step) + 1;
      if (!(count >= 1 && count <= MOST_POINTS)) {
        throw new QueryParseError(
          'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
        );
      }
      return rangeResult(evaluationFor({ start, end }), expression, { start, step, count });
    },
  };
}

/** Selectors as `match[]` gives them: no functions. Throws QueryParseError. */
export function parseSelector(text: string): readonly Matcher[] {
  const expression = parse(text);
  if (expression.kind !== 'selector') throw new QueryParseError('1:1: parse error: expected a vector selector');
  return expression.matchers;
}

function instantResult(evaluation: Evaluation, expression: Expression, grid: Grid): QueryResult {
  const time = grid.start;
  if (expression.kind === 'range' || expression.kind === 'subquery') {
    return { type: 'matrix', series: rawSeries(evaluation, expression, grid) };
  }
  const value = evaluation.evaluate(expression, grid);
  if (value.type === 'scalar') return { type: 'scalar', time, value: value.values[0] ?? Number.NaN };
  if (value.type === 'string') return { type: 'string', time, text: value.text };
  const there = value.columns.filter(({ present }) => present[0]);
  refuseTwins(there);
  return { type: 'vector', time, samples: there.map(({ labels, values }) => ({ labels, value: values[0] ?? 0 })) };
}

function rangeResult(evaluation: Evaluation, expression: Expression, grid: Grid): QueryResult & { type: 'matrix' } {
  const value = evaluation.evaluate(expression, grid);
  if (value.type === 'string') throw new TypeError('a string over a range');
  const columns: readonly Column[] =
    value.type === 'vector'
      ? value.columns
      : [{ labels: Labels.none, values: value.values, present: new Uint8Array(grid.count).fill(1) }];
  const series = columns.map((column) => pointsOf(column, grid)).filter(({ times }) => times.length > 0);
  refuseTwins(series);
  return { type: 'matrix', series: series.sort((a, b) => byLabels(a.labels, b.labels)) };
}

function pointsOf({ labels, values, present }: Column, { start, step }: Grid): SeriesPoints {
  const times: number[] = [];
  const points: number[] = [];
  for (let i = 0; i < present.length; i++) {
    if (!present[i]) continue;
    times.push(start + i * step);
    points.push(values[i] ?? 0);
  }
  return { labels, times, values: points };
}

function rawSeries(
  evaluation: Evaluation,
  expression: Expression & { kind: 'range' | 'subquery' },
  grid: Grid,
): SeriesPoints[] {
  const shift = expression.kind === 'range' ? expression.selector : expression;
  const at =
    shift.at === undefined ? grid.start : typeof shift.at === 'number' ? shift.at : evaluation.bounds[shift.at];
  const end = at - shift.offset;
  return rangeRuns(evaluation, expression, grid)
    .map(({ labels, times, values }) => {
      const kept = [...times.keys()].filter((i) => {
        const time = times[i] ?? 0;
        return time > end - expression.range && time <= end;
      });
      return { labels, times: kept.map((i) => times[i] ?? 0), values: kept.map((i) => values[i] ?? 0) };
    })
    .filter(({ times }) => times.length > 0)
    .sort((a, b) => byLabels(a.labels, b.labels));
}

function refuseTwins(series: readonly { labels: Labels }[]): void {
  if (new Set(series.map(({ labels }) => labels.key)).size < series.length) {
    throw new QueryExecutionError('vector cannot contain metrics with the same labelset');
  }
}
