// An object against its schema: unknown fields, shape, defaults.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ResourceId, WriteOptions } from '../contract.ts';
import { checkRules, hasRules } from './cel/rules.ts';
import { checkScale } from './custom-scale.ts';
import { badRequest, invalid } from './errors.ts';
import { type KindDefinition, splitApiVersion } from './kinds/kind-table.ts';
import { setKindDefaults, setSchemaDefaults } from './schemas/defaults.ts';
import { dropEmpties } from './schemas/empties.ts';
import { goDecodeError } from './schemas/go-decode.ts';
import { dropNulls } from './schemas/nulls.ts';
import { prune } from './schemas/prune.ts';
import type { Schemas } from './schemas/schemas.ts';
import { checkShape } from './schemas/validate.ts';

/** Throws 400, in Go's words, for a value that its field of a built-in kind cannot hold. */
export function checkDecodes(schemas: Schemas, object: KubeObject, kind: KindDefinition): void {
  const problem = decodeProblem(schemas, object, kind);
  if (problem) throw unreadable(object, kind, problem);
}

/** What Go says of a value that its field of a built-in kind cannot hold. */
export function decodeProblem(schemas: Schemas, object: KubeObject, kind: KindDefinition): string | undefined {
  const typed = kind.crd ? undefined : schemas.of(object);
  return typed && goDecodeError(object, typed.schema, typed.definitions, kind.kind);
}

/** What is said of fields that are not known, or are there twice, to who wants to hear of them. */
export function strictProblem(
  schemas: Schemas,
  object: KubeObject,
  kind: KindDefinition,
  options: WriteOptions,
): string | undefined {
  const texts = complaints(schemas, object, kind, options);
  return texts.length === 0 ? undefined : `strict decoding error: ${texts.join(', ')}`;
}

function unreadable(object: KubeObject, kind: KindDefinition, problem: string | undefined) {
  const { version } = splitApiVersion(object.apiVersion);
  return badRequest(`${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${problem}`);
}

/** Of a custom object, the server says what is outside of `spec` in the order of its names; of others, as it comes. */
function complaints(
  schemas: Schemas,
  object: KubeObject,
  kind: KindDefinition,
  { repeated = [] }: WriteOptions,
): string[] {
  const typed = schemas.of(object);
  const { unknown } = checkShape(object, typed?.schema, typed?.definitions ?? {});
  const unknowns = unknown.map((path) => `unknown field "${path}"`);
  return kind.crd ? [...repeated, ...unknowns.sort()] : [...unknowns, ...repeated];
}

/** Unknown fields, by what the client asked: refused, warned of, or dropped in silence; dropped from `object`, in place. */
export function checkFields(schemas: Schemas, object: KubeObject, kind: KindDefinition, options: WriteOptions): void {
  if (!options.fieldValidation) return;
  const typed = schemas.of(object);
  if (typed && !kind.crd) dropEmpties(object, typed.schema, typed.definitions);
  if (options.fieldValidation === 'Ignore') {
    if (typed) prune(object, typed.schema, typed.definitions);
    return;
  }
  const texts = complaints(schemas, object, kind, options);
  if (texts.length === 0) return;
  if (options.fieldValidation === 'Strict')
    throw unreadable(object, kind, `strict decoding error: ${texts.join(', ')}`);
  for (const text of texts) options.warn?.(text);
  if (typed) prune(object, typed.schema, typed.definitions);
}

/**
 * Types, required values, the rest of the schema and its CEL rules. Throws 422, or 400 for a built-in kind of the
 * wrong shape. `previous` is what an update replaces.
 */
export function checkSchema(
  schemas: Schemas,
  object: KubeObject,
  kind: KindDefinition,
  previous?: KubeObject | undefined,
): void {
  const typed = schemas.of(object);
  const definitions = typed?.definitions ?? {};
  const { causes } = checkShape(object, typed?.schema, definitions, kind.crd !== undefined);
  if (kind.crd) {
    causes.push(...checkScale(object, kind));
    const blocked = causes.some((c) => blocking.has(c.reason)) && typed !== undefined && hasRules(typed.schema);
    const all = blocked
      ? [...causes, uncheckedRules]
      : [...causes, ...checkRules(object, typed?.schema, definitions, previous)];
    if (all.length > 0) throw invalid(kind.kind, kind.group, object.metadata.name, all);
    return;
  }
  if (causes.length === 0) return;
  if (causes.some((c) => c.reason === 'FieldValueTypeInvalid')) {
    throw unreadable(object, kind, causes[0]?.message);
  }
}

/** Fills defaults, in place. What is null is not there; a status keeps its own, which programs of the cluster write. */
export function complete(schemas: Schemas, object: KubeObject, resource: ResourceId): void {
  const typed = schemas.of(object);
  dropNulls(object.metadata);
  if (schemas.builtIn(object)) {
    for (const [field, value] of Object.entries(object)) {
      if (value === null) delete object[field];
      else if (field !== 'status') dropNulls(value);
    }
  }
  if (typed) setSchemaDefaults(object, typed.schema, typed.definitions);
  setKindDefaults(resource, object);
}

/** What keeps the API server from looking at the rules at all. */
const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueTooLong',
  'FieldValueTooMany',
]);

/** CEL rules look at valid objects only, and the API server says so beside what it found. */
const uncheckedRules = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};
