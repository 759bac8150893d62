import type { Pod } from './kinds.ts';
import { conditionOf, isReady } from './pods.ts';
import { parseTime } from './time.ts';

const COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/** The pods in the order in which a ReplicaSet gives them up: those that serve least and are youngest go first. */
export function byDeletionPreference(pods: Pod[]): Pod[] {
  const siblings = new Map<string, number>();
  for (const pod of pods) {
    const node = pod.spec?.nodeName ?? '';
    siblings.set(node, (siblings.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod): number[] => [
    pod.spec?.nodeName ? 1 : 0,
    PHASES[pod.status?.phase ?? 'Pending'] ?? 1,
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.[COST] ?? 0),
    -(siblings.get(pod.spec?.nodeName ?? '') ?? 0),
    -parseTime(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime),
    -Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c) => c.restartCount)),
    -parseTime(pod.metadata.creationTimestamp),
  ];
  const ranked = pods.map((pod) => ({ pod, rank: rank(pod) }));
  ranked.sort((a, b) => compare(a.rank, b.rank));
  return ranked.map(({ pod }) => pod);
}

function compare(a: number[], b: number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
