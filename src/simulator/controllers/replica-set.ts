import type { Clock, Registry, ResourceId } from '../contract.ts';
import { claim } from './claim.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Condition, LabelSelector, Pod, ReplicaSet, ReplicaSetStatus } from './kinds.ts';
import {
  conditionOf,
  createPod,
  deletePod,
  isActive,
  isReady,
  messageOf,
  podFromTemplate,
  setStatus,
  splitKey,
  untilAvailable,
} from './pods.ts';
import { byDeletionPreference } from './scale-down.ts';
import { hasLabels, selects } from './selectors.ts';
import { timestamp } from './time.ts';
import { watchOwned } from './watch-owned.ts';
import { createWorkQueue } from './work-queue.ts';

/** What tells the two kinds apart that keep a number of equal pods. */
export interface ReplicaKind {
  resource: ResourceId;
  kind: string;
  /** As events name it. */
  component: string;
  selectorOf(set: ReplicaSet): LabelSelector | undefined;
}

/** Keeps as many pods as each ReplicaSet asks for. */
export function startReplicaSets(registry: Registry, clock: Clock): () => void {
  return startReplicas(registry, clock, {
    resource: 'apps/replicasets',
    kind: 'ReplicaSet',
    component: 'replicaset-controller',
    selectorOf: (set) => set.spec?.selector,
  });
}

export function startReplicas(registry: Registry, clock: Clock, of: ReplicaKind): () => void {
  const record = createEventRecorder(registry, clock, { component: of.component });
  const queue = createWorkQueue(clock, of.component, sync);
  const stop = watchOwned(registry, queue, of, 'pods');
  return () => {
    stop();
    queue.stop();
  };

  function sync(key: string) {
    const [namespace, name] = splitKey(key);
    const set = registry.get(of.resource, namespace, name) as ReplicaSet | undefined;
    // The API refuses a set that does not select its own pods; acting on one would make pods without end.
    if (!set || !selects(of.selectorOf(set), set.spec?.template?.metadata?.labels)) return;
    const claimed = () => claim<Pod>(registry, 'pods', set, of.selectorOf(set)).filter(isActive);
    const pods = claimed();
    let failure: unknown;
    if (!set.metadata.deletionTimestamp) {
      try {
        scale(set, pods);
      } catch (error) {
        failure = error;
      }
    }
    writeStatus(set, failure ? pods : claimed(), failure, key);
    if (failure) throw failure;
  }

  function scale(set: ReplicaSet, pods: Pod[]) {
    const missing = (set.spec?.replicas ?? 1) - pods.length;
    const template = set.spec?.template;
    if (!template) return;
    for (let i = 0; i < missing; i++) {
      createPod(registry, record, set, podFromTemplate(template, set, `${set.metadata.name}-`));
    }
    if (missing >= 0) return;
    for (const pod of byDeletionPreference(pods).slice(0, -missing)) deletePod(registry, record, set, pod);
  }

  function writeStatus(set: ReplicaSet, pods: Pod[], failure: unknown, key: string) {
    const waits = pods.map((pod) => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, clock));
    const soonest = Math.min(...waits.filter((wait) => wait !== undefined && wait > 0).map(Number));
    if (Number.isFinite(soonest)) queue.addAfter(key, soonest);
    const status = statusOf(set, pods, waits.filter((wait) => wait === 0).length);
    const conditions = failureCondition(set, failure, clock);
    if (conditions) status.conditions = conditions;
    if (equal(status, set.status)) return;
    setStatus(registry, of.resource, set, status);
  }
}

/** Counts of zero are left out, save `replicas`, as the API does. */
function statusOf(set: ReplicaSet, pods: Pod[], available: number): ReplicaSetStatus {
  const templateLabels = set.spec?.template.metadata?.labels;
  const labeled = pods.filter((pod) => hasLabels(pod.metadata.labels, templateLabels)).length;
  const ready = pods.filter(isReady).length;
  return {
    replicas: pods.length,
    ...(labeled > 0 && { fullyLabeledReplicas: labeled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    observedGeneration: set.metadata.generation ?? 0,
  };
}

function failureCondition(set: ReplicaSet, failure: unknown, clock: Clock): Condition[] | undefined {
  if (!failure) return undefined;
  const message = messageOf(failure);
  const known = conditionOf(set.status?.conditions, 'ReplicaFailure');
  if (known?.message === message) return [known];
  return [
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message,
      lastTransitionTime: known?.lastTransitionTime ?? timestamp(clock),
    },
  ];
}
