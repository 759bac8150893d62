// Maps and lists without anything in them: Go writes none of those that it may leave out, so nobody reads them back.
import { isMap } from '../patch-merge.ts';
import { resolve, type Schema } from './schema.ts';

/** In place. A status keeps its own, which programs of the cluster write. */
export function dropEmpties(
  object: Record<string, unknown>,
  schema: Schema,
  definitions: Record<string, Schema>,
): void {
  for (const [key, value] of Object.entries(object)) {
    const property = schema.properties?.[key];
    if (!property || key === 'status') continue;
    if (isEmpty(value) && mayBeLeftOut(property) && !schema.required?.includes(key)) delete object[key];
    else walk(value, property, definitions);
  }
}

function walk(value: unknown, declared: Schema, definitions: Record<string, Schema>): void {
  const schema = resolve(declared, definitions);
  if (!schema) return;
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) walk(item, schema.items, definitions);
    return;
  }
  if (isMap(value) && schema.properties) dropEmpties(value, schema, definitions);
}

/** Of Go's maps and lists; an empty structure says something by being there. */
function mayBeLeftOut({ type, additionalProperties, $ref }: Schema): boolean {
  return $ref === undefined && (type === 'array' || (type === 'object' && additionalProperties !== undefined));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}
