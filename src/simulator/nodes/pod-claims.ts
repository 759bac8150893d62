// The scheduler and the claims of a pod: what keeps it from any node, from a node, and what is to be done before it goes to one.
import type { Registry } from '../contract.ts';
import type { Node, Pod } from '../controllers/kinds.ts';
import { keyOf } from '../controllers/pods.ts';
import {
  annotation,
  CLAIMS,
  type Claim,
  claimsOf,
  classOf,
  isBound,
  VOLUMES,
  type Volume,
  waitsForConsumer,
} from '../controllers/storage/storage-kinds.ts';
import { bestMatch, isOnNode } from '../controllers/storage/volume-match.ts';

export interface PodClaims {
  /** What keeps the pod from every node, in the scheduler's words. */
  problem?: string;
  /** What keeps it from one. */
  problemsOn(node: Node): string[];
  /** Reserves volumes on the node, or asks for them there. True: nothing was needed. */
  prepare(node: Node): boolean;
}

/** Undefined for a pod without claims, as most are. */
export function podClaims(registry: Registry, pod: Pod): PodClaims | undefined {
  const names = [...new Set(claimsOf(pod).map(({ claim }) => claim))];
  if (names.length === 0) return undefined;
  const { namespace } = pod.metadata;
  const found = names.map((name) => registry.get(CLAIMS, namespace, name) as Claim | undefined);
  const claims = found.filter((claim) => claim !== undefined);
  const problem = names.map((name, i) => problemOf(registry, pod, name, found[i])).find((text) => text !== undefined);
  const bound = claims.filter(isBound);
  const waiting = claims.filter((claim) => !isBound(claim) && waitsForConsumer(registry, claim));
  const volumes = new Map(bound.map((claim) => [claim, volumeOf(registry, claim)]));
  const needsOwn = claims.filter((claim) => claim.spec?.accessModes?.includes('ReadWriteOncePod'));
  return {
    ...(problem !== undefined && { problem }),
    problemsOn(node) {
      const reached = [...volumes.values()].every((volume) => !volume || isOnNode(volume, node));
      const lost = [...volumes.values()].includes(undefined);
      return [
        ...(needsOwn.some((claim) => isUsed(registry, claim, pod))
          ? [
              'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
            ]
          : []),
        ...(reached ? [] : ["node(s) didn't match PersistentVolume's node affinity"]),
        ...(plan(registry, waiting, node) ? [] : ["node(s) didn't find available persistent volumes to bind"]),
        ...(lost ? ['node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'] : []),
      ];
    },
    prepare(node) {
      for (const { claim, volume } of plan(registry, waiting, node) ?? []) reserve(registry, claim, volume, node);
      return waiting.length === 0;
    },
  };
}

/** Whether all claims of the pod have their volumes. */
export function claimsAreBound(registry: Registry, pod: Pod): boolean {
  return claimsOf(pod).every(({ claim }) => {
    const found = registry.get(CLAIMS, pod.metadata.namespace, claim) as Claim | undefined;
    return found !== undefined && isBound(found) && found.status?.phase === 'Bound';
  });
}

function problemOf(registry: Registry, pod: Pod, name: string, claim: Claim | undefined): string | undefined {
  if (!claim) {
    const ephemeral = pod.spec?.volumes?.some((v) => v.ephemeral && name === `${pod.metadata.name}-${v.name}`);
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : `persistentvolumeclaim "${name}" not found`;
  }
  if (claim.status?.phase === 'Lost')
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName ?? ''}"`;
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
  if (isBound(claim) || waitsForConsumer(registry, claim)) return undefined;
  return 'pod has unbound immediate PersistentVolumeClaims';
}

interface Step {
  claim: Claim;
  /** Undefined: one is to be made. */
  volume: Volume | undefined;
}

/** How claims that wait for the pod's node can be met there; undefined: they cannot. */
function plan(registry: Registry, waiting: readonly Claim[], node: Node): Step[] | undefined {
  if (waiting.length === 0) return [];
  const taken = new Set<string>();
  const volumes = registry.list(VOLUMES) as Volume[];
  const steps: Step[] = [];
  for (const claim of waiting) {
    const selected = claim.metadata.annotations?.[annotation.selectedNode];
    if (selected !== undefined && selected !== node.metadata.name) return undefined;
    const volume = selected === undefined ? bestMatch(claim, volumes, { node, taken }) : undefined;
    if (!volume && !canBeMade(registry, claim)) return undefined;
    if (volume) taken.add(volume.metadata.name);
    steps.push({ claim, volume });
  }
  return steps;
}

function canBeMade(registry: Registry, claim: Claim): boolean {
  const provisioner = classOf(registry, claim)?.provisioner;
  return provisioner !== undefined && provisioner !== 'kubernetes.io/no-provisioner';
}

function reserve(registry: Registry, claim: Claim, volume: Volume | undefined, node: Node): void {
  const { namespace = '', name, uid = '' } = claim.metadata;
  if (!volume) {
    registry.edit(CLAIMS, namespace, name, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, [annotation.selectedNode]: node.metadata.name };
    });
    return;
  }
  registry.edit(VOLUMES, undefined, volume.metadata.name, (copy) => {
    const { spec } = copy as Volume;
    if (spec?.claimRef?.uid === uid) return;
    if (!spec?.claimRef) copy.metadata.annotations = { ...copy.metadata.annotations, [annotation.byController]: 'yes' };
    copy.spec = { ...spec, claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid } };
  });
}

function volumeOf(registry: Registry, { spec }: Claim): Volume | undefined {
  return registry.get(VOLUMES, undefined, spec?.volumeName ?? '') as Volume | undefined;
}

function isUsed(registry: Registry, claim: Claim, pod: Pod): boolean {
  return (registry.list('pods', claim.metadata.namespace) as Pod[]).some(
    (other) =>
      keyOf(other) !== keyOf(pod) &&
      other.spec?.nodeName !== undefined &&
      other.status?.phase !== 'Succeeded' &&
      other.status?.phase !== 'Failed' &&
      claimsOf(other).some((used) => used.claim === claim.metadata.name),
  );
}
