// managedFields after an update, looking only at the parts of the object that changed: most writes change one of many.
import type { KubeObject } from '../../mesh/objects.ts';
import { equal } from '../controllers/equal.ts';
import { type ApplyOptions, inOrder, recordUpdate as recordWhole } from './apply.ts';
import { type Fields, isEmpty, type Manager, type Typed } from './managed-fields.ts';

/** Of metadata, all that anybody owns. */
const OWNED_META = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** What changed belongs to the writer, and no longer to others. */
export function recordUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  typed: Typed,
  options: Omit<ApplyOptions, 'force'>,
): Manager[] {
  const managers = (before?.metadata.managedFields ?? []) as Manager[];
  const ids = new Set(managers.map(idOf));
  // Entries of one manager in two versions are looked at together.
  if (!before || ids.size < managers.length) return recordWhole(before, after, typed, options);
  const same = new Set(partsOf(before, after).filter((part) => equal(partOf(before, part), partOf(after, part))));
  const changing = managers.map((m) => ({ ...m, fieldsV1: pick(m.fieldsV1, (part) => !same.has(part)) }));
  const cut = without(before, same);
  const narrow = { ...cut, metadata: { ...cut.metadata, managedFields: changing } };
  const recorded = new Map(
    recordWhole(narrow, without(after, same), typed, options).map((m): [string, Manager] => [idOf(m), m]),
  );
  const result = managers.map((m) => {
    const now = recorded.get(idOf(m)) ?? m;
    const changed = recorded.get(idOf(m))?.fieldsV1 ?? {};
    const kept = pick(m.fieldsV1, (part) => same.has(part));
    return { ...now, fieldsV1: joined(Object.keys(m.fieldsV1), kept, changed) };
  });
  const added = [...recorded.values()].filter((m) => !ids.has(idOf(m)));
  return inOrder([...result.filter((m) => !isEmpty(m.fieldsV1)), ...added]);
}

function idOf({ manager, operation, subresource = '' }: Manager): string {
  return JSON.stringify([manager, operation, subresource]);
}

function partsOf(before: KubeObject, after: KubeObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function partOf(object: KubeObject, part: string): unknown {
  if (part !== 'metadata') return object[part];
  return Object.fromEntries(OWNED_META.map((field) => [field, object.metadata[field]]));
}

function without(object: KubeObject, parts: ReadonlySet<string>): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const rest = Object.entries(object).filter(([part]) => !parts.has(part));
  const { name } = metadata;
  return { ...Object.fromEntries(rest), apiVersion, kind, metadata: parts.has('metadata') ? { name } : metadata };
}

function pick(fields: Fields, wanted: (part: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([step]) => wanted(step.replace(/^f:/, ''))));
}

function joined(order: string[], kept: Fields, changed: Fields): Fields {
  const all = { ...kept, ...changed };
  const known = order.filter((step) => all[step] !== undefined);
  return Object.fromEntries([...new Set([...known, ...Object.keys(all)])].map((step) => [step, all[step] ?? {}]));
}
