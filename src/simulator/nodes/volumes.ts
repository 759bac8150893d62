import type { Pod, Volume } from '../controllers/kinds.ts';
import { type Claim, claimsOf } from '../controllers/storage/storage-kinds.ts';
import type { Lookup } from './environment.ts';

/**
 * The first volume that cannot be mounted, in the kubelet's words; undefined when all can. A volume that no container
 * mounts is not missed.
 */
export function missingVolume(pod: Pod, lookup: Lookup): string | undefined {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const mounted = new Set(containers.flatMap((c) => c.volumeMounts ?? []).map((mount) => mount.name));
  for (const { volume, claim } of claimsOf(pod)) {
    const problem = mounted.has(volume) && claimProblem(claim, lookup);
    if (problem)
      return `Unable to attach or mount volumes: unmounted volumes=[${volume}], unattached volumes=[], failed to process volumes=[${volume}]: error processing PVC ${pod.metadata.namespace}/${claim}: ${problem}`;
  }
  for (const volume of pod.spec?.volumes ?? []) {
    if (!mounted.has(volume.name)) continue;
    const missing = sourcesOf(volume).find((s) => !s.optional && !lookup(s.resource, s.name));
    if (missing) {
      const kind = missing.resource.slice(0, -1);
      return `MountVolume.SetUp failed for volume "${volume.name}" : ${kind} "${missing.name}" not found`;
    }
  }
  return undefined;
}

function claimProblem(name: string, lookup: Lookup): string | undefined {
  const claim = lookup('persistentvolumeclaims', name) as Claim | undefined;
  if (!claim) return `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`;
  return claim.status?.phase === 'Bound' ? undefined : 'PVC is not bound';
}

interface Source {
  resource: 'configmaps' | 'secrets';
  name: string;
  optional?: boolean;
}

function sourcesOf(volume: Volume): Source[] {
  const projected = volume.projected?.sources ?? [];
  const sources: (Source | false | undefined)[] = [
    volume.configMap && { resource: 'configmaps', ...volume.configMap },
    volume.secret && { resource: 'secrets', name: volume.secret.secretName, ...optionalOf(volume.secret) },
    ...projected.map((s) => s.configMap && { resource: 'configmaps' as const, ...s.configMap }),
    ...projected.map((s) => s.secret && { resource: 'secrets' as const, ...s.secret }),
  ];
  return sources.filter((s) => s !== undefined && s !== false);
}

function optionalOf({ optional }: { optional?: boolean }): { optional?: boolean } {
  return optional === undefined ? {} : { optional };
}
