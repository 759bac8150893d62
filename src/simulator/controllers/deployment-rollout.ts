// How many replicas each ReplicaSet of a Deployment gets next. Pure: numbers in, numbers out.
import { MAX, replicasOf, totalAvailable, totalReplicas } from './deployment-sets.ts';
import type { Deployment, ReplicaSet } from './kinds.ts';
import { isRolling, maxSurge, maxUnavailable } from './rolling-limits.ts';

/** A new size for a set. */
export interface Resize {
  set: ReplicaSet;
  replicas: number;
}

/** The size of the set with the current template, new or growing: what the surge leaves room for. */
export function nextCurrentSize(deployment: Deployment, sets: ReplicaSet[], current: ReplicaSet | undefined): number {
  const wanted = replicasOf(deployment);
  const now = current ? replicasOf(current) : 0;
  if (!isRolling(deployment) || now > wanted) return wanted;
  const room = wanted + maxSurge(deployment) - totalReplicas(sets);
  return room <= 0 ? now : now + Math.min(room, wanted - now);
}

/** What the older sets give up now, unhealthy pods first, without falling below the minimum of available pods. */
export function shrinkOld(deployment: Deployment, sets: ReplicaSet[], current: ReplicaSet | undefined): Resize[] {
  const old = sets.filter((set) => set !== current && replicasOf(set) > 0);
  const minimum = replicasOf(deployment) - maxUnavailable(deployment);
  const currentUnavailable = current ? replicasOf(current) - (current.status?.availableReplicas ?? 0) : 0;
  let allowance = totalReplicas(sets) - minimum - currentUnavailable;
  if (old.length === 0 || allowance <= 0) return [];
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const take = (set: ReplicaSet, most: number): number => {
    const size = sizes.get(set) ?? 0;
    const taken = Math.max(0, Math.min(size, most));
    sizes.set(set, size - taken);
    return taken;
  };
  for (const set of old) {
    const unhealthy = replicasOf(set) - (set.status?.availableReplicas ?? 0);
    allowance -= take(set, Math.min(unhealthy, allowance));
  }
  let spare = totalAvailable(sets) - minimum;
  for (const set of old) {
    if (spare <= 0) break;
    spare -= take(set, spare);
  }
  return old.map((set) => ({ set, replicas: sizes.get(set) ?? 0 })).filter((r) => r.replicas !== replicasOf(r.set));
}

/** The sizes after the Deployment's own size changed, or while it is paused: each set keeps its share. */
export function rescale(deployment: Deployment, sets: ReplicaSet[], current: ReplicaSet | undefined): Resize[] {
  const wanted = replicasOf(deployment);
  const active = sets.filter((set) => replicasOf(set) > 0);
  const only = active.length === 1 ? active[0] : active.length === 0 ? (current ?? sets.at(-1)) : undefined;
  if (active.length <= 1) return only && replicasOf(only) !== wanted ? [{ set: only, replicas: wanted }] : [];
  if (current && isSaturated(current, wanted))
    return active.filter((set) => set !== current).map((set) => ({ set, replicas: 0 }));
  return isRolling(deployment) ? inProportion(deployment, active) : [];
}

function isSaturated(current: ReplicaSet, wanted: number): boolean {
  return replicasOf(current) === wanted && (current.status?.availableReplicas ?? 0) === wanted;
}

function inProportion(deployment: Deployment, active: ReplicaSet[]): Resize[] {
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  let toAdd = allowed - totalReplicas(active);
  if (toAdd === 0) return [];
  const bySize = [...active].sort((a, b) => replicasOf(b) - replicasOf(a));
  const resized = bySize.map((set) => {
    const before = Number(set.metadata.annotations?.[MAX] ?? allowed) || allowed;
    const share = Math.round((replicasOf(set) * allowed) / before) - replicasOf(set);
    const change = toAdd > 0 ? Math.min(Math.max(share, 0), toAdd) : Math.max(Math.min(share, 0), toAdd);
    toAdd -= change;
    return { set, replicas: replicasOf(set) + change };
  });
  const first = resized[0];
  if (first) first.replicas = Math.max(0, first.replicas + toAdd);
  return resized.filter((r) => r.replicas !== replicasOf(r.set));
}
