// What a pod says of nodes: those it must go to, those it would rather go to, and those that would rather not have it.
import type { Node, NodeSelectorTerm, Pod } from '../controllers/kinds.ts';
import { hasLabels, meets } from '../controllers/selectors.ts';
import { tolerates } from '../controllers/taints.ts';
import type { NodeState } from './node-book.ts';
import { scaled, scaledDown } from './score.ts';

/** By its nodeSelector and its required affinity. */
export function matchesNode(pod: Pod, node: Node): boolean {
  if (!hasLabels(node.metadata.labels, pod.spec?.nodeSelector)) return false;
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some((term) => matchesTerm(term, node));
}

/** A term without expressions matches nothing. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((e) => meets(node.metadata.labels?.[e.key], e.operator, e.values)) &&
    matchFields.every((f) => f.key === 'metadata.name' && meets(node.metadata.name, f.operator, f.values))
  );
}

/** 0 to 100 for each of `fitting`, by the weights of the preferred terms that it matches; undefined: there are none. */
export function preferenceScores(pod: Pod, fitting: readonly NodeState[]): number[] | undefined {
  const terms = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (terms.length === 0) return undefined;
  return scaled(
    fitting.map(({ node }) =>
      terms.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
    ),
  );
}

/** 0 to 100, less the more of its PreferNoSchedule taints the pod does not tolerate; undefined: no node has any. */
export function taintScores(pod: Pod, fitting: readonly NodeState[]): number[] | undefined {
  if (!fitting.some(({ node }) => node.spec?.taints?.some(isMild))) return undefined;
  const tolerations = pod.spec?.tolerations ?? [];
  return scaledDown(
    fitting.map(({ node }) => (node.spec?.taints ?? []).filter((t) => isMild(t) && !tolerates(tolerations, t)).length),
  );
}

function isMild({ effect }: { effect: string }): boolean {
  return effect === 'PreferNoSchedule';
}
