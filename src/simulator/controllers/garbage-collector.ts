// Deletes what depends on objects that are gone, and winds down foreground and orphaning deletions.
import type { KubeObject, OwnerReference } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import { createObjectIndex, type ObjectKey } from './object-index.ts';
import { createWorkQueue } from './work-queue.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

export function startGarbageCollector(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'garbage collector', sync);
  const pending = new Map<string, ObjectKey>();
  const index = createObjectIndex(registry, onChange);
  return () => {
    index.stop();
    queue.stop();
  };

  function onChange({ type, resource, object }: RegistryEvent) {
    const { uid = '', namespace, name, ownerReferences = [], deletionTimestamp, finalizers = [] } = object.metadata;
    const owners = ownerReferences.map((o) => o.uid);
    if (type === 'DELETED') {
      for (const dependent of index.ownedBy(uid)) look(dependent);
      // An owner that waits for its dependents counts them again.
      for (const owner of owners) queue.add(owner);
      return;
    }
    const key = { resource, namespace, name, uid, owners };
    const waits = deletionTimestamp && finalizers.some((f) => f === FOREGROUND || f === ORPHAN);
    if (waits || (type === 'ADDED' && owners.length > 0)) look(key);
  }

  function look(key: ObjectKey) {
    pending.set(key.uid, key);
    queue.add(key.uid);
  }

  function sync(uid: string) {
    const key = pending.get(uid);
    if (!key) return;
    const object = registry.get(key.resource, key.namespace, key.name);
    if (object?.metadata.uid !== uid) {
      pending.delete(uid);
      return;
    }
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp && finalizers.includes(ORPHAN)) orphanDependents(key);
    else if (isWindingDown(object)) deleteDependents(key);
    else {
      pending.delete(uid);
      if (!deletionTimestamp) checkOwners(key, object, (owner) => !index.has(owner.uid));
    }
  }

  /** Without an owner that stays, an object goes; among those that stay, the others are forgotten. True when it goes. */
  function checkOwners(key: ObjectKey, object: KubeObject, isLeaving: (owner: OwnerReference) => boolean): boolean {
    const owners = object.metadata.ownerReferences ?? [];
    const staying = owners.filter((owner) => !isLeaving(owner));
    if (staying.length === owners.length) return false;
    if (staying.length > 0) {
      edit(key, (copy) => {
        copy.metadata.ownerReferences = staying;
      });
      return false;
    }
    const foreground = owners.some((owner) => index.has(owner.uid) && owner.blockOwnerDeletion);
    const propagationPolicy = foreground ? 'Foreground' : 'Background';
    registry.remove(key.resource, key.namespace, key.name, { propagationPolicy });
    return true;
  }

  /** Those that have no other owner go; the object itself once none of them is left that holds it up. */
  function deleteDependents(key: ObjectKey) {
    const dependents = index.ownedBy(key.uid);
    for (const dependent of dependents) {
      const object = current(dependent);
      if (!object || object.metadata.deletionTimestamp) continue;
      if (isCircular(dependent)) unblock(dependent);
      const now = current(dependent);
      if (now) checkOwners(dependent, now, (owner) => !index.has(owner.uid) || isLeavingForeground(owner.uid));
    }
    if (!dependents.some((dependent) => isHeldUpBy(dependent, key.uid))) finalize(key, FOREGROUND);
  }

  /** Its deletion would wait for an object that waits for it. */
  function isCircular({ uid }: ObjectKey): boolean {
    return index.ownedBy(uid).some((dependent) => {
      const object = current(dependent);
      return object !== undefined && isWindingDown(object);
    });
  }

  function unblock(key: ObjectKey) {
    edit(key, (copy) => {
      copy.metadata.ownerReferences = copy.metadata.ownerReferences?.map((o) => ({ ...o, blockOwnerDeletion: false }));
    });
  }

  function isHeldUpBy(dependent: ObjectKey, uid: string): boolean {
    const references = current(dependent)?.metadata.ownerReferences;
    return references?.some((o) => o.uid === uid && o.blockOwnerDeletion) ?? false;
  }

  function isLeavingForeground(uid: string): boolean {
    const key = index.find(uid);
    const object = key && current(key);
    return object !== undefined && isWindingDown(object);
  }

  function current({ resource, namespace, name, uid }: ObjectKey): KubeObject | undefined {
    const object = registry.get(resource, namespace, name);
    return object?.metadata.uid === uid ? object : undefined;
  }

  function orphanDependents(key: ObjectKey) {
    for (const dependent of index.ownedBy(key.uid)) {
      edit(dependent, (copy) => {
        const rest = (copy.metadata.ownerReferences ?? []).filter((o) => o.uid !== key.uid);
        if (rest.length > 0) copy.metadata.ownerReferences = rest;
        else delete copy.metadata.ownerReferences;
      });
    }
    finalize(key, ORPHAN);
  }

  function finalize(key: ObjectKey, finalizer: string) {
    pending.delete(key.uid);
    edit(key, (copy) => {
      copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((f) => f !== finalizer);
    });
  }

  function edit({ resource, namespace, name }: ObjectKey, change: (copy: KubeObject) => void) {
    registry.edit(resource, namespace, name, change);
  }
}

/** Being deleted, once what depends on it is gone. */
function isWindingDown({ metadata: { deletionTimestamp, finalizers = [] } }: KubeObject): boolean {
  return deletionTimestamp !== undefined && finalizers.includes(FOREGROUND);
}
