// Which objects belong to a controller: those it owns and still selects, and orphans that it selects and adopts.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry, ResourceId } from '../contract.ts';
import type { LabelSelector, PodTemplate } from './kinds.ts';
import { controllerOf, ownerReferenceTo } from './pods.ts';
import { selects } from './selectors.ts';

export function claim<T extends KubeObject>(
  registry: Registry,
  resource: ResourceId,
  owner: KubeObject,
  selector: LabelSelector | undefined,
): T[] {
  const mayAdopt = !owner.metadata.deletionTimestamp;
  const claimed: T[] = [];
  for (const object of registry.list(resource, owner.metadata.namespace) as T[]) {
    const controller = controllerOf(object);
    const selected = selects(selector, object.metadata.labels);
    if (controller?.uid === owner.metadata.uid) {
      if (selected) claimed.push(object);
      else if (mayAdopt) release(registry, resource, owner, object);
    } else if (!controller && selected && mayAdopt && !object.metadata.deletionTimestamp) {
      const adopted = adopt(registry, resource, owner, object);
      if (adopted) claimed.push(adopted as T);
    }
  }
  return claimed;
}

/**
 * Whether the pods of a template would belong to their maker. The API refuses what fails this; a controller that acted
 * on it would make pods without end.
 */
export function selectsOwn(spec: { selector?: LabelSelector; template?: PodTemplate } | undefined): boolean {
  return selects(spec?.selector, spec?.template?.metadata?.labels);
}

function adopt(registry: Registry, resource: ResourceId, owner: KubeObject, object: KubeObject) {
  return registry.edit(resource, object.metadata.namespace, object.metadata.name, (copy) => {
    copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownerReferenceTo(owner)];
  });
}

function release(registry: Registry, resource: ResourceId, owner: KubeObject, object: KubeObject) {
  registry.edit(resource, object.metadata.namespace, object.metadata.name, (copy) => {
    const rest = copy.metadata.ownerReferences?.filter((o) => o.uid !== owner.metadata.uid) ?? [];
    if (rest.length > 0) copy.metadata.ownerReferences = rest;
    else delete copy.metadata.ownerReferences;
  });
}
