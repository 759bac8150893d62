// Which of the nodes that a pod fits on it goes to: the sum of the scheduler's plugins, each from 0 to 100 with its weight.
import type { Pod } from '../controllers/kinds.ts';
import type { NodeState } from './node-book.ts';
import { preferenceScores, taintScores } from './node-preference.ts';
import { affinityScores, type NamespaceLabels } from './pod-affinity.ts';
import type { Requests } from './pod-resources.ts';
import { balancedAllocation, imageScores, leastAllocated } from './resource-score.ts';
import { spreadScores } from './topology-spread.ts';

/** As kube-scheduler has them. */
const WEIGHTS = { taints: 3, preference: 2, spread: 2, affinity: 2, images: 1 };

/** The best; among equals the one with the fewest pods, then the first by name (a real scheduler draws one). */
export function bestNode(
  pod: Pod,
  requests: Requests,
  fitting: readonly NodeState[],
  nodes: readonly NodeState[],
  namespaces: NamespaceLabels,
): NodeState | undefined {
  if (fitting.length < 2) return fitting[0];
  const totals = fitting.map((state) => leastAllocated(requests, state) + balancedAllocation(requests, state));
  const add = (weight: number, scores: number[] | undefined) => {
    scores?.forEach((score, i) => {
      totals[i] = (totals[i] ?? 0) + weight * score;
    });
  };
  add(WEIGHTS.taints, taintScores(pod, fitting));
  add(WEIGHTS.preference, preferenceScores(pod, fitting));
  add(WEIGHTS.spread, spreadScores(pod, fitting, nodes));
  add(WEIGHTS.affinity, affinityScores(pod, fitting, nodes, namespaces));
  add(WEIGHTS.images, imageScores(pod, fitting, nodes));
  return best(fitting, totals);
}

function best(fitting: readonly NodeState[], totals: readonly number[]): NodeState | undefined {
  let chosen: { state: NodeState; total: number } | undefined;
  fitting.forEach((state, i) => {
    const total = totals[i] ?? 0;
    const better =
      !chosen || total > chosen.total || (total === chosen.total && state.used.pods < chosen.state.used.pods);
    if (better) chosen = { state, total };
  });
  return chosen?.state;
}
