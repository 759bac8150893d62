import { clientOf, type Invocation, istioNamespaceOf } from '../commands/command.ts';

/** Names of istiod's pods, by name. */
export async function runningIstiods(invocation: Invocation): Promise<string[]> {
  const revision = invocation.flags.text('revision');
  const labelSelector = `app=istiod${revision ? `,istio.io/rev=${revision}` : ''}`;
  const namespace = istioNamespaceOf(invocation);
  const pods = await clientOf(invocation).list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return pods
    .filter(
      (pod) => (pod.status as { phase?: string } | undefined)?.phase === 'Running' && !pod.metadata.deletionTimestamp,
    )
    .map((pod) => pod.metadata.name)
    .sort();
}
