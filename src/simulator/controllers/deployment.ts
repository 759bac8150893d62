import type { Clock, Registry } from '../contract.ts';
import { claim } from './claim.ts';
import { nextCurrentSize, type Resize, rescale, shrinkOld } from './deployment-rollout.ts';
import {
  annotateCurrent,
  byAge,
  DESIRED,
  findCurrent,
  makeSet,
  REPLICA_SETS,
  REVISION,
  replicasOf,
  revisionOf,
  sizeAnnotations,
} from './deployment-sets.ts';
import {
  deploymentStatus,
  hasDeadline,
  isComplete,
  pauseConditions,
  setCondition,
  untilDeadline,
} from './deployment-status.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Condition, Deployment, Pod, ReplicaSet } from './kinds.ts';
import { conditionOf, controllerOf, isControlledBy, isFinished, messageOf, setStatus, splitKey } from './pods.ts';
import { isRolling } from './rolling-limits.ts';
import { watchOwned } from './watch-owned.ts';
import { createWorkQueue, isApiError } from './work-queue.ts';

const DEPLOYMENTS = 'apps/deployments';

/** One look at one Deployment: what is known so far, updated as steps write. */
interface Look {
  key: string;
  deployment: Deployment;
  sets: ReplicaSet[];
  current: ReplicaSet | undefined;
  conditions: Condition[];
}

/** Rolls Deployments out over ReplicaSets. */
export function startDeployments(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'deployment-controller' });
  const queue = createWorkQueue(clock, 'deployment', sync);
  const stops = [
    watchOwned(registry, queue, { resource: DEPLOYMENTS, kind: 'Deployment' }, REPLICA_SETS),
    // A Recreate rollout waits for the old pods to be gone, which no ReplicaSet tells.
    registry.watch('pods', ({ type, object }) => {
      if (type === 'DELETED') enqueueOwnerOf(object as Pod);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function enqueueOwnerOf(pod: Pod) {
    const set = controllerOf(pod);
    if (set?.kind !== 'ReplicaSet') return;
    const owner = registry.get(REPLICA_SETS, pod.metadata.namespace, set.name);
    const deployment = owner && controllerOf(owner);
    if (deployment) queue.add(`${pod.metadata.namespace ?? ''}/${deployment.name}`);
  }

  function sync(key: string) {
    const [namespace, name] = splitKey(key);
    const deployment = registry.get(DEPLOYMENTS, namespace, name) as Deployment | undefined;
    if (!deployment?.spec) return;
    const sets = byAge(claim<ReplicaSet>(registry, REPLICA_SETS, deployment, deployment.spec.selector));
    const conditions = pauseConditions(deployment, deployment.status?.conditions ?? [], clock);
    const look: Look = { key, deployment, sets, current: findCurrent(deployment, sets), conditions };
    const rollingOut = !deployment.metadata.deletionTimestamp && step(look);
    writeStatus(look, rollingOut);
  }

  /** True when the step was one of a rollout. */
  function step(look: Look): boolean {
    const { deployment } = look;
    const rollingOut = !deployment.spec?.paused && !isResized(look);
    if (!rollingOut) {
      if (look.current) adoptRevision(look, look.current);
      resize(look, rescale(deployment, look.sets, look.current));
    } else if (isRolling(deployment)) {
      if (!roll(look)) resize(look, shrinkOld(deployment, look.sets, look.current));
    } else if (!recreate(look)) {
      roll(look);
    }
    if (isComplete(deployment, deployment.status)) forgetOldSets(look);
    return rollingOut;
  }

  /** True when the current set was made or resized, which is one step: the rest waits for its effect. */
  function roll(look: Look): boolean {
    if (!look.current) {
      look.current = create(look);
      return true;
    }
    adoptRevision(look, look.current);
    const size = nextCurrentSize(look.deployment, look.sets, look.current);
    if (size === replicasOf(look.current)) return false;
    resize(look, [{ set: look.current, replicas: size }]);
    return true;
  }

  /** True while old pods remain: no new one may start beside them. */
  function recreate(look: Look): boolean {
    const old = look.sets.filter((set) => set !== look.current);
    resize(
      look,
      old.filter((set) => replicasOf(set) > 0).map((set) => ({ set, replicas: 0 })),
    );
    const pods = registry.list('pods', look.deployment.metadata.namespace) as Pod[];
    return pods.some((pod) => !isFinished(pod) && old.some((set) => isControlledBy(pod, set)));
  }

  function create(look: Look): ReplicaSet | undefined {
    const { deployment, sets } = look;
    const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
    const size = nextCurrentSize(deployment, sets, undefined);
    const collisions = deployment.status?.collisionCount ?? 0;
    const made = makeSet(deployment, size, revision, collisions);
    const created = createSet(look, made);
    look.sets = [...sets, created];
    setRevision(look, revision);
    if (hasDeadline(deployment)) {
      look.conditions = setCondition(look.conditions, clock, {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetCreated',
        message: `Created new replica set "${created.metadata.name}"`,
      });
    }
    if (size > 0) sayScaled(look, created, 0, size);
    return created;
  }

  function createSet(look: Look, made: ReplicaSet): ReplicaSet {
    try {
      return registry.create(REPLICA_SETS, made) as ReplicaSet;
    } catch (error) {
      if (isApiError(error) && error.code === 409) countCollision(look.deployment);
      else fail(look, made, error);
      throw error;
    }
  }

  /** Another template hashes to the same name: the next try salts the hash. */
  function countCollision(deployment: Deployment) {
    const { namespace, name } = deployment.metadata;
    const change = (copy: Deployment) => {
      copy.status = { ...copy.status, collisionCount: (copy.status?.collisionCount ?? 0) + 1 };
    };
    registry.edit(DEPLOYMENTS, namespace, name, (copy) => change(copy as Deployment), { subresource: 'status' });
  }

  function fail(look: Look, made: ReplicaSet, error: unknown) {
    const message = `Failed to create new replica set "${made.metadata.name}": ${messageOf(error)}`;
    record(look.deployment, 'Warning', 'ReplicaSetCreateError', message);
  }

  /** A set that is current keeps the highest revision; a Deployment shows the revision of its current set. */
  function adoptRevision(look: Look, current: ReplicaSet) {
    const others = look.sets.filter((set) => set !== current).map(revisionOf);
    const revision = Math.max(Math.max(0, ...others) + 1, revisionOf(current));
    const annotated = annotateCurrent(registry, look.deployment, current, revision);
    replace(look, current, annotated);
    setRevision(look, revisionOf(annotated));
    if (hasDeadline(look.deployment) && !conditionOf(look.conditions, 'Progressing')) {
      look.conditions = setCondition(look.conditions, clock, {
        type: 'Progressing',
        status: 'True',
        reason: 'FoundNewReplicaSet',
        message: `Found new replica set "${annotated.metadata.name}"`,
      });
    }
  }

  function setRevision(look: Look, revision: number) {
    const { namespace, name, annotations } = look.deployment.metadata;
    if (annotations?.[REVISION] === String(revision)) return;
    const edited = registry.edit(DEPLOYMENTS, namespace, name, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, [REVISION]: String(revision) };
    });
    if (edited) look.deployment = edited as Deployment;
  }

  function resize(look: Look, resizes: Resize[]) {
    for (const { set, replicas } of resizes) {
      const before = replicasOf(set);
      const edited = registry.edit(REPLICA_SETS, set.metadata.namespace, set.metadata.name, (copy) => {
        const spec = (copy as ReplicaSet).spec;
        if (spec) spec.replicas = replicas;
        copy.metadata.annotations = { ...copy.metadata.annotations, ...sizeAnnotations(look.deployment) };
      });
      if (!edited) continue;
      replace(look, set, edited as ReplicaSet);
      sayScaled(look, set, before, replicas);
    }
    for (const set of look.sets.filter((s) => replicasOf(s) > 0)) annotateSize(look, set);
  }

  /** Sets that keep their size through a rescale learn the Deployment's new size all the same. */
  function annotateSize(look: Look, set: ReplicaSet) {
    const size = sizeAnnotations(look.deployment);
    if (set.metadata.annotations?.[DESIRED] === size[DESIRED]) return;
    const edited = registry.edit(REPLICA_SETS, set.metadata.namespace, set.metadata.name, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, ...size };
    });
    if (edited) replace(look, set, edited as ReplicaSet);
  }

  function sayScaled(look: Look, set: ReplicaSet, from: number, to: number) {
    const direction = to > from ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${to}`;
    record(look.deployment, 'Normal', 'ScalingReplicaSet', message);
  }

  function forgetOldSets(look: Look) {
    const old = look.sets.filter((set) => set !== look.current && isEmpty(set));
    old.sort((a, b) => revisionOf(a) - revisionOf(b));
    const limit = look.deployment.spec?.revisionHistoryLimit ?? 10;
    for (const set of old.slice(0, Math.max(0, old.length - limit))) {
      registry.remove(REPLICA_SETS, set.metadata.namespace, set.metadata.name);
    }
  }

  function writeStatus(look: Look, rollingOut: boolean) {
    const { deployment, conditions, sets, current } = look;
    const status = deploymentStatus(deployment, conditions, sets, current, clock, rollingOut);
    const late = untilDeadline(deployment, status, clock);
    if (late !== undefined) queue.addAfter(look.key, late);
    if (equal(status, deployment.status)) return;
    setStatus(registry, DEPLOYMENTS, deployment, status);
  }
}

function isResized({ deployment, sets }: Look): boolean {
  const wanted = String(replicasOf(deployment));
  return sets.some((set) => replicasOf(set) > 0 && (set.metadata.annotations?.[DESIRED] ?? wanted) !== wanted);
}

function isEmpty(set: ReplicaSet): boolean {
  return replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && !set.metadata.deletionTimestamp;
}

function replace(look: Look, before: ReplicaSet, after: ReplicaSet) {
  look.sets = look.sets.map((set) => (set === before ? after : set));
  if (look.current === before) look.current = after;
}
