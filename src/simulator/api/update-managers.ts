// managedFields after an update, looking only at the parts of the object that changed: most writes change one of many.
import type { KubeObject } from '../../mesh/objects.ts';
import { equal } from '../controllers/equal.ts';
import { type ApplyOptions, recordUpdate as recordWhole, sorted } from './apply.ts';
import { type Fields, isEmpty, type Manager, type Typed } from './managed-fields.ts';
import { isMap } from './patch-merge.ts';

/** Of metadata, all that anybody owns. */
export const OWNED_META = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** Part of an object → that it did not change, or which of its fields did not. */
type Same = Map<string, true | Set<string>>;

export type Options = Omit<ApplyOptions, 'force'>;

/** What changed belongs to the writer, and no longer to others. `record` is given what changed, as objects without the rest. */
export function recordUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  typed: Typed,
  options: Options,
  record: typeof recordWhole = recordWhole,
): Manager[] {
  const managers = (before?.metadata.managedFields ?? []) as Manager[];
  const ids = new Set(managers.map(idOf));
  // Entries of one manager in two versions are looked at together.
  if (!before) return sorted(record(before, after, typed, options));
  if (ids.size < managers.length) return recordWhole(before, after, typed, options);
  const same = unchanged(before, after);
  const parts = managers.map((m) => split(m.fieldsV1, same));
  const changing = managers.map((m, i) => ({ ...m, fieldsV1: parts[i]?.rest ?? {} }));
  const cut = without(before, same);
  const narrow = { ...cut, metadata: { ...cut.metadata, managedFields: changing } };
  const recorded = new Map(
    record(narrow, without(after, same), typed, options).map((m): [string, Manager] => [idOf(m), m]),
  );
  const result = managers.map((m, i) => {
    const now = recorded.get(idOf(m));
    if (!now && isEmpty(parts[i]?.rest ?? {})) return m;
    return { ...(now ?? m), fieldsV1: joined(m.fieldsV1, parts[i]?.kept ?? {}, now?.fieldsV1 ?? {}) };
  });
  const added = [...recorded.values()].filter((m) => !ids.has(idOf(m)));
  return sorted([...result.filter((m) => !isEmpty(m.fieldsV1)), ...added]);
}

export function idOf({ manager, operation, subresource = '' }: Manager): string {
  return `${manager}\n${operation}\n${subresource}`;
}

function unchanged(before: KubeObject, after: KubeObject): Same {
  const same: Same = new Map([['metadata', equalFields(before.metadata, after.metadata, OWNED_META)]]);
  for (const part of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (part === 'metadata' || part === 'apiVersion' || part === 'kind') continue;
    const [then, now] = [before[part], after[part]];
    if (equal(then, now)) same.set(part, true);
    else if (isMap(then) && isMap(now)) {
      const names = equalFields(then, now, Object.keys(now));
      // Of each something must be left: an empty map is a field itself.
      if (names.size < Math.min(Object.keys(then).length, Object.keys(now).length)) same.set(part, names);
    }
  }
  return same;
}

function equalFields(then: object, now: object, names: string[]): Set<string> {
  const [before, after] = [then as Record<string, unknown>, now as Record<string, unknown>];
  return new Set(names.filter((name) => equal(before[name], after[name])));
}

function without(object: KubeObject, same: Same): KubeObject {
  const { apiVersion, kind } = object;
  const cut: KubeObject = { apiVersion, kind, metadata: { name: object.metadata.name } };
  const owned = same.get('metadata');
  for (const name of OWNED_META)
    if (owned !== true && !owned?.has(name) && object.metadata[name as 'labels'] !== undefined)
      Object.assign(cut.metadata, { [name]: object.metadata[name as 'labels'] });
  for (const [part, value] of Object.entries(object)) {
    const names = same.get(part);
    if (part === 'metadata' || names === true) continue;
    cut[part] =
      names && isMap(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name))) : value;
  }
  return cut;
}

/** What a manager has of the parts that did not change, and the rest. */
function split(fields: Fields, same: Same): { kept: Fields; rest: Fields } {
  const kept: Fields = {};
  const rest: Fields = {};
  for (const [step, child] of Object.entries(fields)) {
    const names = same.get(step.slice(2));
    if (names === true) kept[step] = child;
    else if (!names || isEmpty(child)) rest[step] = child;
    else {
      const [here, there]: [Fields, Fields] = [{}, {}];
      for (const [inner, below] of Object.entries(child)) (names.has(inner.slice(2)) ? here : there)[inner] = below;
      if (!isEmpty(here)) kept[step] = here;
      if (!isEmpty(there)) rest[step] = there;
    }
  }
  return { kept, rest };
}

/** In the order in which they were, what is new last. */
function joined(before: Fields, kept: Fields, changed: Fields): Fields {
  const all: Fields = {};
  for (const step of new Set([...Object.keys(before), ...Object.keys(kept), ...Object.keys(changed)])) {
    const [one, other] = [kept[step], changed[step]];
    const both = one && other ? joinedNames(before[step] ?? {}, one, other) : (one ?? other);
    if (both) all[step] = both;
  }
  return all;
}

function joinedNames(before: Fields, one: Fields, other: Fields): Fields {
  const all: Fields = {};
  for (const step of new Set([...Object.keys(before), ...Object.keys(one), ...Object.keys(other)])) {
    const child = one[step] ?? other[step];
    if (child) all[step] = child;
  }
  return all;
}
