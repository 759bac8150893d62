// topologySpreadConstraints: how unevenly pods of a kind may lie over zones, or nodes, and where they lie more evenly.
import type { LabelSelector, Pod, SpreadConstraint } from '../controllers/kinds.ts';
import { controllerOf } from '../controllers/pods.ts';
import { selects } from '../controllers/selectors.ts';
import { toleratesNode } from '../controllers/taints.ts';
import type { NodeState } from './node-book.ts';
import { matchesNode } from './node-preference.ts';
import { BEST, highest, lowest } from './score.ts';

const HOST = 'kubernetes.io/hostname';

/** `unlabelled`: the node has no place in what is to be spread over. */
export type SpreadProblem = 'unlabelled' | 'uneven' | undefined;

/** Why a node may not take the pod, by constraints that forbid; undefined when it has none of them. */
export function spreadRule(pod: Pod, nodes: readonly NodeState[]): ((state: NodeState) => SpreadProblem) | undefined {
  const strict = constraintsOf(pod, 'DoNotSchedule');
  if (strict.length === 0) return undefined;
  const counted = strict.map((constraint) => {
    const counts = countsOf(constraint, pod, nodes);
    const fewest = counts.size < (constraint.minDomains ?? 1) ? 0 : lowest([...counts.values()]);
    const itself = Number(selects(selectorOf(constraint, pod), pod.metadata.labels));
    return { constraint, counts, fewest, itself };
  });
  return (state) => {
    for (const { constraint, counts, fewest, itself } of counted) {
      const here = domainOf(constraint, state);
      if (here === undefined) return 'unlabelled';
      if ((counts.get(here) ?? 0) + itself - fewest > constraint.maxSkew) return 'uneven';
    }
    return undefined;
  };
}

/**
 * 0 to 100 for each of `fitting`, by constraints that only ask, or else by how many pods of the same owner there are on the
 * node and in its zone. Undefined: the pod has neither constraints nor owner.
 */
export function spreadScores(
  pod: Pod,
  fitting: readonly NodeState[],
  nodes: readonly NodeState[],
): number[] | undefined {
  if (pod.spec?.topologySpreadConstraints?.length) {
    const asked = constraintsOf(pod, 'ScheduleAnyway');
    return asked.length === 0 ? undefined : askedScores(pod, asked, fitting, nodes);
  }
  const owner = controllerOf(pod)?.uid;
  return owner === undefined ? undefined : siblingScores(owner, fitting, nodes);
}

function askedScores(
  pod: Pod,
  constraints: readonly SpreadConstraint[],
  fitting: readonly NodeState[],
  nodes: readonly NodeState[],
): number[] {
  const labelled = (state: NodeState) => constraints.every((c) => domainOf(c, state) !== undefined);
  const counted = fitting.filter(labelled);
  const weighed = constraints.map((constraint) => {
    const counts = countsOf(constraint, pod, nodes.filter(labelled));
    const domains = new Set(counted.map((state) => domainOf(constraint, state))).size;
    return { constraint, counts, weight: Math.log(domains + 2) };
  });
  return evenness(
    fitting.map((state) => {
      if (!labelled(state)) return undefined;
      const parts = weighed.map(({ constraint, counts, weight }) => {
        const here = domainOf(constraint, state) ?? '';
        return (counts.get(here) ?? 0) * weight + constraint.maxSkew - 1;
      });
      return Math.round(parts.reduce((sum, part) => sum + part, 0));
    }),
  );
}

/** The two constraints that every cluster has for pods that somebody owns: nodes with a skew of 3, zones with one of 5. */
function siblingScores(owner: string, fitting: readonly NodeState[], nodes: readonly NodeState[]): number[] {
  const zones = new Map<string, number>();
  for (const { node } of fitting) {
    const zone = node.metadata.labels?.[ZONE];
    if (zone !== undefined) zones.set(zone, 0);
  }
  if (zones.size > 0)
    for (const { node, owned } of nodes) {
      const zone = node.metadata.labels?.[ZONE] ?? '';
      const known = zones.get(zone);
      if (known !== undefined) zones.set(zone, known + (owned.get(owner) ?? 0));
    }
  const [hostWeight, zoneWeight] = [Math.log(fitting.length + 2), Math.log(zones.size + 2)];
  return evenness(
    fitting.map(({ node: { metadata }, owned }) => {
      const zone = metadata.labels?.[ZONE];
      const onHost = metadata.labels?.[HOST] === undefined ? 0 : (owned.get(owner) ?? 0) * hostWeight + 2;
      return Math.round(onHost + (zone === undefined ? 0 : (zones.get(zone) ?? 0) * zoneWeight + 4));
    }),
  );
}

const ZONE = 'topology.kubernetes.io/zone';

/** The fewer pods the better. Undefined, for a node without the labels, is the worst. */
function evenness(figures: readonly (number | undefined)[]): number[] {
  const known = figures.filter((figure) => figure !== undefined);
  const [least, most] = [lowest(known), highest(known)];
  return figures.map((figure) => {
    if (figure === undefined) return 0;
    return most <= 0 ? BEST : Math.trunc((BEST * (most + least - figure)) / most);
  });
}

function constraintsOf(pod: Pod, when: string): SpreadConstraint[] {
  return (pod.spec?.topologySpreadConstraints ?? []).filter((c) => c.whenUnsatisfiable === when);
}

function countsOf(constraint: SpreadConstraint, pod: Pod, nodes: readonly NodeState[]): Map<string, number> {
  const selector = selectorOf(constraint, pod);
  const counts = new Map<string, number>();
  for (const state of nodes) {
    const domain = domainOf(constraint, state);
    if (domain === undefined || !isCounted(constraint, pod, state)) continue;
    let found = 0;
    for (const { metadata } of state.pods.values())
      if (
        metadata.namespace === pod.metadata.namespace &&
        !metadata.deletionTimestamp &&
        selects(selector, metadata.labels)
      )
        found++;
    counts.set(domain, (counts.get(domain) ?? 0) + found);
  }
  return counts;
}

/** Whether the pods of a node count: those of nodes that the pod could not go to usually do not. */
function isCounted({ nodeAffinityPolicy, nodeTaintsPolicy }: SpreadConstraint, pod: Pod, { node }: NodeState): boolean {
  if (nodeAffinityPolicy !== 'Ignore' && !matchesNode(pod, node)) return false;
  return nodeTaintsPolicy !== 'Honor' || toleratesNode(pod.spec?.tolerations ?? [], node);
}

function selectorOf(
  { labelSelector, matchLabelKeys = [] }: SpreadConstraint,
  { metadata }: Pod,
): LabelSelector | undefined {
  if (!labelSelector || matchLabelKeys.length === 0) return labelSelector;
  const own = matchLabelKeys.flatMap((key): [string, string][] => {
    const value = metadata.labels?.[key];
    return value === undefined ? [] : [[key, value]];
  });
  return { ...labelSelector, matchLabels: { ...labelSelector.matchLabels, ...Object.fromEntries(own) } };
}

function domainOf({ topologyKey }: SpreadConstraint, { node }: NodeState): string | undefined {
  return node.metadata.labels?.[topologyKey];
}
