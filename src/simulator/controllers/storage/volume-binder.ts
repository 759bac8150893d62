// The controller that binds claims to volumes, and says what becomes of a volume whose claim is gone.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock, Registry } from '../../contract.ts';
import { createEventRecorder } from '../event-recorder.ts';
import type { Pod } from '../kinds.ts';
import { isFinished, keyOf, setStatus, splitKey } from '../pods.ts';
import { createWorkQueue } from '../work-queue.ts';
import { defaultClass, wantsDefaultClass } from './default-class.ts';
import {
  annotation,
  CLAIMS,
  CLASSES,
  type Claim,
  claimsOf,
  classNameOf,
  classOf,
  isFor,
  VOLUMES,
  type Volume,
  waitsForConsumer,
} from './storage-kinds.ts';
import { bestMatch, mismatch } from './volume-match.ts';
import { setPhase, startVolumeReclaim } from './volume-reclaim.ts';

export function startVolumeBinder(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'persistentvolume-controller' });
  const claims = createWorkQueue(clock, 'claim', syncClaim);
  /** The last event of each claim that has no volume, by uid. */
  const said = new Map<string, string>();
  const stopReclaim = startVolumeReclaim(registry, clock, record);
  const stops = [
    registry.watch(CLAIMS, ({ type, object }) => {
      if (type === 'DELETED') said.delete(object.metadata.uid ?? '');
      else claims.add(keyOf(object));
    }),
    registry.watch(VOLUMES, ({ object, previous }) => {
      for (const volume of [object, previous] as (Volume | undefined)[]) {
        const { namespace, name } = volume?.spec?.claimRef ?? {};
        if (name) claims.add(`${namespace ?? ''}/${name}`);
      }
      lookAgain();
    }),
    registry.watch(CLASSES, lookAgain),
  ];
  return () => {
    for (const stop of stops) stop();
    claims.stop();
    stopReclaim();
  };

  /** There may be a volume now for claims that have none. */
  function lookAgain(): void {
    for (const claim of registry.list(CLAIMS) as Claim[])
      if ((claim.status?.phase ?? 'Pending') === 'Pending') claims.add(keyOf(claim));
  }

  function syncClaim(key: string): void {
    const claim = registry.get(CLAIMS, ...splitKey(key)) as Claim | undefined;
    if (!claim) return;
    if (claim.metadata.annotations?.[annotation.bound] !== undefined) syncBound(claim);
    else if (claim.spec?.volumeName) syncWanting(claim, claim.spec.volumeName);
    else syncUnbound(claim);
  }

  function syncUnbound(claim: Claim): void {
    const waits = waitsForConsumer(registry, claim);
    const reservedOnly = waits && !claim.metadata.annotations?.[annotation.selectedNode];
    const volume = bestMatch(claim, registry.list(VOLUMES) as Volume[], { reservedOnly });
    if (volume) bind(volume, claim);
    else if (giveDefaultClass(claim)) return;
    else if (reservedOnly) sayWhatItWaitsFor(claim);
    else if (classNameOf(claim) !== '') provision(claim);
    else
      say(
        claim,
        'Normal',
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      );
  }

  /** It named its volume itself. */
  function syncWanting(claim: Claim, name: string): void {
    const volume = registry.get(VOLUMES, undefined, name) as Volume | undefined;
    if (!volume) return;
    const problem = mismatch(volume, claim);
    if (isFor(volume, claim)) bind(volume, claim);
    else if (volume.spec?.claimRef)
      say(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`);
    else if (problem) say(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${problem}`);
    else bind(volume, claim);
  }

  function syncBound(claim: Claim): void {
    const name = claim.spec?.volumeName;
    const volume = name ? (registry.get(VOLUMES, undefined, name) as Volume | undefined) : undefined;
    const reference = volume?.spec?.claimRef;
    if (!name)
      lose(claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
    else if (!volume)
      lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
    else if (!reference || reference.uid === claim.metadata.uid) bind(volume, claim);
    else lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
  }

  function lose(claim: Claim, reason: string, message: string): void {
    if (claim.status?.phase === 'Lost') return;
    setStatus(registry, CLAIMS, claim, { phase: 'Lost' });
    record(claim, 'Warning', reason, message);
  }

  /** Both ways, in the order in which a half-done binding can be finished: volume, its status, claim, its status. */
  function bind(volume: Volume, claim: Claim): void {
    const { name } = volume.metadata;
    said.delete(claim.metadata.uid ?? '');
    registry.edit(VOLUMES, undefined, name, (copy) => refer(copy as Volume, claim));
    setPhase(registry, clock, name, 'Bound');
    const { namespace } = claim.metadata;
    registry.edit(CLAIMS, namespace, claim.metadata.name, (copy) => choose(copy as Claim, name));
    const { capacity, accessModes } = volume.spec ?? {};
    setStatus(registry, CLAIMS, claim, {
      phase: 'Bound',
      accessModes: accessModes ?? [],
      capacity: { storage: capacity?.storage ?? '0' },
    });
  }

  function giveDefaultClass(claim: Claim): boolean {
    const name = wantsDefaultClass(claim) ? defaultClass(registry.list(CLASSES)) : undefined;
    if (name === undefined) return false;
    registry.edit(CLAIMS, claim.metadata.namespace, claim.metadata.name, (copy) => {
      copy.spec = { ...(copy as Claim).spec, storageClassName: name };
    });
    return true;
  }

  function sayWhatItWaitsFor(claim: Claim): void {
    const { namespace, name } = claim.metadata;
    const pods = (registry.list('pods', namespace) as Pod[]).filter(
      (pod) => !pod.spec?.nodeName && !isFinished(pod) && claimsOf(pod).some((used) => used.claim === name),
    );
    const names = pods.map((pod) => pod.metadata.name).join(',');
    if (pods.length === 0)
      say(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    else
      say(
        claim,
        'Normal',
        'WaitForPodScheduled',
        `waiting for pod${pods.length > 1 ? 's' : ''} ${names} to be scheduled`,
      );
  }

  /** Asks the class's own program for a volume. */
  function provision(claim: Claim): void {
    const { provisioner } = classOf(registry, claim) ?? {};
    if (provisioner === undefined)
      say(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${classNameOf(claim)}" not found`);
    else if (provisioner.startsWith('kubernetes.io/'))
      say(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`);
    else ask(claim, provisioner);
  }

  function ask(claim: Claim, provisioner: string): void {
    const { namespace, name } = claim.metadata;
    registry.edit(CLAIMS, namespace, name, (copy) => {
      copy.metadata.annotations = {
        ...copy.metadata.annotations,
        [annotation.oldProvisioner]: provisioner,
        [annotation.provisioner]: provisioner,
      };
    });
    say(
      claim,
      'Normal',
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    );
  }

  /** Once, however often the claim is looked at meanwhile. */
  function say(claim: Claim, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { uid = '' } = claim.metadata;
    if (said.get(uid) === message) return;
    said.set(uid, message);
    record(claim, type, reason, message);
  }
}

function refer(volume: Volume, claim: Claim): void {
  const { namespace = '', name, uid = '', resourceVersion } = claim.metadata;
  const { claimRef } = volume.spec ?? {};
  if (claimRef?.uid === uid) return;
  if (!claimRef) mark(volume, annotation.byController);
  const reference = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid };
  volume.spec = {
    ...volume.spec,
    claimRef: { ...claimRef, ...reference, ...(resourceVersion && { resourceVersion }) },
  };
}

function choose(claim: Claim, volume: string): void {
  if (claim.spec?.volumeName !== volume) {
    claim.spec = { ...claim.spec, volumeName: volume };
    mark(claim, annotation.byController);
  }
  mark(claim, annotation.bound);
}

function mark({ metadata }: KubeObject, name: string): void {
  metadata.annotations = { ...metadata.annotations, [name]: 'yes' };
}
