// What a Deployment says of itself: counts, and the conditions Available, Progressing and ReplicaFailure.
import type { Clock } from '../contract.ts';
import { replicasOf, totalAvailable, totalReplicas } from './deployment-sets.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from './kinds.ts';
import { conditionOf } from './pods.ts';
import { maxUnavailable } from './rolling-limits.ts';
import { parseTime, timestamp } from './time.ts';

/**
 * `conditions` are the ones so far: a step of this look may have added to those that are stored. A Deployment that is
 * paused or being resized makes no progress, and is not late either.
 */
export function deploymentStatus(
  deployment: Deployment,
  conditions: Condition[],
  sets: ReplicaSet[],
  current: ReplicaSet | undefined,
  clock: Clock,
  rollingOut: boolean,
): DeploymentStatus {
  const status = counts(deployment, sets, current);
  const wanted = replicasOf(deployment) - maxUnavailable(deployment);
  const available = (status.availableReplicas ?? 0) >= wanted;
  let next = setCondition(conditions, clock, {
    type: 'Available',
    status: available ? 'True' : 'False',
    reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: available ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  });
  if (!rollingOut) return { ...status, conditions: next };
  next = withProgress(deployment, status, next, current, clock);
  const failure = current && conditionOf(current.status?.conditions, 'ReplicaFailure');
  next = failure ? setCondition(next, clock, failure) : next.filter((c) => c.type !== 'ReplicaFailure');
  return { ...status, conditions: next };
}

export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const replicas = replicasOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** Milliseconds until the rollout is late, undefined when no rollout is under way or nobody set a deadline. */
export function untilDeadline(deployment: Deployment, status: DeploymentStatus, clock: Clock): number | undefined {
  const deadline = deployment.spec?.progressDeadlineSeconds;
  const progressing = conditionOf(status.conditions, 'Progressing');
  if (!hasDeadline(deployment) || deadline === undefined || !progressing || isComplete(deployment, status))
    return undefined;
  if (progressing.reason !== 'NewReplicaSetCreated' && progressing.reason !== 'ReplicaSetUpdated') return undefined;
  return Math.max(0, parseTime(progressing.lastUpdateTime) + deadline * 1000 - clock.now()) + 1000;
}

/** Replaces the condition of that type; the same status and reason as before is no change. */
export function setCondition(conditions: Condition[], clock: Clock, condition: Condition): Condition[] {
  const known = conditionOf(conditions, condition.type);
  if (known?.status === condition.status && known.reason === condition.reason) return conditions;
  return [...conditions.filter((c) => c.type !== condition.type), stamped(condition, known, clock)];
}

/** The pause of a rollout stops its deadline, and says so. */
export function pauseConditions(deployment: Deployment, conditions: Condition[], clock: Clock): Condition[] {
  if (!hasDeadline(deployment)) return conditions;
  const reason = conditionOf(conditions, 'Progressing')?.reason;
  if (reason === 'ProgressDeadlineExceeded') return conditions;
  const unknown = (reason: string, message: string) =>
    setCondition(conditions, clock, { type: 'Progressing', status: 'Unknown', reason, message });
  if (deployment.spec?.paused && reason !== 'DeploymentPaused')
    return unknown('DeploymentPaused', 'Deployment is paused');
  if (!deployment.spec?.paused && reason === 'DeploymentPaused')
    return unknown('DeploymentResumed', 'Deployment is resumed');
  return conditions;
}

export function hasDeadline(deployment: Deployment): boolean {
  const deadline = deployment.spec?.progressDeadlineSeconds;
  return deadline !== undefined && deadline < 2 ** 31 - 1;
}

/** Counts of zero are left out, as the API does. */
function counts(deployment: Deployment, sets: ReplicaSet[], current: ReplicaSet | undefined): DeploymentStatus {
  const sum = (count: (set: ReplicaSet) => number | undefined) => sets.reduce((n, set) => n + (count(set) ?? 0), 0);
  const available = totalAvailable(sets);
  const all = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum((set) => set.status?.replicas),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum((set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, totalReplicas(sets) - available),
    collisionCount: deployment.status?.collisionCount ?? 0,
  };
  return Object.fromEntries(Object.entries(all).filter(([, n]) => n > 0));
}

function withProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  conditions: Condition[],
  current: ReplicaSet | undefined,
  clock: Clock,
): Condition[] {
  if (!hasDeadline(deployment)) return conditions.filter((c) => c.type !== 'Progressing');
  const known = conditionOf(conditions, 'Progressing');
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && known?.reason === 'NewReplicaSetAvailable';
  if (settled) return conditions;
  const named = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const say = (status: Condition['status'], reason: string, rest: string): Condition => ({
    type: 'Progressing',
    status,
    reason,
    message: `${named} ${rest}`,
  });
  if (isComplete(deployment, status))
    return setCondition(conditions, clock, say('True', 'NewReplicaSetAvailable', 'has successfully progressed.'));
  if (hasAdvanced(deployment.status, status)) {
    // Written even when status and reason stay: its lastUpdateTime is what the deadline counts from.
    const advance = stamped(say('True', 'ReplicaSetUpdated', 'is progressing.'), known, clock);
    return [...conditions.filter((c) => c.type !== 'Progressing'), advance];
  }
  if (isLate(deployment, known, clock))
    return setCondition(conditions, clock, say('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'));
  return conditions;
}

function hasAdvanced(before: DeploymentStatus = {}, after: DeploymentStatus): boolean {
  const old = (s: DeploymentStatus) => (s.replicas ?? 0) - (s.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isLate(deployment: Deployment, known: Condition | undefined, clock: Clock): boolean {
  if (!known || known.reason === 'NewReplicaSetAvailable') return false;
  if (known.reason === 'ProgressDeadlineExceeded') return true;
  const deadline = (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000;
  return parseTime(known.lastUpdateTime) + deadline < clock.now();
}

function stamped(condition: Condition, known: Condition | undefined, clock: Clock): Condition {
  const now = timestamp(clock);
  const transition = known?.status === condition.status ? known.lastTransitionTime : undefined;
  const { type, status, reason, message } = condition;
  return {
    type,
    status,
    ...(reason && { reason }),
    ...(message && { message }),
    lastUpdateTime: now,
    lastTransitionTime: transition ?? now,
  };
}
