// Required affinity and anti-affinity between pods: what a node must hold, or must not, for a pod to be placed there.
import type { Pod, PodAffinityTerm } from '../controllers/kinds.ts';
import { selects } from '../controllers/selectors.ts';
import type { NodeState } from './node-book.ts';

/** Some pod of each term is in the node's domain; the first of its kind may go anywhere that has one. */
export function isNearEnough(pod: Pod, state: NodeState, nodes: readonly NodeState[]): boolean {
  const terms = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (terms.length === 0) return true;
  if (!terms.every((term) => domainOf(term, state) !== undefined)) return false;
  if (terms.every((term) => podsOf(term, state, nodes).some((other) => isMeant(term, pod, other)))) return true;
  const nobody = nodes.every(({ pods }) => [...pods.values()].every((p) => !terms.some((t) => isMeant(t, pod, p))));
  return nobody && terms.every((term) => isMeant(term, pod, pod));
}

/** No pod that one of its own terms keeps away is in the node's domain. */
export function isApart(pod: Pod, state: NodeState, nodes: readonly NodeState[]): boolean {
  return antiTerms(pod).every((term) => !podsOf(term, state, nodes).some((other) => isMeant(term, pod, other)));
}

/** No pod that is there already keeps this one away. */
export function isWelcome(pod: Pod, state: NodeState, nodes: readonly NodeState[]): boolean {
  return nodes.every((other) =>
    [...other.repelling.values()].every((there) =>
      antiTerms(there).every((term) => {
        const domain = domainOf(term, state);
        return domain === undefined || domain !== domainOf(term, other) || !isMeant(term, there, pod);
      }),
    ),
  );
}

function antiTerms(pod: Pod): PodAffinityTerm[] {
  return pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function podsOf(term: PodAffinityTerm, state: NodeState, nodes: readonly NodeState[]): Pod[] {
  const domain = domainOf(term, state);
  if (domain === undefined) return [];
  return nodes.filter((other) => domainOf(term, other) === domain).flatMap(({ pods }) => [...pods.values()]);
}

function domainOf({ topologyKey }: PodAffinityTerm, { node }: NodeState): string | undefined {
  return node.metadata.labels?.[topologyKey];
}

/** Without namespaces a term speaks of its own pod's. */
function isMeant(term: PodAffinityTerm, owner: Pod, other: Pod): boolean {
  const namespaces = term.namespaces?.length ? term.namespaces : [owner.metadata.namespace];
  return namespaces.includes(other.metadata.namespace) && selects(term.labelSelector, other.metadata.labels);
}
