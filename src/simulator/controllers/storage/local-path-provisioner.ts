// The program that makes volumes of folders on nodes, as the one that kind brings: rancher.io/local-path.
import type { Clock, Registry } from '../../contract.ts';
import { createEventRecorder } from '../event-recorder.ts';
import { keyOf, splitKey } from '../pods.ts';
import { createWorkQueue } from '../work-queue.ts';
import {
  annotation,
  CLAIMS,
  type Claim,
  classNameOf,
  classOf,
  isBound,
  VOLUMES,
  type Volume,
} from './storage-kinds.ts';

export const LOCAL_PATH = 'rancher.io/local-path';
const FOLDER = '/var/local-path-provisioner';

export function startLocalPathProvisioner(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: LOCAL_PATH });
  const claims = createWorkQueue(clock, 'local path claim', provision);
  const volumes = createWorkQueue(clock, 'local path volume', remove);
  const stops = [
    registry.watch(CLAIMS, ({ type, object }) => {
      if (type !== 'DELETED') claims.add(keyOf(object));
    }),
    registry.watch(VOLUMES, ({ type, object }) => {
      if (type !== 'DELETED') volumes.add(object.metadata.name);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    claims.stop();
    volumes.stop();
  };

  function provision(key: string): void {
    const claim = registry.get(CLAIMS, ...splitKey(key)) as Claim | undefined;
    if (!claim || claim.metadata.deletionTimestamp || isBound(claim) || claim.spec?.volumeName) return;
    const { annotations, uid = '', name, namespace = '' } = claim.metadata;
    const storageClass = classOf(registry, claim);
    if (annotations?.[annotation.provisioner] !== LOCAL_PATH || storageClass?.provisioner !== LOCAL_PATH) return;
    if (registry.get(VOLUMES, undefined, `pvc-${uid}`)) return;
    const node = annotations[annotation.selectedNode];
    const waits = storageClass.volumeBindingMode === 'WaitForFirstConsumer';
    if (waits && node === undefined) return;
    record(
      claim,
      'Normal',
      'Provisioning',
      `External provisioner is provisioning volume for claim "${namespace}/${name}"`,
    );
    const problem = problemOf(claim, node);
    if (problem || node === undefined) {
      const message = `failed to provision volume with StorageClass "${classNameOf(claim)}": ${problem}`;
      record(claim, 'Warning', 'ProvisioningFailed', message);
      return;
    }
    registry.create(VOLUMES, volumeFor(claim, node, storageClass.reclaimPolicy ?? 'Delete'));
    record(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume pvc-${uid}`);
  }

  function remove(name: string): void {
    const volume = registry.get(VOLUMES, undefined, name) as Volume | undefined;
    if (!volume || volume.metadata.deletionTimestamp || volume.status?.phase !== 'Released') return;
    const mine = volume.metadata.annotations?.[annotation.provisionedBy] === LOCAL_PATH;
    if (mine && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') registry.remove(VOLUMES, undefined, name);
  }
}

function problemOf({ spec }: Claim, node: string | undefined): string | undefined {
  if (spec?.selector) return 'claim.Spec.Selector is not supported';
  if (spec?.accessModes?.some((mode) => mode !== 'ReadWriteOnce' && mode !== 'ReadWriteOncePod'))
    return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes';
  return node === undefined ? 'configuration error, no node was specified' : undefined;
}

function volumeFor(claim: Claim, node: string, reclaimPolicy: string): Volume {
  const { uid = '', name, namespace = '', resourceVersion } = claim.metadata;
  const own = `pvc-${uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: own,
      annotations: { 'local.path.provisioner/selected-node': node, [annotation.provisionedBy]: LOCAL_PATH },
    },
    spec: {
      accessModes: claim.spec?.accessModes ?? [],
      capacity: { storage: claim.spec?.resources?.requests?.storage ?? '0' },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid,
        ...(resourceVersion && { resourceVersion }),
      },
      hostPath: { path: `${FOLDER}/${own}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
          ],
        },
      },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: classNameOf(claim),
      volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
    },
  } as Volume;
}
