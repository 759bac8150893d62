// The Lease of a node: its kubelet's last word, which `kubectl describe node` shows and who looks for wrong clocks reads.
import type { Clock, Registry } from '../contract.ts';
import type { Node } from '../controllers/kinds.ts';
import { conditionOf } from '../controllers/pods.ts';
import { isApiError } from '../controllers/work-queue.ts';

const NAMESPACE = 'kube-node-lease';
export const LEASES = 'coordination.k8s.io/leases';
/** Milliseconds from one word of a kubelet to the next. */
const RENEWAL = 10_000;

/** Nothing happens where the cluster has no namespace for it. */
export function takeLease(registry: Registry, clock: Clock, node: { name: string; uid?: string | undefined }): void {
  const { name, uid = '' } = node;
  if (!registry.get('namespaces', undefined, NAMESPACE) || registry.get(LEASES, NAMESPACE, name)) return;
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: NAMESPACE, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microseconds(clock.now()) },
  };
  try {
    registry.create(LEASES, lease, { fieldManager: 'kubelet' });
  } catch (error) {
    // The node goes on without it.
    if (!isApiError(error)) throw error;
  }
}

/**
 * Before somebody reads them: a write every ten seconds would keep an idle machine's disk awake. Those of nodes that are not
 * Ready stay as they are.
 */
export function renewLeases(registry: Registry, clock: Clock): void {
  for (const lease of registry.list(LEASES, NAMESPACE)) {
    const { name } = lease.metadata;
    const { renewTime = '' } = lease.spec as { renewTime?: string };
    const node = registry.get('nodes', undefined, name) as Node | undefined;
    const ready = conditionOf(node?.status?.conditions, 'Ready')?.status === 'True';
    if (!ready || !(clock.now() - Date.parse(renewTime) > RENEWAL)) continue;
    registry.edit(
      LEASES,
      NAMESPACE,
      name,
      (copy) => Object.assign(copy.spec as object, { renewTime: microseconds(clock.now()) }),
      { fieldManager: 'kubelet' },
    );
  }
}

function microseconds(time: number): string {
  return new Date(time).toISOString().replace('Z', '000Z');
}
