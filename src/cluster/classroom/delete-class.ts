// Takes a class away: its namespaces with all that the students made, and what it had outside of them.
import type { KubeObject } from '../../mesh/objects.ts';
import type { KubeClient, ObjectRef } from '../contract.ts';

import { placeLabel, studentLabel } from '../kubeadm/place.ts';
import { classroomError } from './classroom-error.ts';
import { fieldManager, inTurns } from './create-class.ts';
import { guardObjects } from './objects/guards.ts';
import { sharedObjects } from './objects/shared.ts';

export interface DeletionPlan {
  /** Namespaces, with everything in them. */
  namespaces: string[];
  /** Objects outside of them; only when no other class needs them. */
  shared: ObjectRef[];
  /** Namespaces of other classes, which keep their rights. */
  kept: string[];
}

/** `students` are ids; all of the class when empty. Rejects with ClusterError. */
export async function planDeletion(
  client: KubeClient,
  name: string,
  students: readonly string[],
  istio: string,
): Promise<DeletionPlan> {
  const all = await client.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector: placeLabel });
  const goes = ({ metadata }: KubeObject): boolean =>
    metadata.labels?.[placeLabel] === name &&
    (students.length === 0 || students.includes(metadata.labels?.[studentLabel] ?? ''));
  const names = (some: readonly KubeObject[]): string[] => some.map((n) => n.metadata.name).toSorted();
  const kept = names(all.filter((n) => !goes(n)));
  const shared = kept.length > 0 ? [] : [...sharedObjects(istio, []), ...guardObjects()].map(refOf);
  return { namespaces: names(all.filter(goes)), shared, kept };
}

export interface DeletionOptions {
  client: KubeClient;
  plan: DeletionPlan;
  istio: string;
  signal: AbortSignal;
  onProgress(text: string): void;
}

const patience = 300_000;

/** Guards go last: nobody is ever in without them. Rejects with CodedError MALLA-AUL-08, and ClusterError. */
export async function deleteClass({ client, plan, istio, signal, onProgress }: DeletionOptions): Promise<void> {
  await inTurns(plan.namespaces, (name) => client.remove(namespaceRef(name)));
  const deadline = Date.now() + patience;
  for (const name of plan.namespaces) {
    while (await client.get(namespaceRef(name))) {
      signal.throwIfAborted();
      if (Date.now() > deadline) throw classroomError('MALLA-AUL-08', `El espacio ${name} no acaba de borrarse.`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    onProgress(`borrado ${name}`);
  }
  for (const ref of plan.shared) await client.remove(ref);
  if (plan.shared.length === 0)
    for (const object of sharedObjects(istio, plan.kept)) await client.apply(object, fieldManager);
}

function namespaceRef(name: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'Namespace', name };
}

function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
