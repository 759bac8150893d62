// Arithmetic and comparison of two vectors: one to one, or many to one with group_left and group_right.
import { type Binary, isComparison } from './ast.ts';
import { compute } from './compute.ts';
import { QueryExecutionError } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { type Column, emptyColumn, type Grid } from './grid.ts';
import type { Labels } from './labels.ts';
import { matchingLabels } from './matching-key.ts';

export function matchVectors(
  evaluation: Evaluation,
  binary: Binary,
  left: readonly Column[],
  right: readonly Column[],
  grid: Grid,
): Column[] {
  const { matching, operator, bool } = binary;
  const swapped = matching.many === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const key = matchingLabels(matching);
  const filters = isComparison(operator) && !bool;
  const partners = uniquePartners(one, key, swapped ? 'left' : 'right');
  const results = new Map<string, Column>();
  const taken = new Map<string, Uint8Array>();
  for (const column of many) {
    for (const partner of partners.get(key(column.labels).key) ?? []) {
      evaluation.budget.spend(grid.count);
      const labels = resultLabels(binary, column.labels, partner.labels);
      const result = results.get(labels.key) ?? emptyColumn(labels, grid.count);
      results.set(labels.key, result);
      // One to one: a partner serves one series at a time, whatever that one is called.
      const use = matching.many ? labels.key : key(column.labels).key;
      const used = taken.get(use) ?? new Uint8Array(grid.count);
      taken.set(use, used);
      for (let i = 0; i < grid.count; i++) {
        if (!column.present[i] || !partner.present[i]) continue;
        const [own, other] = [column.values[i] ?? 0, partner.values[i] ?? 0];
        const value = swapped ? compute(operator, other, own) : compute(operator, own, other);
        if (filters && value === 0) continue;
        if (used[i]) throw ambiguous(matching.many !== undefined);
        used[i] = 1;
        result.present[i] = 1;
        result.values[i] = filters ? (swapped ? other : own) : value;
      }
    }
  }
  return [...results.values()];
}

function ambiguous(many: boolean): QueryExecutionError {
  return new QueryExecutionError(
    many
      ? 'multiple matches for labels: grouping labels must ensure unique matches'
      : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
  );
}

/** Several partners for a key are fine while they are never there at the same time. */
function uniquePartners(
  columns: readonly Column[],
  key: (labels: Labels) => Labels,
  side: 'left' | 'right',
): Map<string, Column[]> {
  const byKey = new Map<string, Column[]>();
  for (const column of columns) {
    const group = key(column.labels);
    const others = byKey.get(group.key) ?? [];
    const clash = others.find((other) => other.present.some((p, i) => p === 1 && column.present[i] === 1));
    if (clash) {
      throw new QueryExecutionError(
        `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ` +
          `[${column.labels}, ${clash.labels}];many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    byKey.set(group.key, [...others, column]);
  }
  return byKey;
}

function resultLabels({ operator, bool, matching }: Binary, many: Labels, one: Labels): Labels {
  let labels = isComparison(operator) && !bool ? many : many.withoutName();
  if (!matching.many) {
    const names = new Set(matching.labels);
    labels = matching.mode === 'on' ? labels.only(names) : labels.without(names);
  }
  for (const name of matching.include) labels = labels.with(name, one.get(name));
  return labels;
}
