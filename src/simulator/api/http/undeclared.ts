// What server-side apply says of fields that the schema does not have: it can own none of them, whatever the client asked.
import { ApiError } from '../errors.ts';
import { splitApiVersion } from '../kinds/kind-table.ts';
import { childSchema, describe, keyStep, listKeys } from '../managed-fields.ts';
import { resolve, type Schema } from '../schemas/schema.ts';
import type { Schemas } from '../schemas/schemas.ts';
import { checkShape } from '../schemas/validate.ts';
import { isMap } from './body.ts';

/** Items of a list that is a map by some of their fields, where two are the same one: `.spec.ports: duplicate entries …`. */
function repeatedKeys(
  value: unknown,
  declared: Schema | undefined,
  definitions: Record<string, Schema>,
  path = '',
): string[] {
  const schema = resolve(declared, definitions);
  if (isMap(value))
    return Object.entries(value).flatMap(([key, child]) =>
      repeatedKeys(child, childSchema(schema, key), definitions, `${path}.${key}`),
    );
  if (!Array.isArray(value)) return [];
  const keys = listKeys(schema);
  const steps = keys ? value.filter(isMap).map((item) => keyStep(item, keys, schema, definitions)) : [];
  const again = [...new Set(steps.filter((step, i) => steps.indexOf(step) < i))];
  const below = value.flatMap((item, i) => repeatedKeys(item, schema?.items, definitions, `${path}[${i}]`));
  return [...again.map((step) => `${path}: duplicate entries for key ${describe({ [step]: {} })[0]}`), ...below];
}

/** Throws what the API server has no better code for than 500. `configuration` is the body as it came. */
export function refuseUndeclared(schemas: Schemas, configuration: Record<string, unknown>): void {
  const { apiVersion, kind, metadata } = configuration;
  const type = { apiVersion: String(apiVersion), kind: String(kind) };
  const typed = schemas.of(type);
  if (!typed) return;
  const { unknown } = checkShape(configuration, typed.schema, typed.definitions);
  const twice = repeatedKeys(configuration, typed.schema, typed.definitions);
  if (unknown.length === 0 && twice.length === 0) return;
  const { group, version } = splitApiVersion(type.apiVersion);
  const { namespace = '', name = '' } = isMap(metadata) ? metadata : {};
  const found = [...unknown.map((path) => `.${path}: field not declared in schema`), ...twice];
  const all = found.length === 1 ? found[0] : `errors:\n  ${found.join('\n  ')}`;
  const object = `${namespace}/${name}; ${group}/${version}, Kind=${type.kind}`;
  throw new ApiError(500, '', `failed to create typed patch object (${object}): ${all}`);
}
