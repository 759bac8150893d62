// Field sets as managedFields writes them (FieldsV1): `f:name` a field, `k:{…}` an item of a keyed list, `v:…` a value of a
// set, `.` the item itself.
import { isMap } from './patch-merge.ts';
import { resolve, type Schema } from './schemas/schema.ts';

export type Fields = { [step: string]: Fields };

export interface Manager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Fields;
  subresource?: string;
}

export interface Typed {
  schema: Schema | undefined;
  definitions: Record<string, Schema>;
}

/**
 * Every field that `value` sets. Keyed lists are walked item by item, other lists count as one field. `whole`: what is
 * made by writing into it is a field, too, as updates have it; an apply has only what it says.
 */
export function fieldsOf(value: unknown, { schema, definitions }: Typed, whole = false): Fields {
  const here = resolve(schema, definitions);
  const fields: Fields = {};
  if (isMap(value) && here?.['x-kubernetes-map-type'] !== 'atomic') {
    for (const [key, child] of Object.entries(value)) {
      const own = childSchema(here, key);
      const below = fieldsOf(child, { schema: own, definitions }, whole);
      const made = whole && !isEmpty(below) && isMade(child, own, here?.required?.includes(key) ?? false);
      fields[`f:${key}`] = made ? { '.': {}, ...below } : below;
    }
    return fields;
  }
  if (Array.isArray(value)) {
    const keys = listKeys(here);
    if (keys) {
      for (const item of value) {
        if (isMap(item))
          fields[keyStep(item, keys, here, definitions)] = {
            '.': {},
            ...fieldsOf(item, { schema: here?.items, definitions }, whole),
          };
      }
    } else if (here?.['x-kubernetes-list-type'] === 'set')
      for (const item of value) fields[`v:${JSON.stringify(item)}`] = {};
  }
  return fields;
}

/** What fieldsOf(after) says with `whole`, and what of it is new or has another value than in `before`: in one walk. */
export function comparedFields(
  before: unknown,
  after: unknown,
  { schema, definitions }: Typed,
): { fields: Fields; changed: Fields } {
  const here = resolve(schema, definitions);
  const fields: Fields = {};
  const changed: Fields = {};
  const note = (step: string, known: boolean, own: Compared): void => {
    fields[step] = own.fields;
    if (!known) changed[step] = own.fields;
    else if (isEmpty(own.fields) ? own.differs : !isEmpty(own.changed)) changed[step] = own.changed;
  };
  if (isMap(after) && here?.['x-kubernetes-map-type'] !== 'atomic') {
    const old = isMap(before) ? before : {};
    for (const key of Object.keys(after)) {
      const own = childSchema(here, key);
      const required = here?.required?.includes(key) ?? false;
      const known = Object.hasOwn(old, key);
      note(`f:${key}`, known, comparedChild(old[key], after[key], { schema: own, definitions }, required));
    }
    return { fields, changed };
  }
  if (!Array.isArray(after)) return { fields, changed };
  const keys = listKeys(here);
  if (keys) {
    const items = new Map<string, unknown>();
    for (const item of Array.isArray(before) ? before : []) {
      const step = isMap(item) ? keyStep(item, keys, here, definitions) : '';
      if (!items.has(step)) items.set(step, item);
    }
    for (const item of after) {
      if (!isMap(item)) continue;
      const step = keyStep(item, keys, here, definitions);
      const typed = { schema: here?.items, definitions };
      const inner = comparedFields(items.get(step), item, typed);
      note(step, items.has(step), { ...inner, fields: { '.': {}, ...inner.fields }, differs: false });
    }
  } else if (here?.['x-kubernetes-list-type'] === 'set') {
    const then = new Set(Array.isArray(before) ? before.map((item) => JSON.stringify(item)) : []);
    for (const item of after) {
      const text = JSON.stringify(item);
      note(`v:${text}`, then.has(text), { fields: {}, changed: {}, differs: false });
    }
  }
  return { fields, changed };
}

interface Compared {
  fields: Fields;
  changed: Fields;
  differs: boolean;
}

function comparedChild(before: unknown, after: unknown, typed: Typed, required: boolean): Compared {
  const same = before === after;
  const inner = same ? { fields: fieldsOf(after, typed, true), changed: {} } : comparedFields(before, after, typed);
  if (isEmpty(inner.fields)) return { ...inner, differs: !same && JSON.stringify(before) !== JSON.stringify(after) };
  const fields = isMade(after, typed.schema, required) ? { '.': {}, ...inner.fields } : inner.fields;
  // What was empty, or something else, is new with all that is in it.
  const filled = same || !isEmpty(fieldsOf(before, typed, true));
  return { fields, changed: filled ? inner.changed : fields, differs: false };
}

/** Structures of Go are always there, and so are lists that Go always writes; maps, pointers and other lists are made. */
function isMade(value: unknown, schema: Schema | undefined, required: boolean): boolean {
  if (Array.isArray(value)) return !required;
  return schema?.$ref === undefined || schema.default === undefined;
}

export function childSchema(schema: Schema | undefined, key: string): Schema | undefined {
  return (
    schema?.properties?.[key] ??
    (typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined)
  );
}

export function listKeys(schema: Schema | undefined): string[] | undefined {
  return schema?.['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined;
}

/** Missing keys take the schema's default, as `protocol: TCP` of a port. */
export function keyStep(
  item: Record<string, unknown>,
  keys: string[],
  schema: Schema | undefined,
  definitions: Record<string, Schema>,
): string {
  const properties = resolve(schema?.items, definitions)?.properties ?? {};
  const [key, ...more] = keys;
  const only = more.length === 0 && key !== undefined ? (item[key] ?? properties[key]?.default) : undefined;
  if (only !== undefined) return `k:{${JSON.stringify(key)}:${JSON.stringify(only)}}`;
  return `k:${JSON.stringify(Object.fromEntries(keys.toSorted().map((k) => [k, item[k] ?? properties[k]?.default])))}`;
}

export function union(a: Fields, b: Fields): Fields {
  const result: Fields = { ...a };
  for (const [step, child] of Object.entries(b)) {
    const own = result[step];
    if (!own) result[step] = child;
    // One is the field itself, the other what is in it.
    else if (isEmpty(own) !== isEmpty(child)) result[step] = { '.': {}, ...own, ...child };
    else result[step] = union(own, child);
  }
  return result;
}

/** As it is written: a field of which only itself is left says no more than its name. */
export function shortest(fields: Fields): Fields {
  const result: Fields = {};
  for (const step of Object.keys(fields)) {
    const inner = shortest(fields[step] ?? {});
    let others = false;
    for (const below in inner) others ||= below !== '.';
    result[step] = others ? inner : {};
  }
  return result;
}

/** What is in `a` and not in `b`. */
export function difference(a: Fields, b: Fields): Fields {
  const result: Fields = {};
  for (const [step, child] of Object.entries(a)) {
    const other = b[step];
    if (!other) result[step] = child;
    else {
      const rest = difference(child, other);
      if (!isEmpty(rest)) result[step] = rest;
    }
  }
  return result;
}

export function intersection(a: Fields, b: Fields): Fields {
  const result: Fields = {};
  for (const [step, child] of Object.entries(a)) {
    const other = b[step];
    if (!other) continue;
    const common = intersection(child, other);
    if (isEmpty(child) || isEmpty(other) || !isEmpty(common)) result[step] = common;
  }
  return result;
}

export function isEmpty(fields: Fields): boolean {
  for (const _step in fields) return false;
  return true;
}

/** Leaves as messages name them: `.spec.replicas`, `.spec.ports[port=80,protocol="TCP"].name`. */
export function describe(fields: Fields, prefix = ''): string[] {
  if (isEmpty(fields)) return [prefix];
  return Object.entries(fields).flatMap(([step, child]) => {
    if (step === '.') return [];
    if (step.startsWith('f:')) return describe(child, `${prefix}.${step.slice(2)}`);
    if (step.startsWith('k:')) {
      const keys = Object.entries(JSON.parse(step.slice(2)) as Record<string, unknown>).map(
        ([k, v]) => `${k}=${JSON.stringify(v)}`,
      );
      return describe(child, `${prefix}[${keys.join(',')}]`);
    }
    return describe(child, `${prefix}[=${step.slice(2)}]`);
  });
}
