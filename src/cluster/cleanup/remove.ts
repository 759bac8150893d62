// Deletes objects of a cluster in an order that leaves nothing hanging, and waits until they are gone.
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from '../cluster-error.ts';
import type { KubeClient, ObjectRef } from '../contract.ts';

export interface Removal {
  client: KubeClient;
  /** Milliseconds for all to be gone. */
  deadline: number;
  signal: AbortSignal;
  onRemoved?(ref: ObjectRef): void;
}

export interface Left {
  ref: ObjectRef;
  /** Spanish: why it is still there. */
  reason: string;
}

/** What could not be deleted, or was still there at the deadline; empty when all is gone. Rejects only when aborted. */
export async function removeAll(refs: readonly ObjectRef[], removal: Removal): Promise<Left[]> {
  const { client, signal, deadline, onRemoved } = removal;
  const left: Left[] = [];
  const going: ObjectRef[] = [];
  for (const ref of refs.toSorted((a, b) => turn(a) - turn(b))) {
    signal.throwIfAborted();
    try {
      if (await client.remove(ref)) going.push(ref);
      onRemoved?.(ref);
    } catch (error) {
      left.push({ ref, reason: reasonOf(error) });
    }
  }
  const end = performance.now() + deadline;
  for (const ref of going) {
    if (!(await untilGone(client, ref, end, signal)))
      left.push({ ref, reason: 'sigue borrándose: algo (un «finalizer») lo retiene' });
  }
  return left;
}

async function untilGone(client: KubeClient, ref: ObjectRef, end: number, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    try {
      if (!(await client.get(ref))) return true;
    } catch {
      // A kind that is going away with its CRD answers strangely for a moment.
    }
    if (performance.now() > end) return false;
    await sleep(200, undefined, { signal });
  }
}

/** Rules before what they name, namespaces after what they hold, kinds last. */
function turn({ kind, apiVersion }: ObjectRef): number {
  if (kind === 'CustomResourceDefinition') return 4;
  if (kind === 'Namespace') return 3;
  if (apiVersion.startsWith('rbac.') || kind === 'ServiceAccount') return 2;
  return apiVersion.includes('istio.io') || apiVersion.startsWith('gateway.networking') ? 0 : 1;
}

function reasonOf(error: unknown): string {
  if (error instanceof ClusterError && error.reason === 'forbidden') return 'tus credenciales no pueden borrarlo';
  return error instanceof Error ? error.message : String(error);
}
