// Makes an object as it is wanted, and leaves alone what others have added to it.
import { isDeepStrictEqual } from 'node:util';
import { CONTROLLER } from '../../../mesh/gateway-api/classes.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields } from '../../../mesh/read.ts';
import type { Registry } from '../../contract.ts';
import type { WantedObject } from './infrastructure.ts';

const MANAGED = 'gateway.istio.io/managed';

/** `before` is what was wanted last time: what it had and is not wanted any more is taken away. */
export function keepObject(registry: Registry, { resource, object }: WantedObject, before?: KubeObject): void {
  const { namespace, name } = object.metadata;
  const existing = registry.get(resource, namespace, name);
  if (!existing) {
    registry.create(resource, object, { fieldManager: CONTROLLER });
    return;
  }
  // Somebody else's object of the same name.
  if (existing.metadata.labels?.[MANAGED] === undefined) return;
  if (before && isDeepStrictEqual(before, object)) return;
  registry.edit(
    resource,
    namespace,
    name,
    (copy) => {
      copy.metadata.labels = marks(copy.metadata.labels, before?.metadata.labels, object.metadata.labels);
      copy.metadata.annotations = marks(
        copy.metadata.annotations,
        before?.metadata.annotations,
        object.metadata.annotations,
      );
      if (object.spec !== undefined) copy.spec = { ...fields(copy.spec), ...fields(object.spec) };
    },
    { fieldManager: CONTROLLER },
  );
}

function marks(
  existing: Record<string, string> = {},
  before: Record<string, string> = {},
  wanted: Record<string, string> = {},
): Record<string, string> {
  const kept = Object.entries(existing).filter(([key]) => !Object.hasOwn(before, key));
  return { ...Object.fromEntries(kept), ...wanted };
}
