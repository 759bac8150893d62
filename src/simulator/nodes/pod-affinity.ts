// Affinity and anti-affinity between pods: what a node must hold, or must not, for a pod to be placed there, and where it
// would rather be.
import type { Labels, Pod, PodAffinity, PodAffinityTerm } from '../controllers/kinds.ts';
import { selects } from '../controllers/selectors.ts';
import type { NodeState } from './node-book.ts';
import { stretched } from './score.ts';

/** The labels of a namespace, for terms that select namespaces by them. */
export type NamespaceLabels = (name: string) => Labels | undefined;

/** Some pod of each term is in the node's domain; the first of its kind may go anywhere that has one. */
export function isNearEnough(
  pod: Pod,
  state: NodeState,
  nodes: readonly NodeState[],
  namespaces: NamespaceLabels,
): boolean {
  const terms = required(pod.spec?.affinity?.podAffinity);
  if (terms.length === 0) return true;
  if (!terms.every((term) => domainOf(term, state) !== undefined)) return false;
  const meant = (term: PodAffinityTerm, other: Pod) => isMeant(term, pod, other, namespaces);
  if (terms.every((term) => podsOf(term, state, nodes).some((other) => meant(term, other)))) return true;
  const nobody = nodes.every(({ pods }) => [...pods.values()].every((p) => !terms.some((t) => meant(t, p))));
  return nobody && terms.every((term) => meant(term, pod));
}

/** No pod that one of its own terms keeps away is in the node's domain. */
export function isApart(pod: Pod, state: NodeState, nodes: readonly NodeState[], namespaces: NamespaceLabels): boolean {
  return required(pod.spec?.affinity?.podAntiAffinity).every(
    (term) => !podsOf(term, state, nodes).some((other) => isMeant(term, pod, other, namespaces)),
  );
}

/** No pod that is there already keeps this one away. `repelling`: the nodes that have such pods. */
export function isWelcome(
  pod: Pod,
  state: NodeState,
  repelling: readonly NodeState[],
  namespaces: NamespaceLabels,
): boolean {
  return repelling.every((other) =>
    [...other.repelling.values()].every((there) =>
      required(there.spec?.affinity?.podAntiAffinity).every((term) => {
        const domain = domainOf(term, state);
        return domain === undefined || domain !== domainOf(term, other) || !isMeant(term, there, pod, namespaces);
      }),
    ),
  );
}

/**
 * 0 to 100 for each of `fitting`: what the pod would rather have near or away, and what the pods that run say of pods like
 * it. Undefined: nobody says anything.
 */
export function affinityScores(
  pod: Pod,
  fitting: readonly NodeState[],
  nodes: readonly NodeState[],
  namespaces: NamespaceLabels,
): number[] | undefined {
  const wishes = wishesOf(pod);
  const weights = new Map<string, Map<string, number>>();
  const add = (term: PodAffinityTerm, state: NodeState, weight: number) => {
    const domain = domainOf(term, state);
    if (domain === undefined) return;
    const known = weights.get(term.topologyKey) ?? new Map<string, number>();
    weights.set(term.topologyKey, known.set(domain, (known.get(domain) ?? 0) + weight));
  };
  for (const state of nodes) {
    if (wishes.length > 0)
      for (const there of state.pods.values())
        for (const { term, weight } of wishes) if (isMeant(term, pod, there, namespaces)) add(term, state, weight);
    if (state.wishing.size === 0) continue;
    for (const there of state.wishing.values())
      for (const { term, weight } of [...wishesOf(there), ...needsOf(there)])
        if (isMeant(term, there, pod, namespaces)) add(term, state, weight);
  }
  if (weights.size === 0) return undefined;
  return stretched(
    fitting.map(({ node }) => {
      let sum = 0;
      for (const [key, domains] of weights) sum += domains.get(node.metadata.labels?.[key] ?? '') ?? 0;
      return sum;
    }),
  );
}

interface Weighted {
  term: PodAffinityTerm;
  weight: number;
}

function wishesOf({ spec }: Pod): Weighted[] {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  const of = (affinity: PodAffinity | undefined, sign: 1 | -1): Weighted[] =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      term: podAffinityTerm,
      weight: sign * weight,
    }));
  return [...of(podAffinity, 1), ...of(podAntiAffinity, -1)];
}

/** What a pod must have near, it would rather have nearer: a term counts one. */
function needsOf({ spec }: Pod): Weighted[] {
  return required(spec?.affinity?.podAffinity).map((term) => ({ term, weight: 1 }));
}

function required(affinity: PodAffinity | undefined): PodAffinityTerm[] {
  return affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? NO_TERMS;
}

const NO_TERMS: PodAffinityTerm[] = [];

function podsOf(term: PodAffinityTerm, state: NodeState, nodes: readonly NodeState[]): Pod[] {
  const domain = domainOf(term, state);
  if (domain === undefined) return [];
  return nodes.filter((other) => domainOf(term, other) === domain).flatMap(({ pods }) => [...pods.values()]);
}

function domainOf({ topologyKey }: PodAffinityTerm, { node }: NodeState): string | undefined {
  return node.metadata.labels?.[topologyKey];
}

/** Without namespaces, or a selector of them, a term speaks of its own pod's. */
function isMeant(term: PodAffinityTerm, owner: Pod, other: Pod, namespaces: NamespaceLabels): boolean {
  const { namespace = '' } = other.metadata;
  const named = term.namespaces?.length ? term.namespaces : [];
  const own = named.length === 0 && !term.namespaceSelector;
  const there =
    (own && namespace === owner.metadata.namespace) ||
    named.includes(namespace) ||
    selects(term.namespaceSelector, namespaces(namespace));
  return there && selects(term.labelSelector, other.metadata.labels);
}
