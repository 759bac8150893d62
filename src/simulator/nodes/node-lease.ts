// The Lease of a node: what `kubectl describe node` shows of its kubelet's last word.
import type { Clock, Registry } from '../contract.ts';
import { isApiError } from '../controllers/work-queue.ts';

const NAMESPACE = 'kube-node-lease';
const LEASES = 'coordination.k8s.io/leases';

/**
 * Taken once: a simulated kubelet that lives needs no heartbeat, and a write every few seconds would keep an idle
 * machine's disk awake. Nothing happens where the cluster has no namespace for it.
 */
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

function microseconds(time: number): string {
  return new Date(time).toISOString().replace('Z', '000Z');
}
