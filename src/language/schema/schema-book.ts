// All kinds that the help knows: those of the cluster when there is one, else those that Malla brings.
import type { KindSchema, Schema } from './schema.ts';

export interface SchemaBook {
  readonly kinds: readonly KindSchema[];
  /** By `group/version` and kind; undefined for another's kind. */
  find(apiVersion: string, kind: string): KindSchema | undefined;
  /** `group/version` of every kind. */
  readonly apiVersions: readonly string[];
}

/** Kinds of `above` take the place of those of `base`. */
export function createSchemaBook(base: readonly KindSchema[], above: readonly KindSchema[] = []): SchemaBook {
  const byName = new Map([...base, ...above].map((kind) => [`${kind.group}/${kind.kind}`, kind]));
  const kinds = [...byName.values()];
  return {
    kinds,
    find: (apiVersion, kind) => byName.get(`${apiVersion.split('/')[0] ?? ''}/${kind}`),
    apiVersions: [...new Set(kinds.map((kind) => `${kind.group}/${kind.versions[0] ?? 'v1'}`))].sort(),
  };
}

const texts: Schema = { type: 'object', additionalProperties: { type: 'string' } };

/** The part of every object that no CRD says, of what people write. */
export const metadataSchema: Schema = {
  type: 'object',
  open: true,
  required: ['name'],
  properties: {
    name: { type: 'string', maxLength: 253 },
    namespace: { type: 'string', maxLength: 63 },
    labels: texts,
    annotations: texts,
  },
};

export function objectSchema(kind: KindSchema): Schema {
  return {
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: metadataSchema,
      spec: kind.spec,
      status: { type: 'object', open: true },
    },
  };
}
