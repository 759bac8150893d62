// `and`, `or`, `unless`: which series stay, by what the other side has at the same time.
import type { Matching, SetOperator } from './ast.ts';
import { type Column, merge } from './grid.ts';
import { matchingLabels } from './matching-key.ts';

export function combineSets(
  operator: SetOperator,
  matching: Matching,
  left: readonly Column[],
  right: readonly Column[],
): Column[] {
  const key = matchingLabels(matching);
  if (operator === 'or') {
    const there = presence(left, key);
    return merge([...left, ...right.map((column) => filtered(column, there.get(key(column.labels).key), false))]);
  }
  const there = presence(right, key);
  return left.map((column) => filtered(column, there.get(key(column.labels).key), operator === 'and'));
}

function presence(columns: readonly Column[], key: ReturnType<typeof matchingLabels>): Map<string, Uint8Array> {
  const byKey = new Map<string, Uint8Array>();
  for (const { labels, present } of columns) {
    const own = key(labels).key;
    const known = byKey.get(own);
    byKey.set(own, known ? known.map((p, i) => p | (present[i] ?? 0)) : present);
  }
  return byKey;
}

/** Values at times when the other side is there (or, with `wanted` false, is not). */
function filtered(column: Column, there: Uint8Array | undefined, wanted: boolean): Column {
  const present = column.present.map((p, i) => (p && (there?.[i] === 1) === wanted ? 1 : 0));
  return { ...column, present };
}
