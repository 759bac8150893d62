// Waits for the nodes of a cluster that has just been made or started.
import { setTimeout as wait } from 'node:timers/promises';
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
  client?: KubeClient;
}

/** Rejects with MALLA-KND-25 when the time is over, or with the signal's reason. */
export async function waitUntilReady(
  kubeconfig: string,
  { count, timeout, signal, ...given }: ReadyOptions,
): Promise<void> {
  const client = given.client ?? connect(kubeconfig);
  const deadline = Date.now() + timeout;
  let missing: string[] = [];
  for (;;) {
    try {
      const nodes = await client.list({ apiVersion: 'v1', kind: 'Node' });
      missing = nodes.filter((node) => !isNodeReady(node)).map((node) => node.metadata.name);
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
