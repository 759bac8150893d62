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
  definitions: Record<string, Schema>;
  /** To where is looked now: names of fields, places in lists. One list for the whole walk, since most of it finds nothing to say. */
  path: (string | number)[];
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
  const problems: Collected = { unknown: [], causes: [], custom, definitions, path: [] };
  if (schema) walk(object, schema, problems);
  return { unknown: problems.unknown, causes: problems.causes };
}

function walk(value: unknown, declared: Schema, problems: Collected): void {
  const schema = resolve(declared, problems.definitions);
  if (!schema || value === undefined) return;
  if (value === null && (!problems.custom || schema.nullable || !schema.type)) return;
  const wrong = wrongType(value, schema);
  if (wrong) {
    const path = pathOf(problems);
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
      field: pathOf(problems),
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    });
  }
  if (Array.isArray(value)) walkList(value, schema, problems);
  else if (isMap(value)) walkMap(value, schema, problems);
  else bounds(value, schema, problems);
}

function walkList(list: unknown[], schema: Schema, problems: Collected): void {
  counts(list, schema, problems);
  for (let i = 0; schema.items && i < list.length; i++) {
    problems.path.push(i);
    walk(list[i], schema.items, problems);
    problems.path.pop();
  }
  if (problems.custom) problems.causes.push(...repeatedItems(list, schema, pathOf(problems)));
}

function walkMap(map: Record<string, unknown>, schema: Schema, problems: Collected): void {
  const { path } = problems;
  const unclear = schema.oneOf && alternativesProblem(map, schema.oneOf, pathOf(problems));
  if (unclear) problems.causes.push({ reason: 'FieldValueInvalid', field: '<nil>', message: unclear });
  for (const name of schema.required ?? []) {
    if (map[name] === undefined)
      problems.causes.push({ reason: 'FieldValueRequired', field: pathOf(problems, name), message: 'Required value' });
  }
  const { properties, additionalProperties } = schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] || additionalProperties !== undefined || !properties;
  for (const key in map) {
    const property = properties?.[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (property) {
      path.push(key);
      walk(map[key], property, problems);
      path.pop();
    } else if (!open && !(path.length === 0 && OF_ALL.includes(key))) problems.unknown.push(pathOf(problems, key));
  }
}

/** Every object has them, whatever its schema says. */
const OF_ALL = ['apiVersion', 'kind', 'metadata'];

/** `spec.containers[0].image` */
function pathOf({ path }: Collected, ...more: string[]): string {
  let text = '';
  for (const step of [...path, ...more])
    text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}

function bounds(value: unknown, schema: Schema, problems: Collected): void {
  if (typeof value === 'number') numberBounds(value, schema, problems);
  if (typeof value === 'string') textBounds(value, schema, problems);
}

function numberBounds(value: number, { minimum, maximum, multipleOf }: Schema, problems: Collected): void {
  if (minimum !== undefined && value < minimum)
    sayInvalid(value, problems, `should be greater than or equal to ${minimum}`);
  if (maximum !== undefined && value > maximum)
    sayInvalid(value, problems, `should be less than or equal to ${maximum}`);
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    sayInvalid(value, problems, `should be a multiple of ${multipleOf}`);
}

function textBounds(value: string, schema: Schema, problems: Collected): void {
  const { format, maxLength, minLength, pattern } = schema;
  if (problems.custom && !fitsFormat(value, format)) {
    const path = pathOf(problems);
    problems.causes.push({
      reason: 'FieldValueTypeInvalid',
      field: path,
      message: `Invalid value: ${JSON.stringify(value)}: ${path} in body must be of type ${format}: ${JSON.stringify(value)}`,
    });
  }
  // Only the first of these is said.
  if (maxLength !== undefined && [...value].length > maxLength)
    problems.causes.push({
      reason: 'FieldValueTooLong',
      field: pathOf(problems),
      message: `Too long: may not be more than ${maxLength} bytes`,
    });
  else if (minLength !== undefined && [...value].length < minLength)
    sayInvalid(value, problems, `should be at least ${minLength} chars long`);
  else if (pattern !== undefined && !fits(value, pattern)) sayInvalid(value, problems, `should match '${pattern}'`);
}

function sayInvalid(value: unknown, problems: Collected, rule: string): void {
  const field = pathOf(problems);
  const message = `Invalid value: ${JSON.stringify(value)}: ${field} in body ${rule}`;
  problems.causes.push({ reason: 'FieldValueInvalid', field, message });
}

function counts({ length }: unknown[], { minItems, maxItems }: Schema, problems: Collected): void {
  if (maxItems !== undefined && length > maxItems)
    problems.causes.push({
      reason: 'FieldValueTooMany',
      field: pathOf(problems),
      message: `Too many: ${length}: must have at most ${maxItems} items`,
    });
  if (minItems !== undefined && length < minItems)
    sayInvalid(length, problems, `should have at least ${minItems} items`);
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
