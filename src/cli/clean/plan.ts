// What a clean-up would do, worked out before anything is touched.

import { sharedName } from '../../cluster/classroom/class.ts';
import { inBatches, listLabelled } from '../../cluster/cleanup/labelled.ts';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import { placeLabel } from '../../cluster/kubeadm/place.ts';
import type { Lab } from '../../labs/lab.ts';
import { identityOf, type Made, type MadeLabel, type MadeObject } from '../../labs/made/made.ts';
import { madeBy, rememberObjects } from '../../labs/made/made-by.ts';
import { asWritten, sameAsMade } from '../../labs/made/same-as-made.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { previousLabs } from '../course.ts';
import { contentsOf } from './namespace-contents.ts';

export interface Item {
  ref: ObjectRef;
  /** Spanish: where it comes from, or why it is left. */
  why: string;
}

export interface CleanPlan {
  /** As a lab makes them, or with Malla's label. */
  remove: Item[];
  /** With a name of the course and another content: a person's own work. Left, unless it is asked for. */
  apart: Item[];
  /** Of labs that stay, in a form that the cleaned labs gave them: they get their own back. */
  restore: { ref: ObjectRef; form: KubeObject; why: string }[];
  labels: MadeLabel[];
  /** The labs install Istio, and it is there. `ours`: Malla installed it. Undefined: it is not to be removed. */
  istio?: { ours: boolean };
  /** Objects of class clusters, guards included: whole classes go with `malla aula borrar`, and only so. */
  ofClasses: number;
  /** Kinds that could not be looked at. */
  unseen: string[];
}

export interface Scope {
  /** Whole, in the order of the course. */
  course: readonly Lab[];
  /** What is cleaned up. */
  labs: readonly Lab[];
  /** Also what Malla made by itself, and Istio. */
  everything: boolean;
}

/** Rejects with ClusterError. Nothing is changed. What these credentials may not see is told in `unseen`. */
export async function planClean(whole: KubeClient, { course, labs, everything }: Scope): Promise<CleanPlan> {
  const blind = new Set<string>();
  const client = withBlindSpots(whole, blind);
  const readObjects = rememberObjects();
  const made = new Map(course.map((lab) => [lab.id, madeBy(lab, readObjects)]));
  const madeIn = (lab: Lab): Made => made.get(lab.id) ?? madeBy(lab, readObjects);
  const kept = new Set(labs.flatMap((lab) => previousLabs(course, lab)).filter((lab) => !labs.includes(lab)));
  const everyForm = formsOf([...made.values()].flatMap((m) => m.objects));
  const keptForms = formsOf([...kept].flatMap((lab) => madeIn(lab).objects));

  const wanted = new Map<string, { object: MadeObject; labs: string[] }>();
  for (const lab of labs) {
    for (const object of madeIn(lab).objects.filter((o) => isOfTheCourse(o, lab))) {
      const known = wanted.get(identityOf(object));
      if (known) known.labs.push(lab.id);
      else wanted.set(identityOf(object), { object, labs: [lab.id] });
    }
  }

  const plan: CleanPlan = { remove: [], apart: [], restore: [], labels: [], ofClasses: 0, unseen: [] };
  const namespaces: Item[] = [];
  await inBatches([...wanted], async ([identity, { object, labs: ids }]) => {
    const live = keptForms.has(identity) ? undefined : await client.get(object);
    if (!live || (live.metadata.ownerReferences ?? []).length > 0) return;
    const item = { ref: refOf(live), why: ids.join(', ') };
    if (object.kind === 'Namespace') namespaces.push(item);
    else if (sameAsMade(live, everyForm.get(identity)?.forms ?? [])) plan.remove.push(item);
    else plan.apart.push({ ...item, why: `se llama como uno de ${ids.join(', ')}, pero dice otra cosa` });
  });
  plan.restore = await alteredOf(client, labs.map(madeIn), keptForms);
  if (everything) {
    const { objects, unseen } = await listLabelled(client);
    for (const kind of unseen) blind.add(kind);
    const known = new Set(plan.remove.map(({ ref }) => identityOf(ref)));
    for (const object of objects) {
      if (known.has(identityOf(refOf(object))) || isIstioSystem(object)) continue;
      if (isOfClass(object)) {
        plan.ofClasses++;
        continue;
      }
      const item = { ref: refOf(object), why: 'lo hizo Malla' };
      if (object.kind === 'Namespace') namespaces.push(item);
      else plan.remove.push(item);
    }
  }
  await placeNamespaces(client, namespaces, plan);
  plan.labels = await labelsOn(
    client,
    labs.flatMap((lab) => madeIn(lab).labels),
    [...kept].flatMap((lab) => madeIn(lab).labels),
  );
  if (everything || labs.some((lab) => madeIn(lab).istio)) {
    const istio = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' });
    if (istio) plan.istio = { ours: istio.metadata.labels?.['app.kubernetes.io/managed-by'] === 'malla' };
  }
  return sorted({ ...plan, unseen: [...blind].toSorted() });
}

/** Who has only a namespace may not look at the whole cluster: what is not seen is not cleaned, and not in the way. */
function withBlindSpots(client: KubeClient, blind: Set<string>): KubeClient {
  return {
    ...client,
    async get(ref) {
      try {
        return await client.get(ref);
      } catch (error) {
        if (!(error instanceof ClusterError) || error.reason !== 'forbidden') throw error;
        blind.add(ref.kind);
        return undefined;
      }
    },
  };
}

export function refOf({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

export function isEmptyPlan({ remove, restore, labels, istio }: CleanPlan): boolean {
  return remove.length + restore.length + labels.length === 0 && !istio?.ours;
}

/**
 * The network of a cluster, and its own namespaces, are not a lab's to delete, whatever its text creates: that lab
 * builds a cluster. Istio's namespace goes with Istio.
 */
function isOfTheCourse({ namespace, kind, name }: MadeObject, lab: Lab): boolean {
  if (kind === 'Namespace' && (systemNamespace.test(name) || name === 'default' || name === 'istio-system'))
    return false;
  return !lab.machines || (namespace !== undefined && !systemNamespace.test(namespace));
}

const systemNamespace = /^kube-/;

function isIstioSystem({ kind, metadata }: KubeObject): boolean {
  return kind === 'Namespace' && metadata.name === 'istio-system';
}

function isOfClass({ metadata: { name, labels = {} } }: KubeObject): boolean {
  return placeLabel in labels || name === sharedName || name.startsWith(`${sharedName}-`);
}

function formsOf(objects: readonly MadeObject[]): Map<string, MadeObject> {
  const all = new Map<string, MadeObject>();
  for (const object of objects) {
    const known = all.get(identityOf(object));
    if (!known) all.set(identityOf(object), { ...object, forms: [...object.forms] });
    else {
      known.forms.push(...object.forms);
      if (object.settled) known.settled = object.settled;
    }
  }
  return all;
}

/** Objects of the labs that stay, which the cleaned labs may have changed and which are not as those labs leave them. */
async function alteredOf(client: KubeClient, cleaned: readonly Made[], keptForms: ReadonlyMap<string, MadeObject>) {
  const touched = new Set(cleaned.flatMap((m) => [...m.touched, ...m.objects.map(identityOf)]));
  const altered: CleanPlan['restore'] = [];
  for (const identity of touched) {
    const own = keptForms.get(identity);
    if (!own?.settled || own.kind === 'Namespace') continue;
    const live = await client.get(own);
    if (live && !asWritten(live, own.settled))
      altered.push({ ref: refOf(live), form: own.settled, why: 'vuelve a ser como antes' });
  }
  return altered;
}

/** A namespace goes with all that it holds, so it may hold nothing that stays. */
async function placeNamespaces(client: KubeClient, namespaces: readonly Item[], plan: CleanPlan): Promise<void> {
  const going = new Set(plan.remove.map(({ ref }) => identityOf(ref)));
  for (const item of namespaces) {
    const others = (await contentsOf(client, item.ref.name)).filter((o) => !going.has(identityOf(refOf(o))));
    if (others.length === 0) plan.remove.push(item);
    else {
      const names = others.slice(0, 3).map((o) => `${o.kind} ${o.metadata.name}`);
      plan.apart.push({ ...item, why: `contiene algo que ningún laboratorio crea: ${names.join(', ')}` });
    }
  }
}

/** Still there with the value that a lab gave them, unless a lab that stays gave the same. */
async function labelsOn(
  client: KubeClient,
  made: readonly MadeLabel[],
  kept: readonly MadeLabel[],
): Promise<MadeLabel[]> {
  const text = (label: MadeLabel): string => JSON.stringify([label.namespace, label.key, label.value]);
  const keeping = new Set(kept.map(text));
  const found = new Map<string, MadeLabel>();
  for (const label of made) {
    if (keeping.has(text(label)) || found.has(text(label))) continue;
    const live = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: label.namespace });
    if (live?.metadata.labels?.[label.key] === label.value) found.set(text(label), label);
  }
  return [...found.values()];
}

function sorted(plan: CleanPlan): CleanPlan {
  const byName = (a: { ref: ObjectRef }, b: { ref: ObjectRef }): number => (titleOf(a.ref) < titleOf(b.ref) ? -1 : 1);
  return { ...plan, remove: plan.remove.toSorted(byName), apart: plan.apart.toSorted(byName) };
}

/** `VirtualService default/reviews`. */
export function titleOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
