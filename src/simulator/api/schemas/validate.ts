// Checks an object against its schema: unknown fields, wrong types, missing and forbidden values.
import { RE2JS } from 're2js';
import type { StatusCause } from '../errors.ts';
import { isMap } from '../patch-merge.ts';
import { alternativesProblem } from './alternatives.ts';
import { fitsFormat } from './formats.ts';
import { repeatedItems } from './list-items.ts';
import { resolve, type Schema } from './schema.ts';

export interface ShapeProblems {
  /** Paths of fields that the schema does not know: `spec.replcas`. */
  unknown: string[];
  causes: StatusCause[];
}

interface Collected extends ShapeProblems {
  custom: boolean;
}

/**
 * Walks the whole object and collects; never throws. Kubernetes' own message texts. `custom`: an object of a CRD, where a
 * null is a value of its own.
 */
export function checkShape(
  object: unknown,
  schema: Schema | undefined,
  definitions: Record<string, Schema>,
  custom = false,
): ShapeProblems {
  const problems: Collected = { unknown: [], causes: [], custom };
  if (schema) walk(object, schema, '', definitions, problems, true);
  return problems;
}

function walk(
  value: unknown,
  declared: Schema,
  path: string,
  definitions: Record<string, Schema>,
  problems: Collected,
  root = false,
): void {
  const schema = resolve(declared, definitions);
  if (!schema || value === undefined) return;
  if (value === null && (!problems.custom || schema.nullable || !schema.type)) return;
  const wrong = wrongType(value, schema);
  if (wrong) {
    problems.causes.push({
      reason: 'FieldValueTypeInvalid',
      field: path || '<nil>',
      message: `Invalid value: "${typeName(value)}": ${path} in body must be of type ${wrong}: "${typeName(value)}"`,
    });
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) {
    const supported = schema.enum.map((e) => `"${String(e)}"`).join(', ');
    problems.causes.push({
      reason: 'FieldValueNotSupported',
      field: path,
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    });
  }
  if (Array.isArray(value)) {
    counts(value, schema, path, problems);
    for (const [i, item] of value.entries())
      if (schema.items) walk(item, schema.items, `${path}[${i}]`, definitions, problems);
    if (problems.custom) problems.causes.push(...repeatedItems(value, schema, path));
    return;
  }
  if (!isMap(value)) {
    bounds(value, schema, path, problems);
    return;
  }
  const unclear = schema.oneOf && alternativesProblem(value, schema.oneOf, path);
  if (unclear) problems.causes.push({ reason: 'FieldValueInvalid', field: '<nil>', message: unclear });
  for (const name of schema.required ?? []) {
    if (value[name] === undefined)
      problems.causes.push({ reason: 'FieldValueRequired', field: join(path, name), message: 'Required value' });
  }
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties !== undefined || !schema.properties;
  for (const [key, child] of Object.entries(value)) {
    const property =
      schema.properties?.[key] ??
      (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
    if (property) walk(child, property, join(path, key), definitions, problems);
    else if (!open && !(root && ['apiVersion', 'kind', 'metadata'].includes(key)))
      problems.unknown.push(join(path, key));
  }
}

function bounds(value: unknown, schema: Schema, path: string, problems: Collected): void {
  const say = (message: string): void =>
    void problems.causes.push({
      reason: 'FieldValueInvalid',
      field: path,
      message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
    });
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      say(`${path} in body should be greater than or equal to ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum)
      say(`${path} in body should be less than or equal to ${schema.maximum}`);
    if (schema.multipleOf !== undefined && !isMultiple(value, schema.multipleOf))
      say(`${path} in body should be a multiple of ${schema.multipleOf}`);
  }
  if (typeof value === 'string') {
    if (problems.custom && !fitsFormat(value, schema.format))
      problems.causes.push({
        reason: 'FieldValueTypeInvalid',
        field: path,
        message: `Invalid value: ${JSON.stringify(value)}: ${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`,
      });
    // Only the first of these is said.
    if (schema.maxLength !== undefined && [...value].length > schema.maxLength)
      problems.causes.push({
        reason: 'FieldValueTooLong',
        field: path,
        message: `Too long: may not be more than ${schema.maxLength} bytes`,
      });
    else if (schema.minLength !== undefined && [...value].length < schema.minLength)
      say(`${path} in body should be at least ${schema.minLength} chars long`);
    else if (schema.pattern !== undefined && !fits(value, schema.pattern))
      say(`${path} in body should match '${schema.pattern}'`);
  }
}

function counts(value: unknown[], schema: Schema, path: string, problems: Collected): void {
  const { length } = value;
  if (schema.maxItems !== undefined && length > schema.maxItems)
    problems.causes.push({
      reason: 'FieldValueTooMany',
      field: path,
      message: `Too many: ${length}: must have at most ${schema.maxItems} items`,
    });
  if (schema.minItems !== undefined && length < schema.minItems)
    problems.causes.push({
      reason: 'FieldValueInvalid',
      field: path,
      message: `Invalid value: ${length}: ${path} in body should have at least ${schema.minItems} items`,
    });
}

/** As the API server reckons: by dividing. */
function isMultiple(value: number, of: number): boolean {
  return Number.isInteger(value / of);
}

/** The API server's patterns are Go's. One that does not compile refuses nothing. */
function fits(value: string, pattern: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(value).find();
  } catch {
    return true;
  }
}

/** The type it should have had, or undefined when it fits. */
function wrongType(value: unknown, schema: Schema): string | undefined {
  if (schema['x-kubernetes-int-or-string'])
    return Number.isInteger(value) || typeof value === 'string' ? undefined : 'integer,string';
  if (schema.format === 'int-or-string' || schema.oneOf) {
    return typeof value === 'number' || typeof value === 'string' || schema.type !== 'string'
      ? undefined
      : 'integer,string';
  }
  const name = typeName(value);
  if (!schema.type || schema.type === name) return undefined;
  return schema.type === 'number' && name === 'integer' ? undefined : schema.type;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
