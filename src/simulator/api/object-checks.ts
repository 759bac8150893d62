// An object against its schema: unknown fields, shape, defaults.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ResourceId, WriteOptions } from '../contract.ts';
import { checkRules, hasRules } from './cel/rules.ts';
import { badRequest, invalid } from './errors.ts';
import { type KindDefinition, splitApiVersion } from './kinds/kind-table.ts';
import { setKindDefaults, setSchemaDefaults } from './schemas/defaults.ts';
import { goDecodeError } from './schemas/go-decode.ts';
import { dropNulls } from './schemas/nulls.ts';
import { prune } from './schemas/prune.ts';
import type { Schemas } from './schemas/schemas.ts';
import { checkShape } from './schemas/validate.ts';

/** Throws 400, in Go's words, for a value that its field of a built-in kind cannot hold. */
export function checkDecodes(schemas: Schemas, object: KubeObject, kind: KindDefinition): void {
  const typed = kind.crd ? undefined : schemas.of(object);
  const problem = typed && goDecodeError(object, typed.schema, typed.definitions, kind.kind);
  if (!problem) return;
  const { version } = splitApiVersion(object.apiVersion);
  throw badRequest(`${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${problem}`);
}

/** Unknown fields, by what the client asked: refused, warned of, or dropped in silence; dropped from `object`, in place. */
export function checkFields(schemas: Schemas, object: KubeObject, kind: KindDefinition, options: WriteOptions): void {
  if (!options.fieldValidation) return;
  const typed = schemas.of(object);
  if (options.fieldValidation === 'Ignore') {
    if (typed) prune(object, typed.schema, typed.definitions);
    return;
  }
  const { unknown } = checkShape(object, typed?.schema, typed?.definitions ?? {});
  const unknowns = unknown.map((path) => `unknown field "${path}"`);
  const { repeated = [] } = options;
  const texts = kind.crd ? [...repeated, ...unknowns] : [...unknowns, ...repeated];
  if (texts.length === 0) return;
  if (options.fieldValidation === 'Strict') {
    throw badRequest(
      `${kind.kind} in version "${splitApiVersion(object.apiVersion).version}" cannot be handled as a ${kind.kind}: strict decoding error: ${texts.join(', ')}`,
    );
  }
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
  const { causes } = checkShape(object, typed?.schema, definitions);
  if (kind.crd) {
    const blocked = causes.some((c) => blocking.has(c.reason)) && typed !== undefined && hasRules(typed.schema);
    const all = blocked
      ? [...causes, uncheckedRules]
      : [...causes, ...checkRules(object, typed?.schema, definitions, previous)];
    if (all.length > 0) throw invalid(kind.kind, kind.group, object.metadata.name, all);
    return;
  }
  if (causes.length === 0) return;
  if (causes.some((c) => c.reason === 'FieldValueTypeInvalid')) {
    const { version } = splitApiVersion(object.apiVersion);
    throw badRequest(`${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${causes[0]?.message}`);
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
