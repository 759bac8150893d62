// Every object of the cluster by namespace and by owner, kept by one watch: for what must reach objects of any kind.
import type { Registry, RegistryEvent, ResourceId } from '../contract.ts';
import { equal } from './equal.ts';

export interface ObjectKey {
  resource: ResourceId;
  namespace: string | undefined;
  name: string;
  uid: string;
  owners: readonly string[];
}

export interface ObjectIndex {
  has(uid: string): boolean;
  find(uid: string): ObjectKey | undefined;
  inNamespace(namespace: string): ObjectKey[];
  ownedBy(uid: string): ObjectKey[];
  stop(): void;
}

const NOBODY: readonly string[] = [];

/** `onChange` is called after the index has taken the event in. */
export function createObjectIndex(registry: Registry, onChange: (event: RegistryEvent) => void): ObjectIndex {
  const objects = new Map<string, ObjectKey>();
  const byNamespace = new Map<string, Set<ObjectKey>>();
  const byOwner = new Map<string, Set<ObjectKey>>();
  const stop = registry.watch('*', (event) => {
    const { uid = '', namespace, name, ownerReferences } = event.object.metadata;
    const known = objects.get(uid);
    const owners = ownerReferences?.map((o) => o.uid) ?? NOBODY;
    // Most changes are of a status.
    if (event.type === 'DELETED' || !known || !equal(known.owners, owners)) {
      drop(known);
      if (event.type !== 'DELETED') add({ resource: event.resource, namespace, name, uid, owners });
    }
    onChange(event);
  });

  return {
    has: (uid) => objects.has(uid),
    find: (uid) => objects.get(uid),
    inNamespace: (namespace) => [...(byNamespace.get(namespace) ?? [])],
    ownedBy: (uid) => [...(byOwner.get(uid) ?? [])],
    stop,
  };

  function add(key: ObjectKey) {
    objects.set(key.uid, key);
    if (key.namespace) put(byNamespace, key.namespace, key);
    for (const owner of key.owners) put(byOwner, owner, key);
  }

  function drop(key: ObjectKey | undefined) {
    if (!key) return;
    objects.delete(key.uid);
    if (key.namespace) take(byNamespace, key.namespace, key);
    for (const owner of key.owners) take(byOwner, owner, key);
  }
}

function put(map: Map<string, Set<ObjectKey>>, at: string, key: ObjectKey) {
  const keys = map.get(at) ?? new Set();
  map.set(at, keys.add(key));
}

function take(map: Map<string, Set<ObjectKey>>, at: string, key: ObjectKey) {
  const keys = map.get(at);
  keys?.delete(key);
  if (keys?.size === 0) map.delete(at);
}
