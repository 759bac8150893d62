import type { Cluster } from '../cluster/contract.ts';

/** Thrown when a check needs traffic and nobody knows where to send it. */
export class UnknownEntryError extends Error {}

export function urlOf(cluster: Cluster, path: string): URL {
  const { entry } = cluster.access;
  if (entry === undefined) throw new UnknownEntryError('The cluster has no entry address.');
  return new URL(`${entry}${path}`);
}
