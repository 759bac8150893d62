import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, ResourceId } from '../contract.ts';
import type { UsageSource } from '../usage.ts';
import {
  type Behavior,
  type Change,
  LONGEST_WINDOW,
  paced,
  type Recommendation,
  stabilized,
} from './autoscaler-limits.ts';
import { type Measured, type Proposal, propose, type ResourceTarget } from './autoscaler-target.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Condition, LabelSelector, Pod } from './kinds.ts';
import { conditionOf, isActive, keyOf, messageOf, setStatus, splitKey } from './pods.ts';
import { textOf } from './quantity-text.ts';
import { selects } from './selectors.ts';
import { formatTime, timestamp } from './time.ts';
import { createWorkQueue } from './work-queue.ts';

const AUTOSCALERS = 'autoscaling/horizontalpodautoscalers';
const PERIOD = 15_000;
/** What can be scaled, by kind. */
const TARGETS: Readonly<Record<string, ResourceId>> = {
  Deployment: 'apps/deployments',
  ReplicaSet: 'apps/replicasets',
  StatefulSet: 'apps/statefulsets',
  ReplicationController: 'replicationcontrollers',
};

interface MetricSpec {
  type: string;
  resource?: ResourceTarget;
  containerResource?: ResourceTarget;
}

interface AutoscalerSpec {
  scaleTargetRef: { apiVersion?: string; kind: string; name: string };
  minReplicas?: number;
  maxReplicas: number;
  metrics?: MetricSpec[];
  behavior?: Behavior;
}

interface AutoscalerStatus {
  observedGeneration?: number;
  lastScaleTime?: string;
  currentReplicas?: number;
  desiredReplicas: number;
  currentMetrics?: unknown;
  conditions?: Condition[];
}

type Autoscaler = KubeObject<AutoscalerSpec, AutoscalerStatus>;
type Target = KubeObject<{ replicas?: number; selector?: LabelSelector | Record<string, string> }>;

/** Sets the replicas of what each HorizontalPodAutoscaler points at, by what its pods use. */
export function startAutoscalers(registry: Registry, clock: Clock, usage: UsageSource): () => void {
  const record = createEventRecorder(registry, clock, { component: 'horizontal-pod-autoscaler' });
  const queue = createWorkQueue(clock, 'horizontal pod autoscaler', sync);
  const memories = new Map<string, { past: Recommendation[]; changes: Change[]; next: number }>();
  const stop = registry.watch(AUTOSCALERS, ({ type, object, previous }) => {
    const changed = type !== 'MODIFIED' || !equal(object.spec, previous?.spec);
    if (type === 'DELETED') memories.delete(object.metadata.uid ?? '');
    else if (changed) queue.add(keyOf(object));
  });
  return () => {
    stop();
    queue.stop();
  };

  function sync(key: string) {
    const hpa = registry.get(AUTOSCALERS, ...splitKey(key)) as Autoscaler | undefined;
    if (!hpa?.spec || hpa.metadata.deletionTimestamp) return;
    queue.addAfter(key, PERIOD);
    const conditions = createConditions(hpa.status?.conditions, timestamp(clock));
    const { kind, name } = hpa.spec.scaleTargetRef;
    const resource = TARGETS[kind];
    const target = resource && (registry.get(resource, hpa.metadata.namespace, name) as Target | undefined);
    if (!target) {
      const why = `the HPA controller was unable to get the target's current scale: ${kind.toLowerCase()}s.apps "${name}" not found`;
      conditions.set('AbleToScale', 'False', 'FailedGetScale', why);
      record(hpa, 'Warning', 'FailedGetScale', `${kind.toLowerCase()}s.apps "${name}" not found`);
      return write(hpa, { desiredReplicas: 0 }, conditions);
    }
    conditions.set(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const current = target.spec?.replicas ?? 1;
    if (current === 0) {
      conditions.set(
        'ScalingActive',
        'False',
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
      );
      return write(hpa, { currentReplicas: 0, desiredReplicas: 0 }, conditions);
    }
    const found = measure(hpa, target, current, conditions);
    const desired = found && decide(hpa, current, found.replicas, conditions);
    const status = { currentReplicas: current, desiredReplicas: desired ?? hpa.status?.desiredReplicas ?? 0 };
    const scaled =
      desired !== undefined && desired !== current && rescale(hpa, target, resource, desired, found?.why ?? '');
    if (scaled)
      conditions.set(
        'AbleToScale',
        'True',
        'SucceededRescale',
        `the HPA controller was able to update the target scale to ${desired}`,
      );
    write(hpa, { ...status, currentMetrics: found?.metrics ?? hpa.status?.currentMetrics ?? null }, conditions, scaled);
  }

  /** The metric that calls for most pods; undefined when none can be read. */
  function measure(hpa: Autoscaler, target: Target, current: number, conditions: Conditions) {
    const known = new Map(usage.pods().map((u) => [u.pod.metadata.uid, u.containers]));
    const selector = target.spec?.selector;
    const wanted =
      target.kind === 'ReplicationController' ? { matchLabels: selector as Record<string, string> } : selector;
    const pods: Measured[] = (registry.list('pods', hpa.metadata.namespace) as Pod[])
      .filter((pod) => isActive(pod) && selects(wanted as LabelSelector | undefined, pod.metadata.labels))
      .map((pod) => ({ pod, containers: known.get(pod.metadata.uid) }));
    const metrics: unknown[] = [];
    let most: { replicas: number; why: string } | undefined;
    let failure: string | undefined;
    for (const spec of hpa.spec?.metrics ?? []) {
      const resource = spec.containerResource ?? spec.resource;
      if (!resource) {
        failure ??= `unable to get metric of type ${spec.type}: no metrics API serves it here`;
        continue;
      }
      try {
        const proposal = propose(resource, current, pods);
        metrics.push(currentOf(spec, resource, proposal));
        if (!most || proposal.replicas > most.replicas)
          most = { replicas: proposal.replicas, why: reasonOf(resource, proposal.replicas > current) };
      } catch (error) {
        failure ??= `failed to get ${resource.name} ${resource.target.averageUtilization === undefined ? 'usage' : 'utilization'}: ${messageOf(error)}`;
      }
    }
    // With a metric missing, the others may still call for more, never for fewer.
    if (most && (!failure || most.replicas > current)) {
      const first = (hpa.spec?.metrics ?? [])[0];
      const what = first?.containerResource?.name ?? first?.resource?.name ?? 'cpu';
      const kind =
        first?.resource?.target.averageUtilization === undefined ? '' : ` utilization (percentage of request)`;
      conditions.set(
        'ScalingActive',
        'True',
        'ValidMetricFound',
        `the HPA was able to successfully calculate a replica count from ${what} resource${kind}`,
      );
      return { ...most, metrics };
    }
    if (failure) {
      conditions.set(
        'ScalingActive',
        'False',
        'FailedGetResourceMetric',
        `the HPA was unable to compute the replica count: ${failure}`,
      );
      record(hpa, 'Warning', 'FailedGetResourceMetric', failure);
      record(
        hpa,
        'Warning',
        'FailedComputeMetricsReplicas',
        `invalid metrics (${hpa.spec?.metrics?.length ?? 0} invalid out of ${hpa.spec?.metrics?.length ?? 0}), first error is: ${failure}`,
      );
    }
    return undefined;
  }

  function decide(hpa: Autoscaler, current: number, called: number, conditions: Conditions): number {
    const now = clock.now();
    const { minReplicas = 1, maxReplicas = 1, behavior } = hpa.spec ?? { maxReplicas: 1 };
    const uid = hpa.metadata.uid ?? '';
    const memory = memories.get(uid) ?? { past: [{ time: now, replicas: current }], changes: [], next: 0 };
    memories.set(uid, memory);
    const steady = stabilized(current, called, memory.past, { behavior, now });
    memory.past = [...memory.past.filter((r) => r.time > now - LONGEST_WINDOW), { time: now, replicas: called }];
    if (steady > called)
      conditions.set(
        'AbleToScale',
        'True',
        'ScaleDownStabilized',
        'recent recommendations were higher than current one, applying the highest recent recommendation',
      );
    else conditions.set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
    const pace = paced(current, steady, memory.changes, { behavior, now });
    const desired = Math.min(Math.max(pace, minReplicas), maxReplicas);
    if (pace > maxReplicas)
      conditions.set(
        'ScalingLimited',
        'True',
        'TooManyReplicas',
        'the desired replica count is more than the maximum replica count',
      );
    else if (pace < minReplicas)
      conditions.set(
        'ScalingLimited',
        'True',
        'TooFewReplicas',
        'the desired replica count is less than the minimum replica count',
      );
    else
      conditions.set(
        'ScalingLimited',
        'False',
        'DesiredWithinRange',
        'the desired count is within the acceptable range',
      );
    if (desired !== current) memory.changes = [...memory.changes.slice(-100), { time: now, by: desired - current }];
    return desired;
  }

  function rescale(hpa: Autoscaler, target: Target, resource: ResourceId, replicas: number, why: string): boolean {
    const change = (copy: KubeObject) => {
      copy.spec = { ...(copy as Target).spec, replicas };
    };
    registry.edit(resource, target.metadata.namespace, target.metadata.name, change);
    record(hpa, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${why}`);
    return true;
  }

  function write(hpa: Autoscaler, status: AutoscalerStatus, conditions: Conditions, scaled = false) {
    const { lastScaleTime } = hpa.status ?? {};
    const scaleTime = scaled ? formatTime(clock.now()) : lastScaleTime;
    const next: AutoscalerStatus = {
      ...(hpa.metadata.generation !== undefined && { observedGeneration: hpa.metadata.generation }),
      ...(scaleTime && { lastScaleTime: scaleTime }),
      ...status,
      conditions: conditions.list(),
    };
    if (!equal(next, hpa.status)) setStatus(registry, AUTOSCALERS, hpa, next);
  }
}

function currentOf(
  spec: MetricSpec,
  resource: ResourceTarget,
  { averageValue, averageUtilization }: Proposal,
): unknown {
  const current = {
    ...(averageUtilization !== undefined && { averageUtilization }),
    averageValue:
      resource.name === 'cpu' ? textOf(Math.ceil(averageValue * 1000) / 1000) : textOf(Math.round(averageValue)),
  };
  const { name, container } = resource;
  return spec.containerResource
    ? { type: 'ContainerResource', containerResource: { name, container, current } }
    : { type: 'Resource', resource: { name, current } };
}

function reasonOf({ name, container, target }: ResourceTarget, above: boolean): string {
  if (!above) return 'All metrics below target';
  const kind = target.averageUtilization === undefined ? '' : ' utilization (percentage of request)';
  return container ? `${name} container resource${kind} above target` : `${name} resource${kind} above target`;
}

interface Conditions {
  set(type: string, status: 'True' | 'False', reason: string, message: string): void;
  list(): Condition[];
}

/** Keeps the time of the last transition of each. */
function createConditions(known: Condition[] | undefined, now: string): Conditions {
  const conditions = new Map((known ?? []).map((c) => [c.type, c]));
  return {
    set(type, status, reason, message) {
      const before = conditionOf(known, type);
      const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now;
      conditions.set(type, { type, status, lastTransitionTime, reason, message });
    },
    list: () => [...conditions.values()],
  };
}
