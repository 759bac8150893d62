// topologySpreadConstraints that forbid: how unevenly pods of a kind may lie over zones, or nodes.
import type { LabelSelector, Pod } from '../controllers/kinds.ts';
import { selects } from '../controllers/selectors.ts';
import type { NodeState } from './node-book.ts';

interface Constraint {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector?: LabelSelector;
  minDomains?: number;
}

/** `unlabelled`: the node has no place in what is to be spread over. `nodes` are those that may be counted. */
export function spreadProblem(
  pod: Pod,
  state: NodeState,
  nodes: readonly NodeState[],
): 'unlabelled' | 'uneven' | undefined {
  const all = (pod.spec?.topologySpreadConstraints ?? []) as Constraint[];
  for (const constraint of all) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
    const here = domainOf(constraint, state);
    if (here === undefined) return 'unlabelled';
    const counts = countsOf(constraint, pod, nodes);
    const fewest = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    const itself = Number(selects(constraint.labelSelector, pod.metadata.labels));
    if ((counts.get(here) ?? 0) + itself - fewest > constraint.maxSkew) return 'uneven';
  }
  return undefined;
}

function countsOf(constraint: Constraint, pod: Pod, nodes: readonly NodeState[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const state of nodes) {
    const domain = domainOf(constraint, state);
    if (domain === undefined) continue;
    const found = [...state.pods.values()].filter(
      ({ metadata }) =>
        metadata.namespace === pod.metadata.namespace &&
        !metadata.deletionTimestamp &&
        selects(constraint.labelSelector, metadata.labels),
    );
    counts.set(domain, (counts.get(domain) ?? 0) + found.length);
  }
  return counts;
}

function domainOf({ topologyKey }: Constraint, { node }: NodeState): string | undefined {
  return node.metadata.labels?.[topologyKey];
}
