// Fields that a schema does not know are not kept.
import { isMap } from '../patch-merge.ts';
import { resolve, type Schema } from './schema.ts';

/** In place: call it on a copy. The object's own apiVersion, kind and metadata stay. */
export function prune(object: unknown, schema: Schema, definitions: Record<string, Schema>): void {
  walk(object, schema, definitions, true);
}

function walk(value: unknown, declared: Schema, definitions: Record<string, Schema>, root: boolean): void {
  const schema = resolve(declared, definitions);
  if (!schema) return;
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) walk(item, schema.items, definitions, false);
    return;
  }
  if (!isMap(value)) return;
  const { properties, additionalProperties } = schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] || additionalProperties !== undefined || !properties;
  for (const [key, child] of Object.entries(value)) {
    const known = properties?.[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (known) walk(child, known, definitions, false);
    else if (!open && !(root && ['apiVersion', 'kind', 'metadata'].includes(key))) delete value[key];
  }
}
