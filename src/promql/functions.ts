// The functions of the language, by name. What each takes is in signatures.ts.

import { absent } from './absent.ts';
import type { Call } from './ast.ts';
import { QueryExecutionError } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { type Column, type Grid, mapColumns, merge, timeAt, type Value } from './grid.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import { labelJoin, labelReplace } from './label-functions.ts';
import { Labels } from './labels.ts';
import { calendarFunctions, numberFunctions } from './number-functions.ts';
import { overWindows, selectInstant } from './selectors.ts';
import { windowFunctions } from './windows.ts';

export function callFunction(evaluation: Evaluation, call: Call, grid: Grid): Value {
  const overWindow = windowFunctions.get(call.name);
  if (overWindow) return { type: 'vector', columns: windowed(evaluation, call, grid) };
  const special = specials.get(call.name);
  if (special) return special(evaluation, call, grid);
  const plain = numberFunctions.get(call.name);
  if (plain) {
    const [columns, ...scalars] = [columnsOf(evaluation, call, 0, grid), ...scalarsOf(evaluation, call, grid)];
    evaluation.budget.spend(columns.length * grid.count);
    const value = (v: number, i: number): number => plain(v, ...scalars.map((s) => s[i] ?? 0));
    return { type: 'vector', columns: mapColumns(columns, (labels) => labels.withoutName(), value) };
  }
  const calendar = calendarFunctions.get(call.name);
  if (calendar) return { type: 'vector', columns: calendarColumns(evaluation, call, grid, calendar) };
  throw new QueryExecutionError(`unknown function with name ${JSON.stringify(call.name)}`);
}

type Special = (evaluation: Evaluation, call: Call, grid: Grid) => Value;

const specials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['time', (_, __, grid) => ({ type: 'scalar', values: timesOf(grid) })],
  ['pi', (_, __, grid) => ({ type: 'scalar', values: new Float64Array(grid.count).fill(Math.PI) })],
  ['vector', (evaluation, call, grid) => vector([wholeColumn(scalarAt(evaluation, call, 0, grid))])],
  [
    'scalar',
    (evaluation, call, grid) => ({ type: 'scalar', values: scalar(columnsOf(evaluation, call, 0, grid), grid) }),
  ],
  ['timestamp', (evaluation, call, grid) => vector(timestamps(evaluation, call, grid))],
  ['absent', (evaluation, call, grid) => vector(absent(call, columnsOf(evaluation, call, 0, grid), grid))],
  ['absent_over_time', (evaluation, call, grid) => vector(absentOverTime(evaluation, call, grid))],
  ['sort', (evaluation, call, grid) => vector(sorted(columnsOf(evaluation, call, 0, grid), grid, 1))],
  ['sort_desc', (evaluation, call, grid) => vector(sorted(columnsOf(evaluation, call, 0, grid), grid, -1))],
  ['clamp', (evaluation, call, grid) => vector(clamp(evaluation, call, grid))],
  [
    'histogram_quantile',
    (evaluation, call, grid) => {
      const columns = columnsOf(evaluation, call, 1, grid);
      evaluation.budget.spend(columns.length * grid.count);
      return vector(histogramQuantile(scalarAt(evaluation, call, 0, grid), columns, grid));
    },
  ],
  ['label_replace', (evaluation, call, grid) => vector(labelReplace(call, columnsOf(evaluation, call, 0, grid)))],
  ['label_join', (evaluation, call, grid) => vector(labelJoin(call, columnsOf(evaluation, call, 0, grid)))],
]);

const vector = (columns: readonly Column[]): Value => ({ type: 'vector', columns });

/** Functions that give a sample back as it was keep the series' name. */
const KEEPS_NAME = new Set(['last_over_time']);

function windowed(evaluation: Evaluation, call: Call, grid: Grid): Column[] {
  const apply = windowFunctions.get(call.name);
  const range = call.args.find((argument) => argument.kind === 'range' || argument.kind === 'subquery');
  if (!apply || (range?.kind !== 'range' && range?.kind !== 'subquery')) return [];
  const columns = overWindows(evaluation, range, grid, apply, scalarsOf(evaluation, call, grid)[0]);
  if (KEEPS_NAME.has(call.name)) return columns;
  return merge(columns.map((column) => ({ ...column, labels: column.labels.withoutName() })));
}

function columnsOf(evaluation: Evaluation, { args }: Call, index: number, grid: Grid): readonly Column[] {
  const argument = args[index];
  const value = argument && evaluation.evaluate(argument, grid);
  return value?.type === 'vector' ? value.columns : [];
}

function scalarAt(evaluation: Evaluation, { args }: Call, index: number, grid: Grid): Float64Array {
  const argument = args[index];
  const value = argument && evaluation.evaluate(argument, grid);
  return value?.type === 'scalar' ? value.values : new Float64Array(grid.count);
}

/** All arguments that are numbers. */
function scalarsOf(evaluation: Evaluation, { args }: Call, grid: Grid): Float64Array[] {
  return args.flatMap((argument) => {
    if (argument.kind === 'range' || argument.kind === 'subquery' || argument.kind === 'selector') return [];
    if (argument.kind === 'aggregation') return [];
    const value = evaluation.evaluate(argument, grid);
    return value.type === 'scalar' ? [value.values] : [];
  });
}

const timesOf = (grid: Grid): Float64Array =>
  Float64Array.from({ length: grid.count }, (_, i) => timeAt(grid, i) / 1000);

function wholeColumn(values: Float64Array): Column {
  return { labels: Labels.none, values, present: new Uint8Array(values.length).fill(1) };
}

function scalar(columns: readonly Column[], { count }: Grid): Float64Array {
  const values = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const there = columns.filter((column) => column.present[i]);
    if (there.length === 1) values[i] = there[0]?.values[i] ?? Number.NaN;
  }
  return values;
}

/** Of a selector: when its samples were taken; of anything else: when it is evaluated. */
function timestamps(evaluation: Evaluation, call: Call, grid: Grid): Column[] {
  const [argument] = call.args;
  if (argument?.kind === 'selector') {
    const columns = selectInstant(evaluation, argument, grid, true);
    return merge(columns.map((column) => ({ ...column, labels: column.labels.withoutName() })));
  }
  const times = timesOf(grid);
  return mapColumns(
    columnsOf(evaluation, call, 0, grid),
    (labels) => labels.withoutName(),
    (_, i) => times[i] ?? 0,
  );
}

function absentOverTime(evaluation: Evaluation, call: Call, grid: Grid): Column[] {
  const [range] = call.args;
  const there =
    range?.kind === 'range' || range?.kind === 'subquery' ? overWindows(evaluation, range, grid, () => 1) : [];
  return absent(call, there, grid);
}

/** The order of an instant vector; a range has none. */
function sorted(columns: readonly Column[], { count }: Grid, sign: 1 | -1): readonly Column[] {
  if (count !== 1) return columns;
  const value = ({ values }: Column): number => values[0] ?? 0;
  return [...columns].sort((a, b) => {
    if (Number.isNaN(value(a))) return Number.isNaN(value(b)) ? 0 : 1;
    if (Number.isNaN(value(b))) return -1;
    return sign * (value(a) - value(b));
  });
}

/** No value at all where the limits are the wrong way round. */
function clamp(evaluation: Evaluation, call: Call, grid: Grid): Column[] {
  const [least, most] = [scalarAt(evaluation, call, 1, grid), scalarAt(evaluation, call, 2, grid)];
  const limited = mapColumns(
    columnsOf(evaluation, call, 0, grid),
    (labels) => labels.withoutName(),
    (v, i) => Math.max(least[i] ?? 0, Math.min(most[i] ?? 0, v)),
  );
  return limited.map((column) => ({
    ...column,
    present: column.present.map((p, i) => ((most[i] ?? 0) < (least[i] ?? 0) ? 0 : p)),
  }));
}

function calendarColumns(evaluation: Evaluation, call: Call, grid: Grid, part: (date: Date) => number): Column[] {
  const columns = call.args.length === 0 ? [wholeColumn(timesOf(grid))] : columnsOf(evaluation, call, 0, grid);
  return mapColumns(
    columns,
    (labels) => labels.withoutName(),
    (seconds) => part(new Date(Math.trunc(seconds) * 1000)),
  );
}
