// sum by (…), topk, quantile…: many series into few.
import type { Aggregation } from './ast.ts';
import { QueryExecutionError } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { type Column, emptyColumn, type Grid } from './grid.ts';
import { type Labels, METRIC_NAME } from './labels.ts';
import { quantile, sumOf, varianceOf } from './statistics.ts';
import { formatValue } from './text.ts';

export function aggregate(evaluation: Evaluation, aggregation: Aggregation, grid: Grid): Column[] {
  const { operator, expression, parameter } = aggregation;
  const value = evaluation.evaluate(expression, grid);
  const columns = value.type === 'vector' ? value.columns : [];
  const groups = group(columns, aggregation);
  evaluation.budget.spend(columns.length * grid.count);
  if (operator === 'count_values') return countValues(evaluation, groups, aggregation, grid);
  const given = parameter && evaluation.evaluate(parameter, grid);
  const parameters = given?.type === 'scalar' ? given.values : new Float64Array(grid.count);
  if (operator === 'topk' || operator === 'bottomk') {
    return groups.flatMap((g) => choose(g, parameters, operator === 'topk', grid));
  }
  const reduce = reducers.get(operator);
  if (!reduce) throw new QueryExecutionError(`aggregation ${operator} is not supported`);
  return groups.map((g) => reduced(g, parameters, reduce, grid));
}

interface Group {
  labels: Labels;
  members: Column[];
}

function group(columns: readonly Column[], { grouping }: Aggregation): Group[] {
  const names = new Set(grouping.mode === 'by' ? grouping.labels : [...grouping.labels, METRIC_NAME]);
  const byKey = new Map<string, Group>();
  for (const column of columns) {
    const labels = grouping.mode === 'by' ? column.labels.only(names) : column.labels.without(names);
    const known = byKey.get(labels.key);
    if (known) known.members.push(column);
    else byKey.set(labels.key, { labels, members: [column] });
  }
  return [...byKey.values()];
}

type Reducer = (values: number[], parameter: number) => number;

const reducers: ReadonlyMap<string, Reducer> = new Map<string, Reducer>([
  ['sum', (values) => sumOf(values)],
  ['avg', (values) => average(values)],
  ['count', (values) => values.length],
  ['group', () => 1],
  ['max', (values) => values.reduce((best, v) => (v > best || Number.isNaN(best) ? v : best))],
  ['min', (values) => values.reduce((best, v) => (v < best || Number.isNaN(best) ? v : best))],
  ['stdvar', (values) => varianceOf(values)],
  ['stddev', (values) => Math.sqrt(varianceOf(values))],
  ['quantile', (values, share) => quantile(share, values)],
]);

/** Value by value when the sum would be too large. */
function average(values: readonly number[]): number {
  const sum = sumOf(values);
  if (Number.isFinite(sum) || values.some((v) => !Number.isFinite(v))) return sum / values.length;
  return sumOf(values.map((v) => v / values.length));
}

function reduced({ labels, members }: Group, parameters: Float64Array, reduce: Reducer, grid: Grid): Column {
  const column = emptyColumn(labels, grid.count);
  const values: number[] = [];
  for (let i = 0; i < grid.count; i++) {
    values.length = 0;
    for (const member of members) if (member.present[i]) values.push(member.values[i] ?? 0);
    if (values.length === 0) continue;
    column.present[i] = 1;
    column.values[i] = reduce(values, parameters[i] ?? 0);
  }
  return column;
}

/** The series keep all their labels. For a single moment they come in the order of their rank. */
function choose({ members }: Group, parameters: Float64Array, top: boolean, grid: Grid): Column[] {
  const chosen = new Map<Column, Column>();
  for (let i = 0; i < grid.count; i++) {
    const wanted = howMany(parameters[i] ?? 0, members.length);
    if (wanted < 1) continue;
    const present = members.filter((member) => member.present[i]);
    const rank = (a: Column, b: Column): number => nanLast(a.values[i] ?? 0, b.values[i] ?? 0, top);
    for (const member of present.sort(rank).slice(0, wanted)) {
      let column = chosen.get(member);
      if (!column) {
        column = emptyColumn(member.labels, grid.count);
        chosen.set(member, column);
      }
      column.present[i] = 1;
      column.values[i] = member.values[i] ?? 0;
    }
  }
  return [...chosen.values()];
}

function howMany(parameter: number, most: number): number {
  if (Number.isNaN(parameter)) throw new QueryExecutionError('Parameter value is NaN');
  if (Math.abs(parameter) >= 2 ** 63) {
    throw new QueryExecutionError(
      `Scalar value ${formatValue(parameter)} ${parameter > 0 ? 'overflows' : 'underflows'} int64`,
    );
  }
  return Math.min(Math.trunc(parameter), most);
}

function nanLast(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  if (Number.isNaN(b)) return -1;
  if (a === b) return 0;
  return a < b === descending ? 1 : -1;
}

function countValues(
  evaluation: Evaluation,
  groups: readonly Group[],
  { parameter }: Aggregation,
  grid: Grid,
): Column[] {
  const name = parameter?.kind === 'string' ? parameter.value : '';
  if (name === '') throw new QueryExecutionError(`invalid label name ${JSON.stringify(name)}`);
  const columns = new Map<string, Column>();
  for (const { labels, members } of groups) {
    for (const { values, present } of members) {
      for (let i = 0; i < grid.count; i++) {
        if (!present[i]) continue;
        const own = labels.with(name, formatValue(values[i] ?? 0));
        let column = columns.get(own.key);
        if (!column) {
          evaluation.budget.spend(grid.count);
          column = emptyColumn(own, grid.count);
          columns.set(own.key, column);
        }
        column.present[i] = 1;
        column.values[i] = (column.values[i] ?? 0) + 1;
      }
    }
  }
  return [...columns.values()];
}
