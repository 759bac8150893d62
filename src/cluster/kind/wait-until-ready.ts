// Waits for the nodes of a cluster that has just been made or started.
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeObject } from '../../mesh/objects.ts';
import { connect } from '../client.ts';
import { ClusterError } from '../cluster-error.ts';
import type { KubeClient } from '../contract.ts';
import { isNodeReady } from '../facts.ts';
import { nodesNotReady } from './errors.ts';

export interface ReadyOptions {
  count: number;
  /** Milliseconds. */
  timeout: number;
  signal: AbortSignal;
  /**
   * Milliseconds since 1970, on this machine: only what kubelets said after that counts. A node that was stopped stays
   * Ready in the API for a while.
   */
  since?: number;
  client?: KubeClient;
}

/** Rejects with MALLA-KND-25 when the time is over, or with the signal's reason. */
export async function waitUntilReady(
  kubeconfig: string,
  { count, timeout, signal, since, ...given }: ReadyOptions,
): Promise<void> {
  const client = given.client ?? connect(kubeconfig);
  const deadline = Date.now() + timeout;
  let missing: string[] = [];
  for (;;) {
    try {
      const nodes = await client.list({ apiVersion: 'v1', kind: 'Node' });
      const heard = since === undefined ? () => true : await heardSince(client, since);
      missing = nodes.filter((node) => !isNodeReady(node) || !heard(nameOf(node))).map(nameOf);
      if (nodes.length >= count && missing.length === 0) return;
    } catch (error) {
      // An API server that comes up refuses, cuts off and answers 5xx for a while.
      if (!(error instanceof ClusterError)) throw error;
    }
    signal.throwIfAborted();
    if (Date.now() > deadline) throw nodesNotReady(missing, timeout / 1000);
    await wait(300, undefined, { signal });
  }
}

/** By the Leases that kubelets renew, on the API server's clock, which may be another one than ours. */
async function heardSince(client: KubeClient, since: number): Promise<(node: string) => boolean> {
  const [leases, now] = await Promise.all([
    client.list({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease' }),
    client.serverTime(),
  ]);
  // Its clock is told to the second.
  const begun = (now ?? Date.now()) - (Date.now() - since) - 1000;
  // Without any there is nobody to hear.
  return (node) =>
    leases.length === 0 ||
    leases.some(({ metadata, spec }) => {
      const { renewTime = '' } = (spec ?? {}) as { renewTime?: string };
      return metadata.name === node && Date.parse(renewTime) >= begun;
    });
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name;
}
