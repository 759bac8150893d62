// Claims that a pod uses, and volumes that a claim has, are not taken away: the guard on them goes when nobody needs them.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { keyOf, splitKey } from './pods.ts';
import { createWorkQueue } from './work-queue.ts';

const CLAIMS = 'persistentvolumeclaims';
const VOLUMES = 'persistentvolumes';
const OF_CLAIM = 'kubernetes.io/pvc-protection';
const OF_VOLUME = 'kubernetes.io/pv-protection';

export function startStorageProtection(registry: Registry, clock: Clock): () => void {
  const claims = createWorkQueue(clock, 'claim protection', syncClaim);
  const volumes = createWorkQueue(clock, 'volume protection', syncVolume);
  const stops = [
    registry.watch(CLAIMS, ({ object }) => claims.add(keyOf(object))),
    registry.watch(VOLUMES, ({ object }) => volumes.add(object.metadata.name)),
    registry.watch('pods', ({ type, object }) => {
      if (type !== 'DELETED' && !isOver(object)) return;
      for (const claim of claimsOf(object)) claims.add(`${object.metadata.namespace ?? ''}/${claim}`);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    claims.stop();
    volumes.stop();
  };

  function syncClaim(key: string): void {
    const [namespace, name] = splitKey(key);
    const claim = registry.get(CLAIMS, namespace, name);
    if (!claim?.metadata.deletionTimestamp) return;
    const used = registry.list('pods', namespace).some((pod) => !isOver(pod) && claimsOf(pod).includes(name));
    if (!used) release(registry, CLAIMS, claim, OF_CLAIM);
  }

  function syncVolume(name: string): void {
    const volume = registry.get(VOLUMES, undefined, name);
    const { phase } = (volume?.status ?? {}) as { phase?: string };
    if (volume?.metadata.deletionTimestamp && phase !== 'Bound') release(registry, VOLUMES, volume, OF_VOLUME);
  }
}

function release(registry: Registry, resource: string, { metadata }: KubeObject, guard: string): void {
  if (!metadata.finalizers?.includes(guard)) return;
  registry.edit(resource, metadata.namespace, metadata.name, (copy) => {
    copy.metadata.finalizers = copy.metadata.finalizers?.filter((finalizer) => finalizer !== guard) ?? [];
  });
}

function claimsOf({ spec }: KubeObject): string[] {
  const { volumes = [] } = (spec ?? {}) as { volumes?: { persistentVolumeClaim?: { claimName?: string } }[] };
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function isOver({ status }: KubeObject): boolean {
  const { phase } = (status ?? {}) as { phase?: string };
  return phase === 'Succeeded' || phase === 'Failed';
}
