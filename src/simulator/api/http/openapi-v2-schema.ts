// A CRD's schema as OpenAPI v2 can say it: what kubectl cannot cope with there is left out, as the API server does.
import { isMap } from '../patch-merge.ts';
import type { Schema } from '../schemas/schema.ts';

const JUNCTIONS = ['allOf', 'anyOf', 'oneOf', 'not'];

/** The whole schema of a kind: of one that keeps what it does not know, nothing can be said but that it is an object. */
export function rootInV2(schema: Schema): Record<string, unknown> {
  if (keepsUnknown(schema)) return { type: 'object' };
  return inV2(schema);
}

function inV2(schema: Schema): Record<string, unknown> {
  const { nullable, properties, items, additionalProperties, required, ...rest } = schema as Record<string, unknown>;
  for (const junction of JUNCTIONS) delete rest[junction];
  const untyped = nullable === true || keepsUnknown(schema);
  if (untyped) delete rest.type;
  if (rest.type === 'array' && !items) delete rest.type;
  const needed = Array.isArray(required) ? required.filter((name) => !isNullable(properties, String(name))) : [];
  return {
    ...rest,
    ...(needed.length > 0 && { required: needed }),
    ...(!untyped &&
      isMap(properties) && {
        properties: Object.fromEntries(Object.entries(properties).map(([name, p]) => [name, inV2(p as Schema)])),
      }),
    ...(!untyped && isMap(items) && { items: inV2(items as Schema) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: isMap(additionalProperties) ? inV2(additionalProperties as Schema) : additionalProperties,
    }),
  };
}

function keepsUnknown(schema: Schema): boolean {
  return (schema as Record<string, unknown>)['x-kubernetes-preserve-unknown-fields'] === true;
}

function isNullable(properties: unknown, name: string): boolean {
  const property = isMap(properties) ? properties[name] : undefined;
  return isMap(property) && property.nullable === true;
}
