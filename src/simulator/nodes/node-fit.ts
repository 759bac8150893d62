// Why a pod cannot be placed on a node, in the words of the scheduler's plugins.

import type { Node, NodeSelectorTerm, Pod } from '../controllers/kinds.ts';
import { hasLabels, meets } from '../controllers/selectors.ts';
import { tolerates, toleratesNode } from '../controllers/taints.ts';
import { portsAreTaken } from './host-ports.ts';
import type { NodeState } from './node-book.ts';
import { isApart, isNearEnough, isWelcome } from './pod-affinity.ts';
import type { Usage } from './pod-resources.ts';
import { spreadProblem } from './topology-spread.ts';

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
  const room = (reason: string): Misfit[] => [{ reason, preemptible: true }];
  if (portsAreTaken(pod, state.pods.values()))
    return room("node(s) didn't have free ports for the requested pod ports");
  const lacking = lacks(requests, state);
  if (lacking.length > 0) return lacking;
  const spread = pod.spec?.topologySpreadConstraints !== undefined;
  const uneven =
    spread &&
    spreadProblem(
      pod,
      state,
      nodes.filter(({ node: other }) => matchesNode(pod, other)),
    );
  if (uneven === 'unlabelled')
    return never("node(s) didn't match pod topology spread constraints (missing required label)");
  if (uneven) return room("node(s) didn't match pod topology spread constraints");
  if (!isNearEnough(pod, state, nodes)) return never("node(s) didn't match pod affinity rules");
  if (!isApart(pod, state, nodes)) return room("node(s) didn't match pod anti-affinity rules");
  if (!isWelcome(pod, state, nodes)) return room("node(s) didn't satisfy existing pods anti-affinity rules");
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
