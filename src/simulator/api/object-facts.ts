// Questions about one object that the registry asks on every write. Pure.
import type { KubeObject } from '../../mesh/objects.ts';
import type { DeleteOptions, WriteOptions } from '../contract.ts';
import { equal } from '../controllers/equal.ts';
import { copyOf } from '../copy.ts';
import { autoscalerFromV1, isAutoscaler } from './autoscaler-versions.ts';
import type { KindDefinition } from './kinds/kind-table.ts';
import { isMap } from './patch-merge.ts';

/** As it is kept: at the stored version, whatever version it came in. */
export function stored(object: KubeObject, kind: KindDefinition): KubeObject {
  const apiVersion = kind.group === '' ? (kind.versions[0] ?? 'v1') : `${kind.group}/${kind.versions[0]}`;
  if (object.apiVersion === apiVersion && object.kind === kind.kind) return object;
  if (isAutoscaler(kind) && object.apiVersion === 'autoscaling/v1') return autoscalerFromV1(object);
  return { ...object, apiVersion, kind: kind.kind };
}

/** The object that a write by `subresource` asks for: `given`, or only a part of it in the place of what there was. */
export function partOf(
  previous: KubeObject,
  given: KubeObject,
  kind: KindDefinition,
  subresource: WriteOptions['subresource'],
): KubeObject {
  if (subresource === 'status') return withStatusOf(previous, given, kind);
  if (subresource === 'ephemeralcontainers')
    return withSpec(previous, { ephemeralContainers: specOf(given).ephemeralContainers });
  if (subresource === 'resize') return withSpec(previous, resized(specOf(previous), specOf(given)));
  return copyOf(given);
}

/** What a new object brings of its own: a status is written apart, where the kind has it apart. */
export function withoutStatus(object: KubeObject, kind: KindDefinition): KubeObject {
  if (!kind.subresources.includes('status') || object.status === undefined) return object;
  const { status: _status, ...rest } = object;
  return rest;
}

/** A copy to write a status into. What else there is in it, and who owns its fields, is the stored object's own: never to be written. */
export function forStatus(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata;
  const copy: KubeObject = { ...object, metadata: copyOf(metadata) };
  if (managedFields) copy.metadata.managedFields = managedFields;
  if (object.status !== undefined) copy.status = copyOf(object.status);
  return copy;
}

const specOf = ({ spec }: KubeObject): Record<string, unknown> => (isMap(spec) ? spec : {});

/** A copy to write a node into: the rest of it is the stored object's own. */
export function forBinding(pod: KubeObject): KubeObject {
  return { ...pod, metadata: { ...pod.metadata }, spec: { ...specOf(pod) } };
}

function withSpec(previous: KubeObject, part: Record<string, unknown>): KubeObject {
  const object = copyOf(previous);
  return { ...object, spec: { ...specOf(object), ...copyOf(part) } };
}

/** Of containers that are the same by name and place; of others, what was asked for, which is refused later. */
function resized(before: Record<string, unknown>, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    ['containers', 'initContainers'].flatMap((list) => {
      const [old, now] = [before[list], given[list]];
      if (!Array.isArray(old) || !Array.isArray(now)) return [];
      const same = old.length === now.length && old.every((c, i) => c.name === now[i].name);
      const merged = old.map((c, i) => ({ ...c, resources: now[i]?.resources, resizePolicy: now[i]?.resizePolicy }));
      return [[list, same ? merged : now]];
    }),
  );
}

/** What a write of the status changes: of most built-in kinds labels and annotations, too. */
function withStatusOf(previous: KubeObject, given: KubeObject, kind: KindDefinition): KubeObject {
  const object = copyOf(previous);
  if (given.status === undefined) delete object.status;
  else object.status = copyOf(given.status);
  if (kind.crd || STATUS_ALONE.has(kind.plural)) return object;
  const kept = STATUS_KEEPS[kind.plural] ?? [];
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const) {
    if (kept.includes(field)) continue;
    delete object.metadata[field];
    if (given.metadata[field] !== undefined) Object.assign(object.metadata, { [field]: given.metadata[field] });
  }
  return object;
}

/** Built-in kinds whose status is written without their metadata. */
const STATUS_ALONE = new Set([
  'customresourcedefinitions',
  'validatingadmissionpolicies',
  'flowschemas',
  'prioritylevelconfigurations',
  'servicecidrs',
  'volumeattachments',
]);
const STATUS_KEEPS: Record<string, string[]> = { deployments: ['labels'], pods: ['ownerReferences'] };

/**
 * `previous` with the field owners that a client wrote itself: a list of one empty entry takes them all away, and none at
 * all leaves them as they are.
 */
export function withManagersOf(previous: KubeObject, { metadata: { managedFields } }: KubeObject): KubeObject {
  if (!Array.isArray(managedFields) || managedFields.length === 0) return previous;
  const [first] = managedFields;
  const reset = managedFields.length === 1 && isMap(first) && Object.keys(first).length === 0;
  const whole = managedFields.every((m) => isMap(m) && isMap(m.fieldsV1) && typeof m.manager === 'string');
  if (!reset && !whole) return previous;
  return { ...previous, metadata: { ...previous.metadata, managedFields: reset ? [] : managedFields } };
}

/** Equal but for bookkeeping: such a write changes nothing and makes no event. */
export function sameContent(a: KubeObject, b: KubeObject): boolean {
  return equal(bare(a), bare(b)) && equal(fieldSets(a), fieldSets(b));
}

/** Whether a write counts for generation. That the scheduler binds a pod to its node does not. */
export function specChanged(before: KubeObject, after: KubeObject): boolean {
  const bound = before.kind === 'Pod' && isMap(before.spec) && isMap(after.spec) && before.spec.nodeName === undefined;
  const spec = bound
    ? { ...(before.spec as object), nodeName: (after.spec as Record<string, unknown>).nodeName }
    : before.spec;
  const content = ({ apiVersion: _api, kind: _kind, metadata: _metadata, status: _status, ...rest }: KubeObject) =>
    rest;
  return !equal({ ...content(before), spec }, content(after));
}

export function bare(object: KubeObject): unknown {
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...metadata } = object.metadata;
  const { apiVersion: _api, kind: _kind, ...rest } = object;
  return { ...rest, metadata };
}

function fieldSets(object: KubeObject): unknown {
  return (object.metadata.managedFields ?? []).map((m) => (isMap(m) ? [m.manager, m.operation, m.fieldsV1] : m));
}

/** Whether something still has to happen before a deleted object may go. */
export function blocked(object: KubeObject): boolean {
  if ((object.metadata.finalizers?.length ?? 0) > 0) return true;
  const spec = isMap(object.spec) ? object.spec : {};
  if (object.kind === 'Namespace') return Array.isArray(spec.finalizers) && spec.finalizers.length > 0;
  return object.kind === 'Pod' && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

/** A pod that no kubelet has is removed at once. */
export function podGrace(pod: KubeObject, options: DeleteOptions): number {
  const spec = isMap(pod.spec) ? pod.spec : {};
  if (!spec.nodeName) return 0;
  const asked = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return Math.max(0, Number(asked));
}

export function detailsOf(kind: KindDefinition, name: string): Record<string, unknown> {
  return { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural };
}

export function suffix(random: () => number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]).join('');
}
