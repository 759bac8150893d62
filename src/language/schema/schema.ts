// The shape of a kind as its CRD says it, without what an editor has no use for.
import { fields, items, text, texts } from '../../mesh/read.ts';
import type { PathPart } from '../paths.ts';

export interface Schema {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  required?: string[];
  enum?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  /** An integer or a text, as ports are. */
  intOrString?: true;
  /** Fields that it does not name are accepted. */
  open?: true;
}

export interface KindSchema {
  group: string;
  kind: string;
  /** Those that the API serves, the newest first. */
  versions: string[];
  spec: Schema;
}

/** The kinds of a CustomResourceDefinition as the API gives it; undefined for what is none of the mesh. Never throws. */
export function kindOfCrd(crd: unknown): KindSchema | undefined {
  const { group, names, versions } = fields(fields(crd).spec);
  const kind = text(fields(names).kind);
  const ownGroup = text(group);
  if (!kind || !ownGroup || !isOfMesh(ownGroup)) return undefined;
  const served = items(versions)
    .map(fields)
    .filter((version) => version.served !== false);
  const best = served.find((version) => version.name === 'v1') ?? served.find((v) => v.storage === true) ?? served[0];
  const spec = fields(fields(fields(fields(best?.schema).openAPIV3Schema).properties).spec);
  const names_ = served.flatMap((version) => text(version.name) ?? []);
  const first = text(best?.name);
  return {
    group: ownGroup,
    kind,
    versions: [...(first ? [first] : []), ...names_.filter((name) => name !== first)],
    spec: compact(spec, 0),
  };
}

export function isOfMesh(group: string): boolean {
  return group.endsWith('.istio.io') || group === 'gateway.networking.k8s.io';
}

/** The schema of a path below `spec`; undefined where the schema says nothing. */
export function schemaAt(root: Schema, path: readonly PathPart[]): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const part of path) {
    if (!schema) return undefined;
    if (typeof part === 'number') schema = schema.items;
    else schema = ownProperty(schema, part) ?? schema.additionalProperties;
  }
  return schema;
}

export function ownProperty(schema: Schema, name: string): Schema | undefined {
  return schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
}

/** Of a schema that may be hostile: deeper than any real one it says nothing. */
function compact(given: unknown, depth: number): Schema {
  if (depth > 40) return { open: true };
  const schema = fields(given);
  const { properties, additionalProperties: more } = schema;
  const enums = items(schema.enum).flatMap((value) => (typeof value === 'string' ? [value] : []));
  const figures = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'].flatMap((name) =>
    typeof schema[name] === 'number' ? [[name, schema[name]] as const] : [],
  );
  const words = ['type', 'format', 'pattern'].flatMap((name) =>
    typeof schema[name] === 'string' ? [[name, schema[name]] as const] : [],
  );
  return {
    ...Object.fromEntries([...words, ...figures]),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(fields(properties)).map(([name, child]) => [name, compact(child, depth + 1)]),
      ),
    }),
    ...(schema.items !== undefined && { items: compact(schema.items, depth + 1) }),
    ...(typeof more === 'object' && more !== null && { additionalProperties: compact(more, depth + 1) }),
    ...(items(schema.required).length > 0 && { required: texts(schema.required) }),
    ...(enums.length > 0 && { enum: enums }),
    ...(schema['x-kubernetes-int-or-string'] === true && { intOrString: true as const }),
    ...((schema['x-kubernetes-preserve-unknown-fields'] === true || more === true) && { open: true as const }),
  };
}
