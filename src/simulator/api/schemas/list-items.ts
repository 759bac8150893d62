// Lists whose items may not be there twice: sets, and lists that are maps by some of their fields.
import type { StatusCause } from '../errors.ts';
import { isMap } from '../patch-merge.ts';
import type { Schema } from './schema.ts';

/** Of a list that has its right shape. */
export function repeatedItems(list: readonly unknown[], schema: Schema, path: string): StatusCause[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Set<string>();
  return list.flatMap((item, i): StatusCause[] => {
    const id = JSON.stringify(type === 'map' && isMap(item) ? only(item, keys) : item);
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ reason: 'FieldValueDuplicate', field: `${path}[${i}]`, message: `Duplicate value: ${id}` }];
  });
}

function only(item: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.toSorted().flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])));
}
