// Claims, volumes and storage classes: their fields that somebody here reads, and what they are called.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import type { LabelSelector, NodeSelectorTerm, Pod } from '../kinds.ts';

export const CLAIMS = 'persistentvolumeclaims';
export const VOLUMES = 'persistentvolumes';
export const CLASSES = 'storage.k8s.io/storageclasses';

/** What the programs that bind and provision tell each other by. */
export const annotation = {
  bound: 'pv.kubernetes.io/bind-completed',
  byController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  oldProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  selectedNode: 'volume.kubernetes.io/selected-node',
  oldClass: 'volume.beta.kubernetes.io/storage-class',
  isDefault: 'storageclass.kubernetes.io/is-default-class',
};

export type Claim = KubeObject<
  {
    accessModes?: string[];
    resources?: { requests?: { storage?: string | number } };
    storageClassName?: string;
    volumeName?: string;
    volumeMode?: string;
    selector?: LabelSelector;
  },
  { phase?: string }
>;

export interface ClaimReference {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
}

export type Volume = KubeObject<
  {
    accessModes?: string[];
    capacity?: { storage?: string | number };
    claimRef?: ClaimReference;
    storageClassName?: string;
    volumeMode?: string;
    persistentVolumeReclaimPolicy?: string;
    nodeAffinity?: { required?: { nodeSelectorTerms?: NodeSelectorTerm[] } };
    hostPath?: { path?: string };
    local?: { path?: string };
  },
  { phase?: string; lastPhaseTransitionTime?: string; message?: string }
>;

export type StorageClass = KubeObject & {
  provisioner?: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
};

/** Empty for a claim that wants a volume without a class. */
export function classNameOf({ metadata, spec }: Claim): string {
  return metadata.annotations?.[annotation.oldClass] ?? spec?.storageClassName ?? '';
}

/** Undefined when the claim has none, or one that does not exist. */
export function classOf(registry: Pick<Registry, 'get'>, claim: Claim): StorageClass | undefined {
  const name = classNameOf(claim);
  return name === '' ? undefined : (registry.get(CLASSES, undefined, name) as StorageClass | undefined);
}

/** Whether the claim gets its volume only once a pod that uses it has a node. */
export function waitsForConsumer(registry: Pick<Registry, 'get'>, claim: Claim): boolean {
  return classOf(registry, claim)?.volumeBindingMode === 'WaitForFirstConsumer';
}

export function isBound(claim: Claim): boolean {
  return claim.metadata.annotations?.[annotation.bound] !== undefined && claim.spec?.volumeName !== undefined;
}

/** Whether the volume is reserved for this very claim, by whoever reserved it. */
export function isFor({ spec }: Volume, { metadata }: Claim): boolean {
  const reference = spec?.claimRef;
  if (!reference || reference.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
}

/** Volume of the pod → its claim's name. Those that come and go with the pod are named after both. */
export function claimsOf({ metadata, spec }: Pick<Pod, 'metadata' | 'spec'>): { volume: string; claim: string }[] {
  const found: { volume: string; claim: string }[] = [];
  for (const volume of spec?.volumes ?? []) {
    const { persistentVolumeClaim, ephemeral } = volume as {
      persistentVolumeClaim?: { claimName?: string };
      ephemeral?: object;
    };
    if (persistentVolumeClaim?.claimName) found.push({ volume: volume.name, claim: persistentVolumeClaim.claimName });
    else if (ephemeral) found.push({ volume: volume.name, claim: `${metadata.name}-${volume.name}` });
  }
  return found;
}
