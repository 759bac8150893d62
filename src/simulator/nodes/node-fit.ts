// Why a pod cannot be placed on a node, in the words of the scheduler's plugins.

import type { Node, NodeSelectorTerm, Pod, PodAffinityTerm } from '../controllers/kinds.ts';
import { hasLabels, meets, selects } from '../controllers/selectors.ts';
import { tolerates, toleratesNode } from '../controllers/taints.ts';
import type { NodeState } from './node-book.ts';
import type { Usage } from './pod-resources.ts';

export interface Misfit {
  reason: string;
  /** Whether evicting pods of lower priority could make room. */
  preemptible: boolean;
}

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** All misfits of the first plugin that objects; none when the pod fits. */
export function misfits(pod: Pod, requests: Usage, state: NodeState, nodes: readonly NodeState[]): Misfit[] {
  const { node } = state;
  const tolerations = pod.spec?.tolerations ?? [];
  const never = (reason: string): Misfit[] => [{ reason, preemptible: false }];
  if (node.spec?.unschedulable && !tolerates(tolerations, UNSCHEDULABLE)) return never('node(s) were unschedulable');
  if (!toleratesNode(tolerations, node)) return never('node(s) had untolerated taint(s)');
  if (!matchesNode(pod, node)) return never("node(s) didn't match Pod's node affinity/selector");
  const lacking = lacks(requests, state);
  if (lacking.length > 0) return lacking;
  if (!isApart(pod, state, nodes))
    return [{ reason: "node(s) didn't match pod anti-affinity rules", preemptible: true }];
  return [];
}

function matchesNode(pod: Pod, node: Node): boolean {
  if (!hasLabels(node.metadata.labels, pod.spec?.nodeSelector)) return false;
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some((term) => matchesTerm(term, node));
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((e) => meets(node.metadata.labels?.[e.key], e.operator, e.values)) &&
    matchFields.every((f) => f.key === 'metadata.name' && meets(node.metadata.name, f.operator, f.values))
  );
}

function lacks(requests: Usage, { room, used }: NodeState): Misfit[] {
  const checks: [string, number, number, number][] = [
    ['Too many pods', requests.pods, used.pods, room.pods],
    ['Insufficient cpu', requests.cpu, used.cpu, room.cpu],
    ['Insufficient memory', requests.memory, used.memory, room.memory],
  ];
  return checks
    .filter(([, asked, inUse, allocatable]) => asked > 0 && asked + inUse > allocatable + 1e-9)
    .map(([reason, asked, , allocatable]) => ({ reason, preemptible: asked <= allocatable }));
}

/** Required pod anti-affinity: no pod that a term selects in the same topology domain. */
function isApart(pod: Pod, state: NodeState, nodes: readonly NodeState[]): boolean {
  const terms = pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.every((term) => !domainOf(term, state, nodes).some((other) => isRepelled(pod, term, other)));
}

function domainOf(term: PodAffinityTerm, state: NodeState, nodes: readonly NodeState[]): Pod[] {
  const value = state.node.metadata.labels?.[term.topologyKey];
  if (value === undefined) return [];
  return nodes.filter((n) => n.node.metadata.labels?.[term.topologyKey] === value).flatMap((n) => [...n.pods.values()]);
}

function isRepelled(pod: Pod, term: PodAffinityTerm, other: Pod): boolean {
  const namespaces = term.namespaces ?? [pod.metadata.namespace];
  return namespaces.includes(other.metadata.namespace) && selects(term.labelSelector, other.metadata.labels);
}
