// Structural schemas of kinds: the built-in ones from schemas/generated, the custom ones from their CRD.
import type { KubeObject } from '../../../mesh/objects.ts';

export interface Schema {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  oneOf?: Schema[];
  anyOf?: Schema[];
  not?: Schema;
  nullable?: boolean;
  $ref?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-validations'?: ValidationRule[];
}

/** One CEL rule of a CRD. */
export interface ValidationRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

/** Follows $ref; what stands beside the reference (default, patch keys) is kept. */
export function resolve(schema: Schema | undefined, definitions: Record<string, Schema>): Schema | undefined {
  if (!schema?.$ref) return schema;
  const known = resolved.get(schema);
  if (known) return known;
  const { $ref, ...beside } = schema;
  const target = definitions[$ref];
  if (!target) return undefined;
  const whole = { ...target, ...beside };
  resolved.set(schema, whole);
  return whole;
}

/** A schema is only read with the definitions that it came with. */
const resolved = new WeakMap<Schema, Schema>();

export type SchemaLookup = (
  object: Pick<KubeObject, 'apiVersion' | 'kind'>,
) => { schema: Schema; definitions: Record<string, Schema> } | undefined;
