// The ReplicaSets of a Deployment: which of them carries the current template, their revisions, and their making.
import type { Registry } from '../contract.ts';
import { copyOf } from '../copy.ts';
import { equal } from './equal.ts';
import { templateHash } from './hash.ts';
import type { Deployment, PodTemplate, ReplicaSet } from './kinds.ts';
import { ownerReferenceTo } from './pods.ts';
import { maxSurge } from './rolling-limits.ts';
import { parseTime } from './time.ts';

export const REPLICA_SETS = 'apps/replicasets';
export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAX = 'deployment.kubernetes.io/max-replicas';

/** Annotations that say something of the Deployment itself and are not handed down to its ReplicaSets. */
const OWN_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);

/** The oldest of the sets whose template is the Deployment's. */
export function findCurrent(deployment: Deployment, sets: ReplicaSet[]): ReplicaSet | undefined {
  const template = withoutHash(deployment.spec?.template);
  return byAge(sets).find((set) => equal(withoutHash(set.spec?.template), template));
}

export function byAge(sets: ReplicaSet[]): ReplicaSet[] {
  const age = (set: ReplicaSet) => parseTime(set.metadata.creationTimestamp);
  return [...sets].sort((a, b) => age(a) - age(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

export function replicasOf(object: Deployment | ReplicaSet | undefined): number {
  return object?.spec?.replicas ?? (object ? 1 : 0);
}

export function totalReplicas(sets: ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

export function totalAvailable(sets: ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
}

/** The ReplicaSet for the current template, not yet stored. */
export function makeSet(deployment: Deployment, replicas: number, revision: number, collisions: number): ReplicaSet {
  const template = copyOf(deployment.spec?.template ?? { spec: { containers: [] } });
  const hash = templateHash(template, collisions);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  const selector = copyOf(deployment.spec?.selector ?? {});
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace && { namespace: deployment.metadata.namespace }),
      labels,
      annotations: {
        ...inherited(deployment),
        ...sizeAnnotations(deployment),
        [REVISION]: String(revision),
      },
      ownerReferences: [ownerReferenceTo(deployment)],
    },
    spec: {
      replicas,
      ...(deployment.spec?.minReadySeconds && { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** Brings the annotations of the current set up to date; an older set that is current again gets a new revision. */
export function annotateCurrent(
  registry: Registry,
  deployment: Deployment,
  current: ReplicaSet,
  revision: number,
): ReplicaSet {
  const { namespace, name } = current.metadata;
  const edited = registry.edit(REPLICA_SETS, namespace, name, (copy) => {
    const annotations = { ...copy.metadata.annotations, ...inherited(deployment), ...sizeAnnotations(deployment) };
    const known = Number(annotations[REVISION] ?? 0);
    if (known < revision) {
      annotations[REVISION] = String(revision);
      const history = annotations[REVISION_HISTORY];
      if (known > 0) annotations[REVISION_HISTORY] = history ? `${history},${known}` : String(known);
    }
    copy.metadata.annotations = annotations;
    const spec = (copy as ReplicaSet).spec;
    if (spec && (deployment.spec?.minReadySeconds ?? 0) !== (spec.minReadySeconds ?? 0)) {
      spec.minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
    }
  });
  return (edited as ReplicaSet | undefined) ?? current;
}

export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = replicasOf(deployment);
  return { [DESIRED]: String(replicas), [MAX]: String(replicas + maxSurge(deployment)) };
}

function inherited(deployment: Deployment): Record<string, string> {
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !OWN_ANNOTATIONS.has(key)));
}

function withoutHash(template: PodTemplate | undefined): unknown {
  const labels = { ...template?.metadata?.labels };
  delete labels[HASH_LABEL];
  const { creationTimestamp: _, ...metadata } = template?.metadata ?? {};
  return { ...template, metadata: { ...metadata, labels } };
}
