// What becomes of volumes: free, bound, released once their claim is gone, and then kept, deleted or emptied.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../../contract.ts';
import type { RecordEvent } from '../event-recorder.ts';
import { setStatus } from '../pods.ts';
import { timestamp } from '../time.ts';
import { createWorkQueue } from '../work-queue.ts';
import { annotation, CLAIMS, type Claim, type ClaimReference, VOLUMES, type Volume } from './storage-kinds.ts';

export function startVolumeReclaim(registry: Registry, clock: Clock, record: RecordEvent): () => void {
  const queue = createWorkQueue(clock, 'volume', sync);
  const stops = [
    registry.watch(VOLUMES, ({ type, object }) => {
      if (type !== 'DELETED') queue.add(object.metadata.name);
    }),
    registry.watch(CLAIMS, ({ object }) => {
      const { volumeName } = (object as Claim).spec ?? {};
      if (volumeName) queue.add(volumeName);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function sync(name: string): void {
    const volume = registry.get(VOLUMES, undefined, name) as Volume | undefined;
    if (!volume) return;
    const reference = volume.spec?.claimRef;
    const claim = reference?.uid ? claimOf(reference) : undefined;
    if (!reference?.uid) setPhase(registry, clock, name, 'Available');
    else if (!claim) release(volume);
    else if (claim.spec?.volumeName === name) setPhase(registry, clock, name, 'Bound');
    // The claim has another volume: this one was meant for it and is not needed.
    else if (claim.spec?.volumeName) giveUp(volume);
  }

  function claimOf({ namespace, name = '', uid }: ClaimReference): Claim | undefined {
    const claim = registry.get(CLAIMS, namespace, name) as Claim | undefined;
    return claim?.metadata.uid === uid ? claim : undefined;
  }

  function giveUp(volume: Volume): void {
    if (volume.metadata.annotations?.[annotation.provisionedBy]) release(volume);
    else if (volume.metadata.annotations?.[annotation.byController]) unbind(volume.metadata.name);
  }

  function release(volume: Volume): void {
    const { name } = volume.metadata;
    const { phase } = volume.status ?? {};
    if (phase !== 'Released' && phase !== 'Failed') setPhase(registry, clock, name, 'Released');
    const { persistentVolumeReclaimPolicy: policy } = volume.spec ?? {};
    if (policy === 'Recycle') recycle(volume);
    // Whoever provisioned it deletes it.
    if (policy !== 'Delete' || volume.metadata.annotations?.[annotation.provisionedBy]) return;
    const problem = deletionProblem(volume);
    if (!problem) registry.remove(VOLUMES, undefined, name);
    else if (phase !== 'Failed') {
      setPhase(registry, clock, name, 'Failed', problem);
      record(volume, 'Warning', 'VolumeFailedDelete', problem);
    }
  }

  function recycle(volume: Volume): void {
    record(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
    unbind(volume.metadata.name);
  }

  function unbind(name: string): void {
    registry.edit(VOLUMES, undefined, name, (copy) => {
      const { claimRef: _, ...spec } = (copy as Volume).spec ?? {};
      copy.spec = spec;
      const { [annotation.byController]: __, ...annotations } = copy.metadata.annotations ?? {};
      copy.metadata.annotations = annotations;
    });
  }
}

/**
 * For a watch of volumes: tells of those whose content goes, because they are deleted or recycled. A folder of a node that
 * is to be kept stays when its volume goes.
 */
export function whenEmptied(empty: (volume: KubeObject) => void): (event: RegistryEvent) => void {
  return ({ type, object, previous }) => {
    const { spec } = object as Volume;
    const inFolder = spec?.hostPath ?? spec?.local;
    const policy = spec?.persistentVolumeReclaimPolicy;
    const recycled = policy === 'Recycle' && !spec?.claimRef && (previous as Volume | undefined)?.spec?.claimRef;
    if (recycled || (type === 'DELETED' && (!inFolder || policy === 'Delete'))) empty(object);
  };
}

/** Does nothing when the phase is that already. */
export function setPhase(registry: Registry, clock: Clock, name: string, phase: string, message?: string): void {
  const volume = registry.get(VOLUMES, undefined, name) as Volume | undefined;
  if (!volume || volume.status?.phase === phase) return;
  const lastPhaseTransitionTime = timestamp(clock);
  setStatus(registry, VOLUMES, volume, { phase, lastPhaseTransitionTime, ...(message && { message }) });
}

/** The cluster itself deletes only what lies where anything may be deleted. */
function deletionProblem({ metadata, spec }: Volume): string | undefined {
  const { path } = spec?.hostPath ?? {};
  if (path === undefined)
    return `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`;
  if (/^\/tmp\/.+/.test(path)) return undefined;
  return `host_path deleter only supports /tmp/.+ but received provided ${path}`;
}
