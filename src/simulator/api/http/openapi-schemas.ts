// The schemas that a set of kinds needs, with everything that they refer to, in the form of an OpenAPI document.
import type { KindDefinition } from '../kinds/kind-table.ts';
import { isMap } from '../patch-merge.ts';
import type { Schema } from '../schemas/schema.ts';
import type { Schemas } from '../schemas/schemas.ts';
import type { Descriptions } from './descriptions.ts';
import { rootInV2 } from './openapi-v2-schema.ts';

/** Raise when documents change for unchanged kinds. */
export const schemaNames = { version: 3 };

export interface Referenced {
  schemas: Record<string, unknown>;
  /** Kind → name of its schema. */
  roots: Map<string, string>;
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What `kubectl explain` says of the fields that every object has, where Kubernetes' own texts are not at hand. */
const objectFields: Record<string, string> = {
  apiVersion: 'APIVersion defines the group and version of the schema of this object.',
  kind: 'Kind names the type of this object, in CamelCase.',
  metadata: "Standard object's metadata.",
};
const metaFields: Record<string, string> = {
  annotations: 'Annotations are data for tools and people, which nothing selects by.',
  creationTimestamp: 'CreationTimestamp is a timestamp of when the server made this object.',
  deletionTimestamp: 'DeletionTimestamp is when this object will be gone; it is being deleted.',
  finalizers: 'Finalizers have to be taken away before the object goes.',
  generateName: 'GenerateName is how the name begins that the server makes up.',
  labels: 'Labels are what selectors select by.',
  name: 'Name is unique among the objects of its kind in a namespace.',
  namespace: 'Namespace within which the name is unique.',
  ownerReferences: 'Objects that this one goes with when they are deleted.',
  resourceVersion: 'ResourceVersion changes with each write of this object.',
  uid: 'UID is unique in time and space.',
};

function described(schema: Schema): Schema {
  return withDescriptions(schema, objectFields) as Schema;
}

function withDescriptions(schema: unknown, texts: Record<string, string>): unknown {
  if (!isMap(schema) || !isMap(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    const description = texts[name];
    return [name, isMap(property) && description ? { description, ...property } : property];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** `prefix` goes before names in references: `#/components/schemas/`, or that of v2. */
export function referenced(
  schemas: Schemas,
  served: { kind: KindDefinition; version: string }[],
  prefix: string,
  descriptions: Descriptions = {},
): Referenced {
  const v2 = prefix === '#/definitions/';
  const found: Record<string, unknown> = {};
  const roots = new Map<string, string>();
  let definitions: Record<string, Schema> = {};
  for (const { kind, version } of served) {
    const apiVersion = kind.group === '' ? version : `${kind.group}/${version}`;
    const typed = schemas.of({ apiVersion, kind: kind.kind });
    if (!typed) continue;
    definitions = typed.definitions;
    const known = Object.keys(definitions).find((name) => definitions[name] === typed.schema);
    const name = known ?? customName(kind, version);
    roots.set(kind.kind, name);
    const gvk = [{ group: kind.group, version, kind: kind.kind }];
    const own = v2 && kind.crd ? rootInV2(typed.schema) : told(name, typed.schema);
    found[name] = { ...copy(described(own as Schema)), 'x-kubernetes-group-version-kind': gvk };
  }
  if (found[META]) found[META] = withDescriptions(found[META], metaFields);
  return { schemas: found, roots };

  function copy(schema: Schema): Record<string, unknown> {
    return rewrite(schema) as Record<string, unknown>;
  }

  function rewrite(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isMap(value)) return value;
    const { $ref, ...beside } = value;
    if (typeof $ref !== 'string') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, rewrite(v)]));
    include($ref);
    const target = { $ref: `${prefix}${$ref}` };
    // OpenAPI 3.0 ignores what stands beside a $ref, so Kubernetes wraps it.
    return Object.keys(beside).length === 0 ? target : { ...beside, allOf: [target] };
  }

  function include(name: string): void {
    const schema = definitions[name];
    if (found[name] !== undefined || !schema) return;
    found[name] = {};
    found[name] = copy(told(name, schema));
  }

  /** With what Kubernetes says of it, where that is known. */
  function told(name: string, schema: Schema): Schema {
    const [own, fields] = descriptions[name] ?? ['', {}];
    const whole = withDescriptions(schema, fields);
    return (own === '' || !isMap(whole) ? whole : { description: own, ...whole }) as Schema;
  }
}

/** `io.istio.networking.v1.VirtualService`: the group backwards. */
function customName(kind: KindDefinition, version: string): string {
  return [...kind.group.split('.').reverse(), version, kind.kind].join('.');
}
