// Kubernetes' strategic merge patch: like a merge patch, but lists of objects merge item by item where the schema names a
// merge key, and $patch, $deleteFromPrimitiveList, $setElementOrder and $retainKeys direct it.
import { isMap } from './patch-merge.ts';
import { resolve, type Schema } from './schemas/schema.ts';

type Map = Record<string, unknown>;

export interface StrategicContext {
  definitions: Record<string, Schema>;
}

/** A new value; neither argument is changed. Throws TypeError when the patch does not fit the target. */
export function strategicMergePatch(
  target: unknown,
  patch: unknown,
  schema: Schema | undefined,
  context: StrategicContext,
): unknown {
  if (!isMap(patch)) return patch;
  if (patch.$patch === 'replace') return without(patch, ['$patch']);
  if (patch.$patch === 'delete') return {};
  const here = resolve(schema, context.definitions);
  const result: Map = isMap(target) ? { ...target } : {};
  if (Array.isArray(patch.$retainKeys)) {
    for (const key of Object.keys(result)) if (!patch.$retainKeys.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      const gone = Array.isArray(value) ? value : [];
      if (Array.isArray(result[field])) result[field] = (result[field] as unknown[]).filter((v) => !gone.includes(v));
      continue;
    }
    if (value === null) delete result[key];
    // Where there is nothing yet, a map that only says how to merge is dropped whole.
    else if (result[key] === undefined && isMap(value) && value.$patch !== undefined) continue;
    else result[key] = mergeField(result[key], value, propertyOf(here, key), context);
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith('$setElementOrder/') || !Array.isArray(order)) continue;
    const field = key.slice('$setElementOrder/'.length);
    if (Array.isArray(result[field]))
      result[field] = ordered(
        result[field] as unknown[],
        order,
        mergeKeyOf(propertyOf(here, field), context),
        isMap(target) && Array.isArray(target[field]) ? target[field] : [],
      );
  }
  return result;
}

function mergeField(current: unknown, value: unknown, schema: Schema | undefined, context: StrategicContext): unknown {
  if (isMap(value)) return strategicMergePatch(current, value, schema, context);
  if (!Array.isArray(value)) return value;
  const strategy = schema?.['x-kubernetes-patch-strategy'] ?? '';
  if (!strategy.includes('merge')) return value;
  const existing = Array.isArray(current) ? current : [];
  const key = mergeKeyOf(schema, context);
  if (key === undefined) return [...existing, ...value.filter((v) => !existing.includes(v))];
  return mergeItems(existing, value, key, schema?.items, context);
}

function mergeItems(
  existing: unknown[],
  patch: unknown[],
  key: string,
  items: Schema | undefined,
  context: StrategicContext,
): unknown[] {
  if (patch.some((item) => isMap(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !(isMap(item) && item.$patch === 'replace'));
  }
  const result = [...existing];
  const mentioned: unknown[] = [];
  for (const item of patch) {
    if (!isMap(item)) throw new TypeError('strategic merge patch: a list with a merge key holds objects');
    const at = result.findIndex((e) => isMap(e) && e[key] === item[key]);
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1);
      continue;
    }
    mentioned.push(item);
    if (at >= 0) result[at] = strategicMergePatch(result[at], item, items, context);
    else result.push(strategicMergePatch({}, item, items, context));
  }
  return ordered(result, mentioned, key, existing);
}

/**
 * What the patch names, in its order; the others keep theirs of `before`, and come in front of what was behind them
 * there, but behind what is new.
 */
function ordered(list: unknown[], order: unknown[], key: string | undefined, before: unknown[]): unknown[] {
  const idOf = (item: unknown): unknown => (key !== undefined && isMap(item) ? item[key] : item);
  const place = (items: unknown[]) => new Map(items.map((item, index) => [idOf(item), index]));
  const [rank, was] = [place(order), place(before)];
  const named = list
    .filter((item) => rank.has(idOf(item)))
    .sort((a, b) => (rank.get(idOf(a)) ?? 0) - (rank.get(idOf(b)) ?? 0));
  const others = list.filter((item) => !rank.has(idOf(item)));
  const result: unknown[] = [];
  while (named.length > 0 || others.length > 0) {
    const [mine, other] = [named[0], others[0]];
    const [a, b] = [was.get(idOf(other)), was.get(idOf(mine))];
    const otherFirst = named.length === 0 || (others.length > 0 && a !== undefined && b !== undefined && a < b);
    result.push(otherFirst ? others.shift() : named.shift());
  }
  return result;
}

function mergeKeyOf(schema: Schema | undefined, context: StrategicContext): string | undefined {
  return (
    resolve(schema, context.definitions)?.['x-kubernetes-patch-merge-key'] ?? schema?.['x-kubernetes-patch-merge-key']
  );
}

function propertyOf(schema: Schema | undefined, key: string): Schema | undefined {
  const named = schema?.properties?.[key];
  if (named) return named;
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function without(map: Map, keys: string[]): Map {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}
