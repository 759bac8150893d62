// From stored samples to values at the times of a grid: instant selectors, and the windows of range selectors.
import type { MatrixSelector, Subquery, TimeShift, VectorSelector } from './ast.ts';
import type { Evaluation } from './evaluation.ts';
import { type Column, emptyColumn, type Grid, timeAt } from './grid.ts';
import { type SampleRun, STALE } from './storage.ts';
import type { Window, WindowFunction } from './windows.ts';

/** `timestamps`: the seconds at which the samples were taken, in the place of their values. */
export function selectInstant(
  evaluation: Evaluation,
  selector: VectorSelector,
  grid: Grid,
  timestamps = false,
): Column[] {
  const { storage, lookback } = evaluation.options;
  const { first, last } = targets(evaluation, selector, grid);
  const runs = storage.select(selector.matchers, first - lookback + 1, last);
  const target = targetAt(evaluation, selector, grid);
  const columns: Column[] = [];
  for (const { labels, times, values } of runs) {
    evaluation.budget.spend(grid.count);
    const column = emptyColumn(labels, grid.count);
    let any = false;
    let next = 0;
    for (let i = 0; i < grid.count; i++) {
      const at = target(i);
      while (next < times.length && (times[next] ?? 0) <= at) next++;
      const time = times[next - 1];
      const value = values[next - 1];
      if (time === undefined || value === undefined || time <= at - lookback || value === STALE) continue;
      column.present[i] = 1;
      column.values[i] = timestamps ? time / 1000 : value;
      any = true;
    }
    if (any) columns.push(column);
  }
  return columns;
}

/** A function of each window of a range selector or subquery. Labels are those of the series. */
export function overWindows(
  evaluation: Evaluation,
  range: MatrixSelector | Subquery,
  grid: Grid,
  apply: WindowFunction,
  parameter?: Float64Array,
): Column[] {
  const shift = range.kind === 'range' ? range.selector : range;
  const target = targetAt(evaluation, shift, grid);
  const columns: Column[] = [];
  for (const run of rangeRuns(evaluation, range, grid)) {
    const column = emptyColumn(run.labels, grid.count);
    if (fillWindows(evaluation, run, column, { grid, target, range: range.range, apply, parameter }))
      columns.push(column);
  }
  return columns;
}

/** All samples that any window may need, stale marks left out. */
export function rangeRuns(evaluation: Evaluation, range: MatrixSelector | Subquery, grid: Grid): readonly SampleRun[] {
  if (range.kind === 'subquery') return subqueryRuns(evaluation, range, grid);
  const { first, last } = targets(evaluation, range.selector, grid);
  const runs = evaluation.options.storage.select(range.selector.matchers, first - range.range + 1, last);
  return runs.map(withoutStale);
}

interface Filling {
  grid: Grid;
  target: (index: number) => number;
  range: number;
  apply: WindowFunction;
  parameter: Float64Array | undefined;
}

/** Windows are open at their old end and closed at their new one. */
function fillWindows(evaluation: Evaluation, run: SampleRun, column: Column, filling: Filling): boolean {
  const { grid, target, range, apply, parameter } = filling;
  const { times, values } = run;
  const window: Window = { times, values, from: 0, to: 0, start: 0, end: 0, at: 0, parameter: 0 };
  let any = false;
  let samples = 0;
  for (let i = 0; i < grid.count; i++) {
    window.end = target(i);
    window.start = window.end - range;
    while (window.to < times.length && (times[window.to] ?? 0) <= window.end) window.to++;
    while (window.from < window.to && (times[window.from] ?? 0) <= window.start) window.from++;
    if (window.from === window.to) continue;
    window.at = timeAt(grid, i);
    window.parameter = parameter?.[i] ?? 0;
    samples += window.to - window.from;
    const value = apply(window);
    if (value === undefined) continue;
    column.present[i] = 1;
    column.values[i] = value;
    any = true;
    if (samples > SAMPLES_AT_ONCE) {
      evaluation.budget.spend(samples);
      samples = 0;
    }
  }
  evaluation.budget.spend(samples + grid.count);
  return any;
}

const SAMPLES_AT_ONCE = 50_000;

function subqueryRuns(evaluation: Evaluation, subquery: Subquery, grid: Grid): SampleRun[] {
  const step = subquery.step ?? evaluation.options.interval;
  const { first, last } = targets(evaluation, subquery, grid);
  const oldest = first - subquery.range;
  const aligned = step * Math.floor(oldest / step);
  const start = aligned <= oldest ? aligned + step : aligned;
  const count = Math.floor((last - start) / step) + 1;
  if (count <= 0) return [];
  evaluation.budget.spend(count);
  const inner: Grid = { start, step, count };
  const value = evaluation.evaluate(subquery.expression, inner);
  return value.type === 'vector' ? value.columns.map((column) => runOf(column, inner)) : [];
}

function runOf({ labels, values, present }: Column, grid: Grid): SampleRun {
  const indices = [...present.keys()].filter((i) => present[i]);
  return {
    labels,
    times: Float64Array.from(indices, (i) => timeAt(grid, i)),
    values: Float64Array.from(indices, (i) => values[i] ?? 0),
  };
}

function withoutStale(run: SampleRun): SampleRun {
  if (!run.values.includes(STALE)) return run;
  const kept = [...run.values.keys()].filter((i) => run.values[i] !== STALE);
  return {
    labels: run.labels,
    times: Float64Array.from(kept, (i) => run.times[i] ?? 0),
    values: Float64Array.from(kept, (i) => run.values[i] ?? 0),
  };
}

function targetAt({ bounds }: Evaluation, { at, offset }: TimeShift, grid: Grid): (index: number) => number {
  if (at === undefined) return (index) => timeAt(grid, index) - offset;
  const fixed = (typeof at === 'number' ? at : bounds[at]) - offset;
  return () => fixed;
}

function targets(evaluation: Evaluation, shift: TimeShift, grid: Grid): { first: number; last: number } {
  const target = targetAt(evaluation, shift, grid);
  return { first: target(0), last: target(grid.count - 1) };
}
