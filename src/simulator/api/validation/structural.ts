// The schema of a CustomResourceDefinition: it must say the type of everything, and nothing twice.
import { compileComplaint } from '../cel/complaints.ts';
import { isMap } from '../patch-merge.ts';
import { prune } from '../schemas/prune.ts';
import type { Schema } from '../schemas/schema.ts';
import { checkShape } from '../schemas/validate.ts';
import { createProblems, type Problems } from './problems.ts';

type Map = Record<string, unknown>;
type Level = 'root' | 'items' | 'field';

export function checkDefinitionSchema(schema: Map, problems: Problems): void {
  const shape = createProblems([], problems.path);
  structure(schema, 'root', shape);
  // The API server walks its maps in any order, and sorts what it has to say.
  const text = (cause: { field: string; message: string }): string => `${cause.field}: ${cause.message}`;
  problems.causes.push(...shape.causes.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)));
  const sound = shape.causes.length === 0;
  if (sound) defaults(schema, problems);
  walk(schema, problems, sound && shape.causes.length === 0);
}

const untyped: Record<Level, string> = {
  root: 'must not be empty at the root',
  items: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function structure(schema: Map, level: Level, problems: Problems): void {
  const { type, items, properties, additionalProperties } = schema;
  if (type === 'array' && !isMap(items)) problems.at('items').required('must be specified');
  if (isMap(items)) structure(items, 'items', problems.at('items'));
  for (const [name, child] of Object.entries(isMap(properties) ? properties : {})) {
    // What metadata may say is fixed.
    if (isMap(child) && !(level === 'root' && name === 'metadata'))
      structure(child, 'field', problems.at('properties').key(name));
  }
  if (additionalProperties !== undefined) {
    if (level === 'root') problems.at('additionalProperties').forbidden('must not be used at the root');
    if (isMap(additionalProperties)) structure(additionalProperties, 'field', problems.at('additionalProperties'));
  }
  const free = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (!type && !free) problems.at('type').required(untyped[level]);
  if (level === 'root' && type && type !== 'object') problems.at('type').invalid(type, 'must be object at the root');
  if (level !== 'root') return;
  for (const name of ['kind', 'apiVersion']) {
    const own = isMap(properties) ? properties[name] : undefined;
    if (isMap(own) && own.type !== 'string')
      problems
        .at('properties')
        .key(name)
        .at('type')
        .invalid(own.type ?? '', 'must be string');
  }
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];

function walk(schema: Map, problems: Problems, rules: boolean): void {
  const { type, properties, additionalProperties, items } = schema;
  if (type !== undefined && !types.includes(String(type))) problems.at('type').notSupported(type, types);
  for (const name of unsupported)
    if (schema[name] !== undefined) problems.at(name).forbidden(`${name} is not supported`);
  if (schema.uniqueItems === true)
    problems
      .at('uniqueItems')
      .forbidden('uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  const named = Object.entries(isMap(properties) ? properties : {});
  if (additionalProperties !== undefined && named.length > 0 && additionalProperties !== true)
    problems.at('additionalProperties').forbidden('additionalProperties and properties are mutual exclusive');
  if (isMap(additionalProperties)) walk(additionalProperties, problems.at('additionalProperties'), rules);
  for (const [name, child] of named) if (isMap(child)) walk(child, problems.at('properties').key(name), rules);
  if (isMap(items)) walk(items, problems.at('items'), rules);
  for (const junction of ['allOf', 'oneOf', 'anyOf']) {
    const all = schema[junction];
    if (Array.isArray(all))
      all.forEach((child, i) => {
        if (isMap(child)) walk(child, problems.at(junction, i), false);
      });
  }
  lists(schema, problems);
  if (rules) checkRules(schema['x-kubernetes-validations'], problems.at('x-kubernetes-validations'));
}

function lists(schema: Map, problems: Problems): void {
  const [mapType, listType] = [schema['x-kubernetes-map-type'], schema['x-kubernetes-list-type']];
  const keys = schema['x-kubernetes-list-map-keys'];
  if (mapType !== undefined && schema.type !== 'object')
    wrongType(schema.type, 'must be object if x-kubernetes-map-type is specified', problems);
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular')
    problems.at('x-kubernetes-map-type').notSupported(mapType, ['atomic', 'granular']);
  if (listType !== undefined && schema.type !== 'array')
    wrongType(schema.type, 'must be array if x-kubernetes-list-type is specified', problems);
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(String(listType)))
    problems.at('x-kubernetes-list-type').notSupported(listType, ['atomic', 'set', 'map']);
  const listed = Array.isArray(keys) ? keys.map(String) : [];
  if (listed.length > 0 && listType !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
    if (listType === undefined) problems.at('x-kubernetes-list-type').required(why);
    else problems.at('x-kubernetes-list-type').invalid(listType, why);
  }
  if (listType !== 'map') return;
  if (listed.length === 0)
    problems.at('x-kubernetes-list-map-keys').required('must not be empty if x-kubernetes-list-type is map');
  const { items } = schema;
  if (!isMap(items)) problems.at('items').required('must have a schema if x-kubernetes-list-type is map');
  else if (items.type !== 'object')
    problems
      .at('items', 'type')
      .invalid(items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map");
  else mapKeys(items, listed, problems);
}

function mapKeys(items: Map, keys: string[], problems: Problems): void {
  const properties = isMap(items.properties) ? items.properties : {};
  const at = problems.at('x-kubernetes-list-map-keys');
  for (const key of keys) if (!isMap(properties[key])) at.invalid(keys, 'entries must all be names of item properties');
  if (new Set(keys).size < keys.length) at.invalid(keys, 'must not contain duplicate entries');
  const required = Array.isArray(items.required) ? items.required : [];
  for (const key of keys) {
    const property = properties[key];
    if (isMap(property) && property.default === undefined && !required.includes(key))
      problems
        .at('items', 'properties')
        .key(key)
        .at('default')
        .required(
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        );
  }
}

function wrongType(type: unknown, why: string, problems: Problems): void {
  if (type === undefined) problems.at('type').required(why);
  else problems.at('type').invalid(type, why);
}

function checkRules(rules: unknown, problems: Problems): void {
  if (!Array.isArray(rules)) return;
  rules.forEach((given, i) => {
    const rule = isMap(given) ? given : {};
    const at = problems.at(i);
    const text = String(rule.rule ?? '');
    if (text.trim() === '') {
      at.at('rule').required('rule is not specified');
      return;
    }
    const complaint = compileComplaint(text);
    if (complaint) at.at('rule').invalid(asGo(rule), complaint);
  });
}

/** The API server prints its own structure. */
function asGo(rule: Map): Map {
  return {
    Rule: rule.rule ?? '',
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

function defaults(schema: Map, problems: Problems): void {
  const { default: value, properties, items, additionalProperties } = schema;
  if (value !== undefined) checkDefault(value, schema as Schema, problems.at('default'));
  for (const [name, child] of Object.entries(isMap(properties) ? properties : {}))
    if (isMap(child)) defaults(child, problems.at('properties').key(name));
  if (isMap(items)) defaults(items, problems.at('items'));
  if (isMap(additionalProperties)) defaults(additionalProperties, problems.at('additionalProperties'));
}

function checkDefault(value: unknown, schema: Schema, problems: Problems): void {
  const pruned: unknown = structuredClone(value);
  prune(pruned, schema, {});
  if (JSON.stringify(pruned) !== JSON.stringify(value)) problems.invalid(value, 'must be pruned');
  if (value === null && schema.nullable !== true) problems.invalid(value, 'must not be null');
  for (const cause of checkShape(value, schema, {}).causes) {
    const below = cause.field === '' || cause.field === '<nil>' ? problems : problems.at(cause.field);
    problems.causes.push({ ...cause, field: below.path });
  }
}
