import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { claim, selectsOwn } from './claim.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { LabelSelector, Pod, PodTemplate } from './kinds.ts';
import { isFinished, isReady, messageOf, podFromTemplate, setStatus, splitKey, untilAvailable } from './pods.ts';
import { currentRevision, forgetRevisions } from './revisions.ts';
import type { ClaimTemplate } from './storage/claim-template.ts';
import { createClaims, keepClaims, ordinalOf, type RetentionPolicy, withClaims } from './storage/stateful-claims.ts';
import { watchOwned } from './watch-owned.ts';
import { createWorkQueue } from './work-queue.ts';

const STATEFUL_SETS = 'apps/statefulsets';
const HASH_LABEL = 'controller.kubernetes.io/hash';
const REVISION_LABEL = 'controller-revision-hash';

interface StatefulSetSpec {
  replicas?: number;
  selector: LabelSelector;
  serviceName?: string;
  template: PodTemplate;
  podManagementPolicy?: string;
  minReadySeconds?: number;
  updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
  volumeClaimTemplates?: ClaimTemplate[];
  persistentVolumeClaimRetentionPolicy?: RetentionPolicy;
}

interface StatefulSetStatus {
  currentRevision?: string;
  [field: string]: unknown;
}

type StatefulSet = KubeObject<StatefulSetSpec, StatefulSetStatus>;

/** Keeps pods with a name and a number of their own: they come and go one at a time, in order. */
export function startStatefulSets(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'statefulset-controller' });
  const queue = createWorkQueue(clock, 'statefulset', sync);
  const stop = watchOwned(registry, queue, { resource: STATEFUL_SETS, kind: 'StatefulSet' }, 'pods');
  return () => {
    stop();
    queue.stop();
  };

  function sync(key: string) {
    const [namespace, name] = splitKey(key);
    const set = registry.get(STATEFUL_SETS, namespace, name) as StatefulSet | undefined;
    if (!set?.spec || set.metadata.deletionTimestamp || !selectsOwn(set.spec)) return;
    const revision = `${name}-${currentRevision(registry, set, HASH_LABEL)}`;
    reconcile(set, revision);
    writeStatus(set, revision, key);
    const inUse = podsOf(set).map((pod) => revisionOf(pod).slice(name.length + 1));
    forgetRevisions(registry, set, HASH_LABEL, new Set([revision.slice(name.length + 1), ...inUse]));
  }

  function podsOf(set: StatefulSet): Pod[] {
    const pods = claim<Pod>(registry, 'pods', set, set.spec?.selector);
    return pods.filter((pod) => ordinalOf(set, pod) >= 0).sort((a, b) => ordinalOf(set, a) - ordinalOf(set, b));
  }

  /** One step; the change that it brings about calls for the next. */
  function reconcile(set: StatefulSet, revision: string) {
    const pods = podsOf(set);
    const ordered = set.spec?.podManagementPolicy !== 'Parallel';
    const replicas = set.spec?.replicas ?? 1;
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      const pod = pods.find((p) => ordinalOf(set, p) === ordinal);
      if (pod && isFinished(pod)) remove(set, pod);
      else if (!pod) create(set, ordinal, revision);
      if (ordered && !(pod && isHealthy(set, pod))) return;
    }
    const surplus = pods.filter((pod) => ordinalOf(set, pod) >= replicas).reverse();
    keepClaims(registry, set, surplus);
    for (const pod of surplus) {
      if (!pod.metadata.deletionTimestamp) remove(set, pod);
      if (ordered) return;
    }
    if (surplus.length === 0) update(set, pods, revision);
  }

  /** From the highest number down, each once the one before it is healthy again. */
  function update(set: StatefulSet, pods: Pod[], revision: string) {
    const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
    if (type !== 'RollingUpdate') return;
    for (const pod of [...pods].reverse()) {
      if (ordinalOf(set, pod) < (rollingUpdate?.partition ?? 0)) return;
      if (revisionOf(pod) !== revision && !pod.metadata.deletionTimestamp) return remove(set, pod);
      if (!isHealthy(set, pod)) return;
    }
  }

  function isHealthy(set: StatefulSet, pod: Pod): boolean {
    return !pod.metadata.deletionTimestamp && untilAvailable(pod, set.spec?.minReadySeconds ?? 0, clock) === 0;
  }

  function create(set: StatefulSet, ordinal: number, revision: string) {
    const pod = withClaims(set, makePod(set, ordinal, revision));
    createClaims(registry, record, set, pod);
    const about = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    try {
      registry.create('pods', pod);
      record(set, 'Normal', 'SuccessfulCreate', `create ${about} successful`);
    } catch (error) {
      record(set, 'Warning', 'FailedCreate', `create ${about} failed error: ${messageOf(error)}`);
      throw error;
    }
  }

  function remove(set: StatefulSet, pod: Pod) {
    if (pod.metadata.deletionTimestamp) return;
    registry.remove('pods', pod.metadata.namespace, pod.metadata.name);
    const about = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    record(set, 'Normal', 'SuccessfulDelete', `delete ${about} successful`);
  }

  function writeStatus(set: StatefulSet, revision: string, key: string) {
    const pods = podsOf(set).filter((pod) => !isFinished(pod));
    const waits = pods.map((pod) => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, clock));
    const soonest = Math.min(...waits.map((wait) => wait || Number.POSITIVE_INFINITY));
    if (Number.isFinite(soonest)) queue.addAfter(key, soonest);
    const ready = pods.filter(isReady).length;
    const updated = pods.filter((pod) => revisionOf(pod) === revision).length;
    const isUpdated = updated === pods.length && pods.length === (set.spec?.replicas ?? 1) && ready === pods.length;
    const current = isUpdated ? revision : (set.status?.currentRevision ?? revision);
    const onCurrent = pods.filter((pod) => revisionOf(pod) === current).length;
    const status = {
      observedGeneration: set.metadata.generation ?? 0,
      replicas: pods.length,
      ...(ready > 0 && { readyReplicas: ready }),
      availableReplicas: waits.filter((wait) => wait === 0).length,
      ...(onCurrent > 0 && { currentReplicas: onCurrent }),
      ...(updated > 0 && { updatedReplicas: updated }),
      currentRevision: current,
      updateRevision: revision,
      collisionCount: 0,
    };
    if (!equal(status, set.status)) setStatus(registry, STATEFUL_SETS, set, status);
  }
}

function makePod(set: StatefulSet, ordinal: number, revision: string): Pod {
  const template = set.spec?.template ?? { spec: { containers: [] } };
  const pod = podFromTemplate(template, set, '');
  const name = `${set.metadata.name}-${ordinal}`;
  const { generateName: _, ...metadata } = pod.metadata;
  const subdomain = set.spec?.serviceName;
  return {
    ...pod,
    metadata: {
      ...metadata,
      name,
      labels: {
        ...metadata.labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [REVISION_LABEL]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      },
    },
    spec: { ...template.spec, ...pod.spec, hostname: name, ...(subdomain && { subdomain }) },
  };
}

function revisionOf(pod: Pod): string {
  return pod.metadata.labels?.[REVISION_LABEL] ?? '';
}
