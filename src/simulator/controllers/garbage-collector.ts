// Deletes what depends on objects that are gone, and winds down foreground and orphaning deletions.
import type { KubeObject } from '../../mesh/objects.ts';
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
    else if (deletionTimestamp && finalizers.includes(FOREGROUND)) deleteDependents(key);
    else {
      pending.delete(uid);
      if (!deletionTimestamp) checkOwners(key, object);
    }
  }

  /** Without an owner that still exists, an object goes; dead owners among living ones are forgotten. */
  function checkOwners(key: ObjectKey, object: KubeObject) {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const living = owners.filter((owner) => index.has(owner.uid));
    if (living.length === owners.length) return;
    if (living.length === 0) {
      registry.remove(key.resource, key.namespace, key.name, { propagationPolicy: 'Background' });
    } else {
      registry.edit(key.resource, key.namespace, key.name, (copy) => {
        copy.metadata.ownerReferences = living;
      });
    }
  }

  function deleteDependents(key: ObjectKey) {
    let blocking = 0;
    for (const dependent of index.ownedBy(key.uid)) {
      const object = registry.get(dependent.resource, dependent.namespace, dependent.name);
      const reference = object?.metadata.ownerReferences?.find((o) => o.uid === key.uid);
      if (!object || object.metadata.uid !== dependent.uid || !reference) continue;
      if (reference.blockOwnerDeletion) blocking += 1;
      if (object.metadata.deletionTimestamp) continue;
      const propagationPolicy = reference.blockOwnerDeletion ? 'Foreground' : 'Background';
      const left = registry.remove(dependent.resource, dependent.namespace, dependent.name, { propagationPolicy });
      const stored = left && registry.get(dependent.resource, dependent.namespace, dependent.name);
      if (!stored && reference.blockOwnerDeletion) blocking -= 1;
    }
    if (blocking === 0) finalize(key, FOREGROUND);
  }

  function orphanDependents(key: ObjectKey) {
    for (const { resource, namespace, name } of index.ownedBy(key.uid)) {
      registry.edit(resource, namespace, name, (copy) => {
        const rest = (copy.metadata.ownerReferences ?? []).filter((o) => o.uid !== key.uid);
        if (rest.length > 0) copy.metadata.ownerReferences = rest;
        else delete copy.metadata.ownerReferences;
      });
    }
    finalize(key, ORPHAN);
  }

  function finalize({ resource, namespace, name, uid }: ObjectKey, finalizer: string) {
    pending.delete(uid);
    registry.edit(resource, namespace, name, (copy) => {
      copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((f) => f !== finalizer);
    });
  }
}
