// A request by the curl of a pod.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { KubeClient } from '../cluster/contract.ts';
import { mainContainer, newestReady } from '../diagnosis/pods.ts';
import type { Pod } from '../diagnosis/scene.ts';
import { type CurlAnswer, type CurlRequest, curlCommand, readCurl } from '../traffic/curl-request.ts';

export interface PodSource {
  namespace: string;
  selector: string;
  /** The main one when undefined. */
  container?: string;
}

/** The newest ready pod; undefined when none is. Rejects with ClusterError. */
export async function findClient(client: KubeClient, { namespace, selector }: PodSource): Promise<Pod | undefined> {
  const pods = (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector })) as Pod[];
  return newestReady(pods);
}

export async function askFrom(
  client: KubeClient,
  pod: Pod,
  source: PodSource,
  request: CurlRequest,
  signal: AbortSignal,
): Promise<CurlAnswer> {
  const { name, namespace = 'default' } = pod.metadata;
  const container = source.container ?? mainContainer(pod);
  try {
    const command = curlCommand(request);
    return readCurl(await client.exec({ namespace, pod: name, container, command, signal }));
  } catch (error) {
    // A program that is not in the image is no fault of the cluster's.
    if (!(error instanceof ClusterError) || !/executable file not found|no such file/i.test(error.detail)) throw error;
    return { status: 0, body: '', failure: 'no-curl', message: error.detail, exitCode: 127 };
  }
}
