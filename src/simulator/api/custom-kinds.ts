// The kinds that CustomResourceDefinitions bring: served while their CRD exists.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Store } from '../store/store.ts';
import { type KindTable, kindOfCrd, resourceIdOf } from './kinds/kind-table.ts';

export const CRDS = 'apiextensions.k8s.io/customresourcedefinitions';

export interface CustomKinds {
  /** A new CRD: its names are accepted and its kind is served at once. `now` as timestamps are written. */
  establish(crd: KubeObject, now: string): void;
  define(crd: KubeObject): void;
  /** Its objects go with it. */
  forget(crd: KubeObject): void;
}

/** Serves the CRDs that the store already has. */
export function createCustomKinds(store: Store, kinds: KindTable): CustomKinds {
  for (const crd of store.list(CRDS)) define(crd);
  return { establish, define, forget };

  function establish(crd: KubeObject, now: string): void {
    const spec = crd.spec as { names: Record<string, unknown>; versions: { name: string; storage: boolean }[] };
    const copy = structuredClone(crd);
    copy.status = {
      acceptedNames: spec.names,
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'True',
          lastTransitionTime: now,
          reason: 'NoConflicts',
          message: 'no conflicts found',
        },
        {
          type: 'Established',
          status: 'True',
          lastTransitionTime: now,
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      storedVersions: spec.versions.filter((v) => v.storage).map((v) => v.name),
    };
    store.put(CRDS, copy);
    define(copy);
  }

  function define(crd: KubeObject): void {
    const kind = kindOfCrd(crd);
    if (kind) kinds.define(kind);
  }

  function forget(crd: KubeObject): void {
    const kind = kindOfCrd(crd);
    if (!kind) return;
    const id = resourceIdOf(kind.group, kind.plural);
    for (const object of store.list(id)) store.remove(id, object);
    kinds.forget(kind.group, kind.plural);
  }
}
