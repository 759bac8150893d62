// An object after a patch, and what the API server says of a patch whose result it cannot read: it shows the patch itself.

import type { KubeObject } from '../../mesh/objects.ts';
import type { WriteOptions } from '../contract.ts';
import { copyOf } from '../copy.ts';
import { ApiError, badRequest, invalid } from './errors.ts';
import type { KindDefinition } from './kinds/kind-table.ts';
import { decodeProblem, strictProblem } from './object-checks.ts';
import { jsonPatch } from './patch-json.ts';
import { isMap, mergePatch } from './patch-merge.ts';
import { strategicMergePatch } from './patch-strategic.ts';
import type { Schemas } from './schemas/schemas.ts';
import { sortedKeys } from './sorted-keys.ts';

export type PatchType = 'json' | 'merge' | 'strategic';

export interface PatchContext {
  kind: KindDefinition;
  schemas: Schemas;
  options: WriteOptions;
}

/** A new object. Throws 400 and 422; what only its kind forbids is found by who writes it. */
export function patchedObject(current: KubeObject, type: PatchType, body: unknown, context: PatchContext): KubeObject {
  const { kind, schemas, options } = context;
  const { name, namespace } = current.metadata;
  const patched = apply(current, type, body, schemas);
  if (!isMap(patched) || !isMap(patched.metadata))
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  const object = patched as KubeObject;
  const other = object.kind !== current.kind || object.apiVersion !== current.apiVersion;
  const problem = other
    ? `no kind ${JSON.stringify(object.kind)} is registered for version ${JSON.stringify(object.apiVersion)} in scheme "pkg/runtime/scheme.go:110"`
    : (decodeProblem(schemas, object, kind) ??
      (options.fieldValidation === 'Strict' ? strictProblem(schemas, object, kind, options) : undefined));
  if (problem) throw unreadable(type === 'strategic' ? goMap(body) : JSON.stringify(inGoOrder(object, kind)), problem);
  if (object.metadata.uid !== undefined && object.metadata.uid !== current.metadata.uid) {
    const message = `Invalid value: ${JSON.stringify(object.metadata.uid)}: field is immutable`;
    const cause = { field: 'metadata.uid', reason: 'FieldValueInvalid', message };
    // Two parts of the API server look at it.
    throw invalid(kind.kind, kind.group, name, [cause, cause]);
  }
  if ((object.metadata.namespace ?? namespace) !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (object.metadata.name !== name)
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  const asked = isMap(body) && isMap(body.metadata) ? body.metadata.resourceVersion : undefined;
  if (typeof asked !== 'string') object.metadata.resourceVersion = current.metadata.resourceVersion ?? '';
  return object;
}

function apply(current: KubeObject, type: PatchType, body: unknown, schemas: Schemas): unknown {
  if (type === 'json') return jsonPatch(current, body);
  if (type === 'strategic') {
    const typed = schemas.of(current);
    return strategicMergePatch(copyOf(current), body, typed?.schema, {
      definitions: typed?.definitions ?? {},
    });
  }
  if (isMap(body)) return mergePatch(copyOf(current), body);
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${Array.isArray(body) ? 'array' : typeof body} into Go value of type map[string]interface {}`,
  );
}

/** The server names neither the kind nor the object. */
function unreadable(shown: string, problem: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(shown)}: ${problem}`;
  const causes = [{ reason: 'FieldValueInvalid', field: 'patch', message }];
  return new ApiError(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes });
}

/** As Go prints a map: `map[spec:map[replicas:3]]`. */
function goMap(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (isMap(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${goMap(value[key])}`).join(' ')}]`;
  }
  return value === null ? '<nil>' : String(value);
}

const metadataOrder = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];
const managerOrder = ['manager', 'operation', 'apiVersion', 'time', 'fieldsType', 'fieldsV1', 'subresource'];

/** As the API server writes it before it reads it again: custom objects by name, others as Go's structures are. */
function inGoOrder(object: KubeObject, { crd }: KindDefinition): unknown {
  const plain = sortedKeys(object);
  if (crd || !isMap(plain)) return plain;
  const { managedFields, ...metadata } = object.metadata;
  const managers = managedFields?.map((entry) => (isMap(entry) ? inOrder(entry, managerOrder) : entry));
  const whole = { ...metadata, ...(managers ? { managedFields: managers } : {}) };
  return { ...plain, metadata: inOrder(whole, metadataOrder) };
}

function inOrder(map: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(
    names
      .filter((name) => map[name] !== undefined)
      .map((name) => [name, name === 'managedFields' ? map[name] : sortedKeys(map[name])]),
  );
}
