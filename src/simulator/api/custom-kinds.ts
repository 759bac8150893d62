// CustomResourceDefinitions: what they ask for becomes served kinds, as long as their CRD exists and its names are free.
import type { KubeObject } from '../../mesh/objects.ts';
import { copyOf } from '../copy.ts';
import type { Store } from '../store/store.ts';
import { type KindTable, kindOfCrd, resourceIdOf } from './kinds/kind-table.ts';
import { isMap } from './patch-merge.ts';

export const CRDS = 'apiextensions.k8s.io/customresourcedefinitions';

export interface CustomKinds {
  /** A new or changed CRD: its names are accepted or not, and its kind is served at once. `now` as timestamps are written. */
  establish(crd: KubeObject, now: string): void;
  /** Its objects go with it, and its names are free for others. */
  forget(crd: KubeObject, now: string): void;
}

interface Names {
  plural: string;
  kind: string;
  singular?: string;
  listKind?: string;
  shortNames?: string[];
  categories?: string[];
}

interface Condition {
  type: string;
  status: string;
  lastTransitionTime: string;
  reason: string;
  message: string;
}

interface Status {
  acceptedNames?: Names;
  conditions?: Condition[] | null;
  storedVersions?: string[];
}

/** Serves the CRDs that the store already has. */
export function createCustomKinds(store: Store, kinds: KindTable): CustomKinds {
  for (const crd of store.list(CRDS)) if (isEstablished(crd)) define(crd);
  return { establish, forget };

  function establish(crd: KubeObject, now: string): void {
    const copy = copyOf(crd);
    const names = (copy.spec as { names: Names }).names;
    const status = (copy.status ?? {}) as Status;
    const { accepted, reason, message } = acceptance(names, status.acceptedNames, takenIn(crd));
    const free = reason === undefined;
    const was = new Map((status.conditions ?? []).map((condition) => [condition.type, condition]));
    const condition = (type: string, holds: boolean, why: string, text: string): Condition => {
      const held = holds ? 'True' : 'False';
      const before = was.get(type);
      const lastTransitionTime = before?.status === held ? before.lastTransitionTime : now;
      return { type, status: held, lastTransitionTime, reason: why, message: text };
    };
    // Once established, it stays so whatever names it asks for later.
    const established = free || was.get('Established')?.status === 'True';
    const own = [
      condition('NamesAccepted', free, reason ?? 'NoConflicts', message ?? 'no conflicts found'),
      established
        ? condition('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted')
        : condition('Established', false, 'NotAccepted', 'not all names are accepted'),
    ];
    copy.status = {
      ...status,
      acceptedNames: accepted,
      conditions: withConditions(status.conditions ?? [], own),
      storedVersions: storedVersions(copy, status),
    };
    if (JSON.stringify(copy.status) !== JSON.stringify(crd.status)) store.put(CRDS, copy);
    if (established) define(copy);
  }

  function define(crd: KubeObject): void {
    const kind = kindOfCrd(crd);
    if (kind) kinds.define(kind);
  }

  function forget(crd: KubeObject, now: string): void {
    const kind = kindOfCrd(crd);
    if (!kind || !isEstablished(crd)) return;
    const id = resourceIdOf(kind.group, kind.plural);
    for (const object of store.list(id)) store.remove(id, object);
    kinds.forget(kind.group, kind.plural);
    for (const other of store.list(CRDS))
      if (groupOf(other) === kind.group && !isEstablished(other)) establish(other, now);
  }

  /** What the other CRDs of its group are called. */
  function takenIn(crd: KubeObject): { resources: Set<string>; kinds: Set<string> } {
    const taken = { resources: new Set<string>(), kinds: new Set<string>() };
    for (const other of store.list(CRDS)) {
      if (other.metadata.name === crd.metadata.name || groupOf(other) !== groupOf(crd)) continue;
      const {
        plural,
        singular,
        shortNames = [],
        kind,
        listKind,
      } = (other.status as Status | undefined)?.acceptedNames ?? {
        plural: '',
        kind: '',
      };
      for (const name of [plural, singular, ...shortNames]) if (name) taken.resources.add(name);
      for (const name of [kind, listKind]) if (name) taken.kinds.add(name);
    }
    return taken;
  }
}

/** Those of others stay; its own are where they were, or come last. */
function withConditions(before: Condition[], own: Condition[]): Condition[] {
  const kept = before.map((condition) => own.find(({ type }) => type === condition.type) ?? condition);
  return [...kept, ...own.filter(({ type }) => !before.some((condition) => condition.type === type))];
}

/** Name by name; what is said in the end is of the last that somebody else has. */
function acceptance(wanted: Names, before: Names | undefined, taken: { resources: Set<string>; kinds: Set<string> }) {
  const accepted: Names = { plural: before?.plural ?? '', kind: before?.kind ?? '' };
  let reason: string | undefined;
  let message: string | undefined;
  const take = (used: Set<string>, name: string | undefined, why: string, keep: (name: string) => void): void => {
    if (!name) return;
    if (!used.has(name)) {
      keep(name);
      return;
    }
    reason = why;
    message = `${JSON.stringify(name)} is already in use`;
  };
  take(taken.resources, wanted.plural, 'PluralConflict', (name) => {
    accepted.plural = name;
  });
  take(taken.resources, wanted.singular, 'SingularConflict', (name) => {
    accepted.singular = name;
  });
  const short = wanted.shortNames ?? [];
  const used = short.find((name) => taken.resources.has(name));
  if (used !== undefined) [reason, message] = ['ShortNamesConflict', `${JSON.stringify(used)} is already in use`];
  else if (short.length > 0) accepted.shortNames = short;
  take(taken.kinds, wanted.kind, 'KindConflict', (name) => {
    accepted.kind = name;
  });
  take(taken.kinds, wanted.listKind, 'ListKindConflict', (name) => {
    accepted.listKind = name;
  });
  if (wanted.categories) accepted.categories = wanted.categories;
  return { accepted, reason, message };
}

function storedVersions({ spec }: KubeObject, { storedVersions: before = [] }: Status): string[] {
  const versions = isMap(spec) && Array.isArray(spec.versions) ? spec.versions.filter(isMap) : [];
  const kept = versions.filter(({ storage }) => storage === true).map(({ name }) => String(name));
  return [...new Set([...before, ...kept])];
}

function groupOf({ spec }: KubeObject): unknown {
  return isMap(spec) ? spec.group : undefined;
}

function isEstablished({ status }: KubeObject): boolean {
  const conditions = (status as Status | undefined)?.conditions ?? [];
  return conditions.some(({ type, status: held }) => type === 'Established' && held === 'True');
}
