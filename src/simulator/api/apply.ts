// Server-side apply: who owns which field, conflicts between owners, and the fields that go when their last owner drops them.
import type { KubeObject } from '../../mesh/objects.ts';
import { copyOf } from '../copy.ts';
import { ApiError } from './errors.ts';
import {
  childSchema,
  comparedFields,
  describe,
  difference,
  type Fields,
  fieldsOf,
  intersection,
  isEmpty,
  keyStep,
  listKeys,
  type Manager,
  shortest,
  type Typed,
  union,
} from './managed-fields.ts';
import { mergeLists } from './merge-lists.ts';
import { isMap } from './patch-merge.ts';
import { resolve, type Schema } from './schemas/schema.ts';

export interface ApplyOptions {
  manager: string;
  force: boolean;
  time: string;
  subresource?: string;
}

/** Fields that the server owns: they are in nobody's field set. */
const unowned = ['apiVersion', 'kind'];
const unownedMeta = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'deletionTimestamp',
  'selfLink',
];

/** The object after the apply, managedFields included. Throws 409 Conflict naming the owners when not forced. */
export function applyConfiguration(
  live: KubeObject | undefined,
  configuration: KubeObject,
  typed: Typed,
  options: ApplyOptions,
): KubeObject {
  const managers = managersOf(live);
  const mine = managers.find(
    (m) => m.manager === options.manager && m.operation === 'Apply' && m.subresource === options.subresource,
  );
  const wanted = ownable(configuration, typed);
  const others = managers.filter((m) => m !== mine);
  // Against the merged object: an empty map or list that is applied takes nothing from what others put in it.
  const contested = live
    ? changedFields(live, mergeApplied(live, configuration, typed.schema, typed.definitions), wanted, typed)
    : {};
  const conflicts = others.flatMap((m) => {
    const common = intersection(m.fieldsV1, contested);
    return isEmpty(common) ? [] : [{ manager: m, fields: common }];
  });
  if (conflicts.length > 0 && !options.force) throw conflictError(conflicts);
  const losing = options.force ? others.map((m) => ({ ...m, fieldsV1: difference(m.fieldsV1, contested) })) : others;
  const keptByOthers = losing.reduce<Fields>((all, m) => union(all, m.fieldsV1), {});
  const dropped = mine ? difference(difference(mine.fieldsV1, wanted), keptByOthers) : {};
  const base = live ? removeFields(copyOf(live), dropped, typed.schema, typed.definitions) : undefined;
  const merged = mergeApplied(base, configuration, typed.schema, typed.definitions) as KubeObject;
  const same = mine && JSON.stringify(mine.fieldsV1) === JSON.stringify(wanted);
  const entry: Manager = {
    manager: options.manager,
    operation: 'Apply',
    apiVersion: configuration.apiVersion,
    time: same ? mine.time : options.time,
    fieldsType: 'FieldsV1',
    fieldsV1: wanted,
    ...(options.subresource ? { subresource: options.subresource } : {}),
  };
  const metadata = {
    ...merged.metadata,
    managedFields: inOrder([...losing.filter((m) => !isEmpty(m.fieldsV1)), entry]),
  };
  return { ...merged, metadata };
}

/** managedFields after a write that was no apply: what changed belongs to the writer, and no longer to others. */
export function recordUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  typed: Typed,
  options: Omit<ApplyOptions, 'force'>,
): Manager[] {
  const compared = before && comparedFields(before, after, typed);
  const now = compared ? ownableOf(compared.fields) : ownable(after, typed, true);
  const changed = compared ? ownableOf(compared.changed) : now;
  const managers = managersOf(before);
  const isMine = (m: Manager): boolean =>
    m.manager === options.manager && m.operation === 'Update' && m.subresource === options.subresource;
  const rest = managers
    .map((m) => (isMine(m) ? m : { ...m, fieldsV1: intersection(difference(m.fieldsV1, changed), now) }))
    .map((m) => (isMine(m) ? { ...m, fieldsV1: intersection(m.fieldsV1, now) } : m));
  if (isEmpty(changed)) return inOrder(rest.filter((m) => !isEmpty(m.fieldsV1)));
  const mine = rest.find(isMine);
  const entry: Manager = {
    manager: options.manager,
    operation: 'Update',
    apiVersion: after.apiVersion,
    time: options.time,
    fieldsType: 'FieldsV1',
    fieldsV1: mine ? union(mine.fieldsV1, changed) : changed,
    ...(options.subresource ? { subresource: options.subresource } : {}),
  };
  return inOrder([...rest.filter((m) => !isMine(m) && !isEmpty(m.fieldsV1)), entry]);
}

function inOrder(managers: Manager[]): Manager[] {
  return sorted(managers.map((m) => ({ ...m, fieldsV1: shortest(m.fieldsV1) })));
}

/** Applies before updates, then by time and name, as the API server keeps them. */
export function sorted(managers: Manager[]): Manager[] {
  const key = (m: Manager): string => [m.operation, m.time, m.manager, m.apiVersion, m.subresource ?? ''].join('\0');
  return managers.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function ownable(object: KubeObject, typed: Typed, whole = false): Fields {
  return ownableOf(fieldsOf(object, typed, whole));
}

/** Changes `fields`. */
function ownableOf(fields: Fields): Fields {
  for (const name of unowned) delete fields[`f:${name}`];
  const metadata = { ...fields['f:metadata'] };
  for (const name of unownedMeta) delete metadata[`f:${name}`];
  if (isEmpty(metadata)) delete fields['f:metadata'];
  else fields['f:metadata'] = metadata;
  return fields;
}

/** The part of `wanted` whose value in `live` differs from the one in `configuration`. */
function changedFields(live: unknown, configuration: unknown, wanted: Fields, typed: Typed): Fields {
  if (isEmpty(wanted)) return {};
  const schema = resolve(typed.schema, typed.definitions);
  const result: Fields = {};
  for (const step of Object.keys(wanted)) {
    const child = wanted[step] ?? {};
    const a = valueAt(live, step, schema, typed.definitions);
    const b = valueAt(configuration, step, schema, typed.definitions);
    if (a === b) continue;
    if (isEmpty(child)) {
      if (step !== '.' && a !== b && JSON.stringify(a) !== JSON.stringify(b)) result[step] = {};
      continue;
    }
    const inner = changedFields(a, b, child, { schema: schemaAt(schema, step), definitions: typed.definitions });
    if (!isEmpty(inner)) result[step] = inner;
  }
  return result;
}

function valueAt(
  value: unknown,
  step: string,
  schema: Schema | undefined,
  definitions: Record<string, Schema>,
): unknown {
  if (step.startsWith('f:')) return isMap(value) ? value[step.slice(2)] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (step.startsWith('v:')) return value.find((v) => JSON.stringify(v) === step.slice(2));
  const keys = listKeys(schema);
  return keys && value.find((item) => isMap(item) && keyStep(item, keys, schema, definitions) === step);
}

function schemaAt(schema: Schema | undefined, step: string): Schema | undefined {
  return step.startsWith('f:') ? childSchema(schema, step.slice(2)) : schema?.items;
}

function removeFields<T>(
  value: T,
  fields: Fields,
  declared: Schema | undefined,
  definitions: Record<string, Schema>,
): T {
  const schema = resolve(declared, definitions);
  for (const [step, child] of Object.entries(fields)) {
    const inner = valueAt(value, step, schema, definitions);
    const whole = isEmpty(child) || '.' in child;
    if (step.startsWith('f:') && isMap(value)) {
      const key = step.slice(2);
      if (whole) delete (value as Record<string, unknown>)[key];
      else if (inner !== undefined) removeFields(inner, child, schemaAt(schema, step), definitions);
    } else if (Array.isArray(value)) {
      const at = value.indexOf(inner);
      if (at < 0) continue;
      if (whole) value.splice(at, 1);
      else removeFields(inner, child, schemaAt(schema, step), definitions);
    }
  }
  return value;
}

function mergeApplied(
  live: unknown,
  wanted: unknown,
  declared: Schema | undefined,
  definitions: Record<string, Schema>,
): unknown {
  const schema = resolve(declared, definitions);
  if (isMap(wanted) && isMap(live) && schema?.['x-kubernetes-map-type'] !== 'atomic') {
    const result: Record<string, unknown> = { ...live };
    for (const [key, value] of Object.entries(wanted))
      result[key] = mergeApplied(live[key], value, childSchema(schema, key), definitions);
    return result;
  }
  const keys = listKeys(schema);
  if (Array.isArray(wanted) && Array.isArray(live) && keys) {
    const idOf = (item: unknown): string =>
      isMap(item) ? keyStep(item, keys, schema, definitions) : JSON.stringify(item);
    return mergeLists(live, wanted, idOf, (was, item) => mergeApplied(was, item, schema?.items, definitions));
  }
  if (Array.isArray(wanted) && Array.isArray(live) && schema?.['x-kubernetes-list-type'] === 'set') {
    return mergeLists(live, wanted, JSON.stringify, (_was, item) => item);
  }
  return wanted;
}

function managersOf(object: KubeObject | undefined): Manager[] {
  return (object?.metadata.managedFields ?? []) as Manager[];
}

function conflictError(conflicts: { manager: Manager; fields: Fields }[]): ApiError {
  const named = conflicts.flatMap(({ manager, fields }) =>
    describe(fields).map((field) => ({
      field,
      who: `"${manager.manager}"${manager.operation === 'Update' ? ` using ${manager.apiVersion}` : ''}`,
    })),
  );
  const whos = new Map<string, string[]>();
  for (const { field, who } of named) whos.set(who, [...(whos.get(who) ?? []), field]);
  const causes = named.map(({ field, who }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${who}`,
    field,
  }));
  const only = whos.size === 1 ? [...whos.keys()][0] : undefined;
  const body =
    only === undefined
      ? `conflicts with ${[...whos].map(([who, fields]) => `${who}:\n- ${fields.join('\n- ')}`).join('\nconflicts with ')}`
      : `conflict${named.length > 1 ? 's' : ''} with ${only}${named.length > 1 ? ':' : ''}${named.length > 1 ? `\n- ${named.map((n) => n.field).join('\n- ')}` : `: ${named[0]?.field}`}`;
  return new ApiError(
    409,
    'Conflict',
    `Apply failed with ${named.length} conflict${named.length > 1 ? 's' : ''}: ${body}`,
    { causes },
  );
}
