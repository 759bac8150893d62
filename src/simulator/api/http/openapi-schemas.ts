// The schemas that a set of kinds needs, with everything that they refer to, in the form of an OpenAPI document.
import type { KindDefinition } from '../kinds/kind-table.ts';
import { isMap } from '../patch-merge.ts';
import type { Schema } from '../schemas/schema.ts';
import type { Schemas } from '../schemas/schemas.ts';

/** Raise when documents change for unchanged kinds. */
export const schemaNames = { version: 1 };

export interface Referenced {
  schemas: Record<string, unknown>;
  /** Kind → name of its schema. */
  roots: Map<string, string>;
}

/** `prefix` goes before names in references: `#/components/schemas/`. */
export function referenced(
  schemas: Schemas,
  served: { kind: KindDefinition; version: string }[],
  prefix: string,
): Referenced {
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
    found[name] = { ...copy(typed.schema), 'x-kubernetes-group-version-kind': gvk };
  }
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
    found[name] = copy(schema);
  }
}

/** `io.istio.networking.v1.VirtualService`: the group backwards. */
function customName(kind: KindDefinition, version: string): string {
  return [...kind.group.split('.').reverse(), version, kind.kind].join('.');
}
