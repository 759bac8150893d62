// What Go says when a value of an object does not fit its field: the API server decodes before it looks at anything else.
import { parseQuantity } from '../../../mesh/quantity.ts';
import { isMap } from '../patch-merge.ts';
import type { Schema } from './schema.ts';

interface Place {
  definitions: Record<string, Schema>;
  /** To where is looked now: `spec`, `template`, `spec`. One list for the whole walk, since most of it finds nothing to say. */
  path: string[];
}

/** The first complaint, or undefined when the object can be read. `kind` names the outermost type. */
export function goDecodeError(
  object: Record<string, unknown>,
  schema: Schema,
  definitions: Record<string, Schema>,
  kind: string,
): string | undefined {
  return fields(object, schema, kind, { definitions, path: [] });
}

/** `owner`: the Go type that has the fields, `DeploymentSpec`. */
function fields(value: Record<string, unknown>, schema: Schema, owner: string, place: Place): string | undefined {
  for (const key in value) {
    const child = value[key];
    const property = schema.properties?.[key];
    if (!property || child === null || child === undefined) continue;
    place.path.push(key);
    const found = field(child, property, owner, place);
    if (found) return found;
    place.path.pop();
  }
  return undefined;
}

function field(value: unknown, declared: Schema, owner: string, place: Place): string | undefined {
  const { definitions, path } = place;
  const name = declared.$ref;
  const schema = name === undefined ? declared : definitions[name];
  if (!schema) return undefined;
  const special = name && specials[name];
  if (special) return special(value, owner, path);
  if (schema['x-kubernetes-int-or-string'] || schema.format === 'int-or-string' || schema.oneOf) return undefined;
  const wanted = schema.type ?? (schema.properties ? 'object' : undefined);
  if (wanted === undefined) return undefined;
  const given = kindOf(value);
  if (!fits(wanted, given, value)) return cannot(given, value, owner, path, goType(declared, definitions));
  if (schema.format === 'byte' && typeof value === 'string') return badBase64(value);
  if (Array.isArray(value)) {
    for (const item of schema.items ? value : []) {
      const found = schema.items && item !== null && field(item, schema.items, owner, place);
      if (found) return found;
    }
    return undefined;
  }
  if (!isMap(value)) return undefined;
  const { additionalProperties } = schema;
  if (typeof additionalProperties !== 'object') return fields(value, schema, name ? shortName(name) : owner, place);
  for (const key in value) {
    const found = value[key] !== null && field(value[key], additionalProperties, owner, place);
    if (found) return found;
  }
  return undefined;
}

type Given = 'string' | 'number' | 'bool' | 'array' | 'object';

function kindOf(value: unknown): Given {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' || typeof value === 'number' ? (typeof value as 'string' | 'number') : 'object';
}

function fits(wanted: string, given: Given, value: unknown): boolean {
  if (wanted === 'integer') return Number.isInteger(value);
  return (wanted === 'boolean' ? 'bool' : wanted) === given;
}

function cannot(given: Given, value: unknown, owner: string, path: readonly string[], type: string): string {
  const what = given === 'number' && !Number.isInteger(value) ? `number ${String(value)}` : given;
  return `json: cannot unmarshal ${what} into Go struct field ${owner}.${path.join('.')} of type ${type}`;
}

/** `int32`, `map[string]string`, `v1.PodSpec`, `[]v1.Container`. */
function goType(declared: Schema, definitions: Record<string, Schema>): string {
  const { $ref, type, format, items, additionalProperties } = declared;
  if ($ref !== undefined) {
    const target = definitions[$ref];
    return target?.properties || !target ? packaged($ref) : goType(target, definitions);
  }
  switch (type) {
    case 'integer':
      return format === 'int64' ? 'int64' : 'int32';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'array':
      return `[]${items ? goType(items, definitions) : 'interface {}'}`;
    case 'object':
      return typeof additionalProperties === 'object'
        ? `map[string]${goType(additionalProperties, definitions)}`
        : 'map[string]interface {}';
    default:
      return format === 'byte' ? '[]uint8' : 'string';
  }
}

/** `io.k8s.api.core.v1.PodSpec` → `v1.PodSpec` */
const packaged = (name: string): string => name.split('.').slice(-2).join('.');
const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const specials: Record<string, (value: unknown, owner: string, path: readonly string[]) => string | undefined> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': (value) => {
    if (parseQuantity(value) !== undefined) return undefined;
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': (value, owner, path) => {
    if (typeof value !== 'string') return cannot(kindOf(value), value, owner, path, 'string');
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
    return `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`;
  },
};

function badBase64(text: string): string | undefined {
  const at = text.search(/[^A-Za-z0-9+/=\r\n]/);
  if (at >= 0) return `illegal base64 data at input byte ${at}`;
  const bare = text.replace(/[\r\n]/g, '');
  return bare.length % 4 === 0
    ? undefined
    : `illegal base64 data at input byte ${Math.max(0, bare.length - (bare.length % 4))}`;
}
