// The last lines of a container's log, as `kubectl logs` reads them.
import type { KubeClient } from './contract.ts';

/** What is read of each log: enough for a lab, and no more than a student's program may fill. */
const limits = { tailLines: '3000', limitBytes: '2000000' };

/** Rejects with ClusterError: `invalid` for a container that the pod does not have, or that has not started. */
export async function readPodLog(
  client: KubeClient,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
): Promise<string[]> {
  const query = new URLSearchParams({ container, ...limits });
  const answer = await client.raw(
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`,
  );
  // A log of a single line in JSON comes already read.
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return (text ?? '').split('\n').filter((line) => line !== '');
}
