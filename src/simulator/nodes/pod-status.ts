// A pod's status from the state of its containers. Pure.
import { equal } from '../controllers/equal.ts';
import type { Condition, ContainerStatus, Pod, PodStatus } from '../controllers/kinds.ts';
import { conditionOf } from '../controllers/pods.ts';

/** `debug`: an ephemeral container, which the pod does not wait for. */
export type ContainerRole = 'init' | 'sidecar' | 'main' | 'debug';

export interface ContainerView {
  role: ContainerRole;
  status: ContainerStatus;
  /** Init: ended well. Sidecar: has started. Main: nothing is waited for. */
  initialized: boolean;
  /** Ended and will not be started again. */
  finished: boolean;
}

export interface PodView {
  pod: Pod;
  containers: ContainerView[];
  phase: string;
  hostIP: string;
  podIP: string | undefined;
  startTime: string;
}

export function phaseOf(all: ContainerView[], restartPolicy = 'Always'): string {
  const mains = all.filter((c) => c.role === 'main');
  const inits = all.filter(isInit);
  if (inits.some((c) => c.finished && !c.initialized)) return 'Failed';
  if (inits.some((c) => !c.initialized) && mains.every((c) => isWaiting(c) && c.status.restartCount === 0))
    return 'Pending';
  if (mains.every((c) => c.finished) && restartPolicy !== 'Always')
    return mains.every((c) => c.status.state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  // A pod is Pending until every container has been created once.
  return mains.some((c) => isWaiting(c) && !c.status.lastState.terminated) ? 'Pending' : 'Running';
}

export function statusOf(view: PodView, now: string): PodStatus {
  const { pod, containers, phase, hostIP, podIP, startTime } = view;
  const statuses = (wanted: (c: ContainerView) => boolean) => containers.filter(wanted).map((c) => c.status);
  const inits = statuses(isInit);
  const debugs = statuses((c) => c.role === 'debug');
  const generation = pod.metadata.generation;
  return {
    ...pod.status,
    phase,
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: conditionsOf(view, now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    ...(inits.length > 0 && { initContainerStatuses: inits }),
    containerStatuses: statuses((c) => c.role === 'main'),
    ...(debugs.length > 0 && { ephemeralContainerStatuses: debugs }),
  };
}

const isInit = ({ role }: ContainerView): boolean => role === 'init' || role === 'sidecar';

function isWaiting(container: ContainerView): boolean {
  return container.status.state.waiting !== undefined;
}

function conditionsOf({ pod, containers, phase, podIP }: PodView, now: string): Condition[] {
  const known = pod.status?.conditions ?? [];
  const finished = phase === 'Succeeded' || phase === 'Failed';
  const ready = readiness(containers, phase);
  const made: Partial<Condition>[] = [
    { type: 'PodReadyToStartContainers', status: podIP && !finished ? 'True' : 'False' },
    { type: 'Initialized', ...initialization(containers) },
    { type: 'Ready', ...ready },
    { type: 'ContainersReady', ...ready },
    { type: 'PodScheduled', status: 'True' },
  ];
  const generation = pod.metadata.generation;
  const types = new Set(made.map((c) => c.type));
  return [
    ...made.map((c) => {
      const condition = { ...c, ...(generation !== undefined && { observedGeneration: generation }) } as Condition;
      return stamped(condition, conditionOf(known, condition.type), now);
    }),
    ...known.filter((c) => !types.has(c.type)),
  ];
}

function initialization(containers: ContainerView[]): Partial<Condition> {
  const incomplete = containers.filter((c) => isInit(c) && !c.initialized).map((c) => c.status.name);
  if (incomplete.length === 0) return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${incomplete.join(' ')}]`,
  };
}

function readiness(containers: ContainerView[], phase: string): Partial<Condition> {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = containers
    .filter((c) => c.role !== 'init' && c.role !== 'debug' && !c.status.ready)
    .map((c) => c.status.name);
  if (unready.length === 0) return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

/** Keeps the time of the last transition as long as the status is the same. */
function stamped(condition: Condition, known: Condition | undefined, now: string): Condition {
  const { type, status, reason, message, observedGeneration } = condition;
  const next: Condition = {
    type,
    status,
    ...(reason && { reason }),
    ...(message && { message }),
    lastProbeTime: null,
    lastTransitionTime: known?.status === status ? (known.lastTransitionTime ?? now) : now,
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
  return known && equal(known, next) ? known : next;
}
