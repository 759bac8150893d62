// Which kinds are served: the built-in rows, and the CRDs of the moment.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { ResourceId } from '../../contract.ts';
import { builtInKinds, type KindDefinition } from './built-in.ts';

export type { KindDefinition } from './built-in.ts';

export interface KindTable {
  all(): KindDefinition[];
  byResource(group: string, plural: string): KindDefinition | undefined;
  byKind(group: string, kind: string): KindDefinition | undefined;
  byId(id: ResourceId): KindDefinition | undefined;
  /** Adds or replaces the kind of a CRD. */
  define(definition: KindDefinition): void;
  forget(group: string, plural: string): void;
}

export function resourceIdOf(group: string, plural: string): ResourceId {
  return group === '' ? plural : `${group}/${plural}`;
}

/** `apps/v1` → { group: 'apps', version: 'v1' }. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

export function createKindTable(): KindTable {
  const kinds = new Map<ResourceId, KindDefinition>();
  const byKind = new Map<string, KindDefinition>();
  const add = (k: KindDefinition): void => {
    kinds.set(resourceIdOf(k.group, k.plural), k);
    byKind.set(`${k.group}/${k.kind}`, k);
  };
  for (const kind of builtInKinds) add(kind);
  return {
    all: () => [...kinds.values()],
    byResource: (group, plural) => kinds.get(resourceIdOf(group, plural)),
    byKind: (group, kind) => byKind.get(`${group}/${kind}`),
    byId: (id) => kinds.get(id),
    define: add,
    forget(group, plural) {
      const id = resourceIdOf(group, plural);
      const known = kinds.get(id);
      if (!known) return;
      kinds.delete(id);
      byKind.delete(`${group}/${known.kind}`);
    },
  };
}

/** The table with one more kind, which is served in a form of its own and stored as another. */
export function withKind(table: KindTable, kind: KindDefinition): KindTable {
  return {
    ...table,
    all: () => [...table.all(), kind],
    byResource: (group, plural) =>
      table.byResource(group, plural) ?? (group === kind.group && plural === kind.plural ? kind : undefined),
  };
}

/** The kind that a CustomResourceDefinition describes. Undefined when it is too malformed to serve. */
export function kindOfCrd(crd: KubeObject): KindDefinition | undefined {
  const spec = crd.spec as CrdSpec | undefined;
  if (!spec?.group || !spec.names?.plural || !spec.names.kind) return undefined;
  const versions = (spec.versions ?? []).filter((v) => v.served);
  const stored = versions.find((v) => v.storage) ?? versions[0];
  if (!stored) return undefined;
  return {
    group: spec.group,
    versions: [stored.name, ...versions.filter((v) => v !== stored).map((v) => v.name)],
    kind: spec.names.kind,
    listKind: spec.names.listKind ?? `${spec.names.kind}List`,
    plural: spec.names.plural,
    singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
    shortNames: spec.names.shortNames ?? [],
    categories: spec.names.categories ?? [],
    namespaced: spec.scope !== 'Cluster',
    subresources: [
      ...(stored.subresources?.status ? ['status'] : []),
      ...(stored.subresources?.scale ? ['scale'] : []),
    ],
    crd,
  };
}

interface CrdSpec {
  group: string;
  scope: string;
  names: {
    plural: string;
    kind: string;
    singular?: string;
    listKind?: string;
    shortNames?: string[];
    categories?: string[];
  };
  versions: { name: string; served: boolean; storage: boolean; subresources?: { status?: object; scale?: object } }[];
}
