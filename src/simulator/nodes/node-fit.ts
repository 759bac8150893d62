// Why a pod cannot be placed on a node, in the words of the scheduler's plugins.

import type { Pod } from '../controllers/kinds.ts';
import { tolerates, toleratesNode } from '../controllers/taints.ts';
import { portsAreTaken, wantsPorts } from './host-ports.ts';
import type { NodeState } from './node-book.ts';
import { matchesNode } from './node-preference.ts';
import { isApart, isNearEnough, isWelcome, type NamespaceLabels } from './pod-affinity.ts';
import type { Usage } from './pod-resources.ts';
import { spreadRule } from './topology-spread.ts';

export interface Misfit {
  reason: string;
  /** Whether evicting pods of lower priority could make room. */
  preemptible: boolean;
}

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** What is to be looked at for a pod, on any node. */
export interface FitFacts {
  nodes: readonly NodeState[];
  namespaces: NamespaceLabels;
  /** Why the pod's volumes cannot be had on a node; undefined: it has none that matter. */
  volumes?: ((state: NodeState) => string[]) | undefined;
}

/** For each node all misfits of the first plugin that objects; none when the pod fits. */
export function fitting(pod: Pod, requests: Usage, { nodes, namespaces, volumes }: FitFacts) {
  const tolerations = pod.spec?.tolerations ?? [];
  const ports = wantsPorts(pod);
  const repelling = nodes.filter((state) => state.repelling.size > 0);
  const spread = spreadRule(pod, nodes);
  // Each pod is held against each node: what most of them do not ask for is not looked at there.
  const { podAffinity: near, podAntiAffinity: away } = pod.spec?.affinity ?? {};
  return (state: NodeState): readonly Misfit[] => {
    const { node } = state;
    if (node.spec?.unschedulable && !tolerates(tolerations, UNSCHEDULABLE)) return never('node(s) were unschedulable');
    if (!toleratesNode(tolerations, node)) return never('node(s) had untolerated taint(s)');
    if (!matchesNode(pod, node)) return never("node(s) didn't match Pod's node affinity/selector");
    if (ports && portsAreTaken(pod, state.pods.values()))
      return room("node(s) didn't have free ports for the requested pod ports");
    const lacking = lacks(requests, state);
    if (lacking.length > 0) return lacking;
    const volumeProblems = volumes?.(state);
    if (volumeProblems?.length) return volumeProblems.flatMap(never);
    const uneven = spread?.(state);
    if (uneven === 'unlabelled')
      return never("node(s) didn't match pod topology spread constraints (missing required label)");
    if (uneven) return room("node(s) didn't match pod topology spread constraints");
    if (near && !isNearEnough(pod, state, nodes, namespaces)) return never("node(s) didn't match pod affinity rules");
    if (away && !isApart(pod, state, nodes, namespaces)) return room("node(s) didn't match pod anti-affinity rules");
    if (repelling.length > 0 && !isWelcome(pod, state, repelling, namespaces))
      return room("node(s) didn't satisfy existing pods anti-affinity rules");
    return NONE;
  };
}

const NONE: readonly Misfit[] = [];

const never = (reason: string): Misfit[] => [{ reason, preemptible: false }];
const room = (reason: string): Misfit[] => [{ reason, preemptible: true }];

function lacks(requests: Usage, { room, used }: NodeState): readonly Misfit[] {
  // Nearly every pod on nearly every node.
  const fits =
    requests.pods + used.pods <= room.pods &&
    requests.cpu + used.cpu <= room.cpu &&
    requests.memory + used.memory <= room.memory;
  if (fits) return NONE;
  const pods = misses('Too many pods', requests.pods, used.pods, room.pods);
  const cpu = misses('Insufficient cpu', requests.cpu, used.cpu, room.cpu);
  const memory = misses('Insufficient memory', requests.memory, used.memory, room.memory);
  return pods || cpu || memory ? [pods, cpu, memory].filter((misfit) => misfit !== undefined) : NONE;
}

function misses(reason: string, asked: number, inUse: number, allocatable: number): Misfit | undefined {
  if (asked <= 0 || asked + inUse <= allocatable + 1e-9) return undefined;
  return { reason, preemptible: asked <= allocatable };
}
