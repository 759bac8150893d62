import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry, RegistryEvent, ResourceId } from '../contract.ts';
import type { LabelSelector } from './kinds.ts';
import { controllerOf, keyOf } from './pods.ts';
import { selects } from './selectors.ts';
import type { WorkQueue } from './work-queue.ts';

type Selecting = KubeObject<{ selector?: LabelSelector }>;

export interface Owners {
  resource: ResourceId;
  kind: string;
  /** Where the selector is not spec.selector as it stands. */
  selectorOf?(owner: KubeObject): LabelSelector | undefined;
}

/**
 * Puts an owner on its queue when it or something that belongs to it changes: what it controls (before or after the
 * change), and orphans that it would adopt.
 */
export function watchOwned(registry: Registry, queue: WorkQueue, owners: Owners, owned: ResourceId): () => void {
  const selectorOf = owners.selectorOf ?? ((owner: Selecting) => owner.spec?.selector);
  const enqueueOwner = (object: KubeObject | undefined) => {
    const controller = object && controllerOf(object);
    if (controller?.kind === owners.kind) queue.add(`${object?.metadata.namespace ?? ''}/${controller.name}`);
  };
  const enqueueAdopters = (orphan: KubeObject) => {
    for (const owner of registry.list(owners.resource, orphan.metadata.namespace) as Selecting[]) {
      if (selects(selectorOf(owner), orphan.metadata.labels)) queue.add(keyOf(owner));
    }
  };
  const onOwned = ({ type, object, previous }: RegistryEvent) => {
    enqueueOwner(object);
    enqueueOwner(previous);
    if (type !== 'DELETED' && !controllerOf(object)) enqueueAdopters(object);
  };
  const stops = [
    registry.watch(owners.resource, ({ object }) => queue.add(keyOf(object))),
    registry.watch(owned, onOwned),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
