// NetworkPolicies: which connections between pods a policy lets through. Pods that none selects take and make any; those
// that some selects only what one of them allows. What is not allowed is dropped: nobody answers.
import { isIPv4 } from 'node:net';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry } from '../contract.ts';
import type { LabelSelector } from '../controllers/kinds.ts';
import { selects } from '../controllers/selectors.ts';

/** One end of a connection: a pod, or an address of something else. */
export interface End {
  address: string;
  pod?: KubeObject | undefined;
}

export interface NetworkPolicies {
  /** `port` is the pod's. */
  allow(from: End, to: End, port: number, protocol?: 'TCP' | 'UDP'): boolean;
  stop(): void;
}

interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

interface Port {
  port?: number | string;
  endPort?: number;
  protocol?: string;
}

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: Port[];
}

type Policy = KubeObject<{
  podSelector?: LabelSelector;
  policyTypes?: string[];
  ingress?: Rule[];
  egress?: Rule[];
}>;

interface Connection {
  to: End;
  port: number;
  protocol: string;
}

export function createNetworkPolicies(registry: Pick<Registry, 'watch' | 'get'>): NetworkPolicies {
  const byNamespace = new Map<string, Map<string, Policy>>();
  const stop = registry.watch('networking.k8s.io/networkpolicies', ({ type, object }) => {
    const { namespace = '', name } = object.metadata;
    const policies = byNamespace.get(namespace) ?? new Map<string, Policy>();
    if (type === 'DELETED') policies.delete(name);
    else policies.set(name, object as Policy);
    if (policies.size > 0) byNamespace.set(namespace, policies);
    else byNamespace.delete(namespace);
  });
  return { allow, stop };

  function allow(from: End, to: End, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean {
    if (byNamespace.size === 0 || isSame(from, to)) return true;
    const connection = { to, port, protocol };
    return (
      direction(
        from.pod,
        'Egress',
        ({ to: peers, ports }) => fits(peers, to, from.pod) && fitsPort(ports, connection),
      ) &&
      direction(to.pod, 'Ingress', ({ from: peers, ports }) => fits(peers, from, to.pod) && fitsPort(ports, connection))
    );
  }

  /** Whether a pod is left alone in this direction, or some policy that selects it has a rule that holds. */
  function direction(pod: KubeObject | undefined, type: 'Ingress' | 'Egress', holds: (rule: Rule) => boolean): boolean {
    const policies = pod && !onHostNetwork(pod) ? byNamespace.get(pod.metadata.namespace ?? '') : undefined;
    if (!pod || !policies) return true;
    const own = [...policies.values()].filter(
      ({ spec = {} }) => typesOf(spec).includes(type) && selects(spec.podSelector ?? {}, pod.metadata.labels),
    );
    const rulesOf = ({ spec = {} }: Policy) => (type === 'Ingress' ? spec.ingress : spec.egress) ?? [];
    return own.length === 0 || own.some((policy) => rulesOf(policy).some(holds));
  }

  /** `owner` has the policy: a selector of pods alone speaks of its namespace. */
  function fits(peers: Peer[] | undefined, end: End, owner: KubeObject | undefined): boolean {
    if (!peers?.length) return true;
    return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
      if (ipBlock) return isWithin(end.address, ipBlock.cidr) && !ipBlock.except?.some((c) => isWithin(end.address, c));
      const { namespace, labels } = end.pod?.metadata ?? {};
      if (!end.pod || onHostNetwork(end.pod)) return false;
      if (podSelector && !selects(podSelector, labels)) return false;
      if (!namespaceSelector) return namespace === owner?.metadata.namespace;
      return selects(namespaceSelector, registry.get('namespaces', undefined, namespace ?? '')?.metadata.labels);
    });
  }
}

function fitsPort(ports: Port[] | undefined, { to, port, protocol }: Connection): boolean {
  if (!ports?.length) return true;
  return ports.some((allowed) => {
    if ((allowed.protocol ?? 'TCP') !== protocol) return false;
    if (allowed.port === undefined) return true;
    const first = typeof allowed.port === 'number' ? allowed.port : portNamed(to.pod, allowed.port);
    return first !== undefined && port >= first && port <= (allowed.endPort ?? first);
  });
}

interface PodSpec {
  hostNetwork?: boolean;
  containers?: { ports?: { name?: string; containerPort: number }[] }[];
}

function portNamed(pod: KubeObject | undefined, name: string): number | undefined {
  const ports = ((pod?.spec ?? {}) as PodSpec).containers?.flatMap(({ ports = [] }) => ports) ?? [];
  return ports.find((port) => port.name === name)?.containerPort;
}

function onHostNetwork({ spec }: KubeObject): boolean {
  return ((spec ?? {}) as PodSpec).hostNetwork === true;
}

function isSame(from: End, to: End): boolean {
  return from.pod !== undefined && from.pod.metadata.uid === to.pod?.metadata.uid;
}

/** Ingress always, Egress where there are rules of it, unless the policy says so itself. */
function typesOf({ policyTypes, egress }: NonNullable<Policy['spec']>): string[] {
  return policyTypes ?? (egress ? ['Ingress', 'Egress'] : ['Ingress']);
}

function isWithin(address: string, cidr: string): boolean {
  const [base = '', length = '32'] = cidr.split('/');
  if (!isIPv4(address) || !isIPv4(base)) return false;
  const bits = Number(length);
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
  return (numberOf(address) & mask) >>> 0 === (numberOf(base) & mask) >>> 0;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
