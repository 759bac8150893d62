// Finds the schema of an object: among the built-in definitions, or in its CRD.
import type { KubeObject } from '../../../mesh/objects.ts';
import builtIn from '../generated/kubernetes.json' with { type: 'json' };
import { type KindTable, splitApiVersion } from '../kinds/kind-table.ts';
import { isMap } from '../patch-merge.ts';
import type { Schema } from './schema.ts';

export interface Schemas {
  of(
    object: Pick<KubeObject, 'apiVersion' | 'kind'>,
  ): { schema: Schema; definitions: Record<string, Schema> } | undefined;
  /** One of Kubernetes' own kinds. */
  builtIn(object: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean;
}

interface BuiltIn {
  /** `apps/v1/Deployment` → name of its definition. */
  kinds: Record<string, string>;
  definitions: Record<string, Schema>;
}

const { kinds: byKind, definitions } = builtIn as unknown as BuiltIn;

export function createSchemas(kinds: KindTable): Schemas {
  return {
    builtIn: ({ apiVersion, kind }) => byKind[`${apiVersion}/${kind}`] !== undefined,
    of({ apiVersion, kind }) {
      const name = byKind[`${apiVersion}/${kind}`];
      const schema = name === undefined ? undefined : definitions[name];
      if (schema) return { schema, definitions };
      const { group, version } = splitApiVersion(apiVersion);
      const custom = customSchema(kinds.byKind(group, kind)?.crd, version);
      return custom && { schema: custom, definitions };
    },
  };
}

/** The CRD's schema with the metadata that every object has. */
function customSchema(crd: KubeObject | undefined, version: string): Schema | undefined {
  const spec = crd?.spec;
  if (!isMap(spec) || !Array.isArray(spec.versions)) return undefined;
  const found = spec.versions.find((v) => isMap(v) && v.name === version);
  const schema = isMap(found) && isMap(found.schema) ? (found.schema.openAPIV3Schema as Schema | undefined) : undefined;
  if (!schema) return undefined;
  const meta: Schema = { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', default: {} };
  return {
    ...schema,
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...schema.properties, metadata: meta },
  };
}
