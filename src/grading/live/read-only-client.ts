// A client that cannot write: whoever grades a student's namespace leaves it as it is, whatever a check would do.
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';

/** Programs still run in containers: proxies are asked for their configuration, and requests are sent from pods, that way. */
export function readOnly(client: KubeClient): KubeClient {
  const refuse = (): Promise<never> => Promise.reject(new ClusterError('forbidden', 'se corrige sin cambiar nada'));
  return { ...client, apply: refuse, patch: refuse, create: refuse, remove: refuse };
}
