// Values over the times of a query. A whole range is computed series by series, not time by time; a query for one
// moment is a range of one step.
import { QueryExecutionError } from './errors.ts';
import type { Labels } from './labels.ts';

/** Times at which an expression is evaluated: milliseconds since the epoch. */
export interface Grid {
  start: number;
  step: number;
  count: number;
}

/** One series of an instant vector: `present[i]` tells whether it has a value at the i-th time. */
export interface Column {
  labels: Labels;
  values: Float64Array;
  present: Uint8Array;
}

export type Value =
  | { type: 'scalar'; values: Float64Array }
  | { type: 'vector'; columns: readonly Column[] }
  | { type: 'string'; text: string };

export const timeAt = ({ start, step }: Grid, index: number): number => start + index * step;
export const lastTime = (grid: Grid): number => timeAt(grid, grid.count - 1);

export function emptyColumn(labels: Labels, count: number): Column {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count) };
}

/** Series with equal labels become one, as long as they never have a value at the same time. */
export function merge(columns: readonly Column[]): Column[] {
  const byKey = new Map<string, Column>();
  for (const column of columns) {
    const known = byKey.get(column.labels.key);
    byKey.set(column.labels.key, known ? joined(known, column) : column);
  }
  return byKey.size === columns.length ? [...columns] : [...byKey.values()];
}

export function mapColumns(
  columns: readonly Column[],
  labels: (labels: Labels) => Labels,
  value: (value: number, index: number) => number,
): Column[] {
  const changed = columns.map((column) => ({
    labels: labels(column.labels),
    values: column.values.map(value),
    present: column.present,
  }));
  return merge(changed);
}

function joined(one: Column, other: Column): Column {
  const column = { labels: one.labels, values: one.values.slice(), present: one.present.slice() };
  for (let i = 0; i < other.present.length; i++) {
    if (!other.present[i]) continue;
    if (column.present[i]) throw new QueryExecutionError('vector cannot contain metrics with the same labelset');
    column.present[i] = 1;
    column.values[i] = other.values[i] ?? 0;
  }
  return column;
}
