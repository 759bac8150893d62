// The objects that carry Malla's label, of every kind that the cluster serves.
import type { KubeObject } from '../../mesh/objects.ts';
import { ClusterError } from '../cluster-error.ts';
import type { KubeClient } from '../contract.ts';
import { managedSelector } from '../managed-label.ts';
import { servedKinds } from '../served-kinds.ts';

export interface Labelled {
  objects: KubeObject[];
  /** Kinds that these credentials may not list: something of Malla's could be among them. */
  unseen: string[];
}

/** Without those that another object owns: they go with it. Rejects with ClusterError. */
export async function listLabelled(client: KubeClient): Promise<Labelled> {
  const kinds = (await servedKinds(client, { tolerant: true })).filter(
    ({ kind, verbs }) => verbs.includes('list') && verbs.includes('delete') && !derived.has(kind),
  );
  const unseen: string[] = [];
  const lists = await inBatches(kinds, async ({ apiVersion, kind }) => {
    try {
      return await client.list({ apiVersion, kind, labelSelector: managedSelector });
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'forbidden') throw error;
      unseen.push(kind);
      return [];
    }
  });
  const objects = lists.flat().filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0);
  return { objects: withoutRepeats(objects), unseen };
}

/** The same object may be served by two groups: Events are. */
function withoutRepeats(objects: readonly KubeObject[]): KubeObject[] {
  return [...new Map(objects.map((o) => [o.metadata.uid ?? JSON.stringify([o.kind, o.metadata]), o])).values()];
}

/** Made by controllers from others. */
const derived = new Set(['Event', 'Endpoints', 'EndpointSlice', 'ControllerRevision', 'Lease', 'PodMetrics']);

/** An API server of a small machine is not asked for eighty things at once. */
export async function inBatches<T, R>(items: readonly T[], act: (item: T) => Promise<R>, size = 12): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += size)
    results.push(...(await Promise.all(items.slice(i, i + size).map((item) => act(item)))));
  return results;
}
