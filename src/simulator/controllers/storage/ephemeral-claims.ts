// Claims that come and go with a pod: what its volumes of kind `ephemeral` ask for.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock, Registry } from '../../contract.ts';
import { createEventRecorder } from '../event-recorder.ts';
import type { Pod } from '../kinds.ts';
import { isFinished, keyOf, splitKey } from '../pods.ts';
import { createWorkQueue } from '../work-queue.ts';
import { type ClaimTemplate, claimFrom } from './claim-template.ts';
import { CLAIMS } from './storage-kinds.ts';

interface EphemeralVolume {
  name: string;
  ephemeral?: {
    volumeClaimTemplate?: ClaimTemplate;
  };
}

export function startEphemeralClaims(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'ephemeral_volume' });
  const queue = createWorkQueue(clock, 'ephemeral claims', sync);
  const stop = registry.watch('pods', ({ type, object }) => {
    if (type !== 'DELETED' && volumesOf(object as Pod).length > 0) queue.add(keyOf(object));
  });
  return () => {
    stop();
    queue.stop();
  };

  function sync(key: string): void {
    const pod = registry.get('pods', ...splitKey(key)) as Pod | undefined;
    if (!pod || pod.metadata.deletionTimestamp || isFinished(pod)) return;
    for (const volume of volumesOf(pod)) ensure(pod, volume);
  }

  function ensure(pod: Pod, { name, ephemeral }: EphemeralVolume): void {
    const claim = `${pod.metadata.name}-${name}`;
    const known = registry.get(CLAIMS, pod.metadata.namespace, claim);
    if (!known) registry.create(CLAIMS, claimFor(pod, claim, ephemeral));
    else if (!isOf(known, pod))
      record(
        pod,
        'Warning',
        'FailedBinding',
        `ephemeral volume ${name}: PVC ${pod.metadata.namespace}/${claim} was not created for pod ${pod.metadata.namespace}/${pod.metadata.name} (pod is not owner)`,
      );
  }
}

function volumesOf({ spec }: Pod): EphemeralVolume[] {
  return (spec?.volumes ?? []).filter(({ ephemeral }) => ephemeral !== undefined) as EphemeralVolume[];
}

function isOf(claim: KubeObject, pod: Pod): boolean {
  return claim.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid) ?? false;
}

function claimFor(pod: Pod, name: string, ephemeral: EphemeralVolume['ephemeral']): KubeObject {
  const { namespace } = pod.metadata;
  return claimFrom(ephemeral?.volumeClaimTemplate ?? {}, { name, namespace, owner: pod });
}
