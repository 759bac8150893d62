import type { Deployment } from './kinds.ts';

const DEFAULT = '25%';

/** How many pods above the wanted number a rolling update may run. */
export function maxSurge(deployment: Deployment): number {
  if (!isRolling(deployment)) return 0;
  const surge = deployment.spec?.strategy?.rollingUpdate?.maxSurge ?? DEFAULT;
  return absolute(surge, deployment.spec?.replicas ?? 1, Math.ceil);
}

/** How many of the wanted pods may be unavailable during a rolling update; never zero together with maxSurge. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = deployment.spec?.replicas ?? 1;
  if (!isRolling(deployment) || replicas === 0) return 0;
  const unavailable = deployment.spec?.strategy?.rollingUpdate?.maxUnavailable ?? DEFAULT;
  const number = absolute(unavailable, replicas, Math.floor);
  return Math.min(number === 0 && maxSurge(deployment) === 0 ? 1 : number, replicas);
}

export function isRolling(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type !== 'Recreate';
}

/** A number, or a percentage of `total`. */
export function absolute(value: number | string, total: number, round: (x: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number.parseFloat(value) * total) / 100) : Number(value) || 0;
}
