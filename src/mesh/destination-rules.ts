// DestinationRules: which one governs a host for a client, and the subsets and balancing it sets.
import { byAge, isIstio, namespaceOf, visibility } from './config-objects.ts';
import type { Source } from './decision.ts';
import { fullHost, HostTable } from './host-names.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, present, stringMap, text } from './read.ts';
import type { MeshService } from './services.ts';

export type Balance = 'LEAST_REQUEST' | 'ROUND_ROBIN' | 'RANDOM' | 'PASSTHROUGH';

export interface Subset {
  labels: ReadonlyMap<string, string>;
  source: Source;
  policy: Policy;
}

/** A trafficPolicy as far as the engine obeys it. Undefined: not said here. */
export interface Policy {
  balance?: Balance;
  balanceByPort: ReadonlyMap<number, Balance>;
}

/** All DestinationRules of one namespace for one host, merged. */
export interface HostPolicy {
  source: Source;
  subsets: ReadonlyMap<string, Subset>;
  policy: Policy;
}

export interface Client {
  namespace: string;
  labels: Record<string, string>;
}

interface DestinationRule {
  source: Source;
  host: string;
  subsets: Map<string, Subset>;
  policy: Policy | undefined;
  workloads: ReadonlyMap<string, string> | undefined;
  visibleFrom: (namespace: string) => boolean;
}

export interface DestinationRuleIndex {
  /** Client's namespace, then the service's, then the root namespace; in each the most specific host. */
  find(service: MeshService, client: Client): HostPolicy | undefined;
}

export function indexDestinationRules(objects: readonly KubeObject[], rootNamespace: string): DestinationRuleIndex {
  const namespaces = new Map<string, HostTable<DestinationRule[]>>();
  for (const object of objects.filter((o) => isIstio(o, 'DestinationRule')).sort(byAge)) {
    const rule = readRule(object);
    const table = namespaces.get(rule.source.namespace) ?? new HostTable<DestinationRule[]>();
    namespaces.set(rule.source.namespace, table);
    const same = table.at(rule.host);
    if (same) same.push(rule);
    else table.set(rule.host, [rule]);
  }

  function inNamespace(namespace: string, host: string, client: Client): HostPolicy | undefined {
    return namespaces.get(namespace)?.find(host, (rules) => {
      const own = rules.filter((rule) => {
        if (!rule.visibleFrom(client.namespace)) return false;
        if (!rule.workloads) return true;
        return client.namespace === namespace && hasLabels(client.labels, rule.workloads);
      });
      return merge(own);
    });
  }

  return {
    find(service, client) {
      // The root namespace's own proxies see its rules last, so that they do not override everybody's.
      const own = client.namespace === rootNamespace ? [] : [client.namespace];
      for (const namespace of new Set([...own, service.namespace, rootNamespace])) {
        const found = inNamespace(namespace, service.host, client);
        if (found) return found;
      }
      return undefined;
    },
  };
}

export const LEAST_REQUEST: Balance = 'LEAST_REQUEST';

/** A subset's policy wins over the host's; in each, what is said for the port wins. */
export function balanceFor(policies: readonly Policy[], port: number): Balance {
  for (const policy of policies) {
    const balance = policy.balanceByPort.get(port) ?? policy.balance;
    if (balance) return balance;
  }
  return LEAST_REQUEST;
}

/** Subsets are added up, the older of the same name staying; the first trafficPolicy stays. */
function merge(rules: readonly DestinationRule[]): HostPolicy | undefined {
  const [first] = rules;
  if (!first) return undefined;
  const subsets = new Map<string, Subset>();
  for (const rule of rules) {
    for (const [name, subset] of rule.subsets) if (!subsets.has(name)) subsets.set(name, subset);
  }
  const policy = rules.find((rule) => rule.policy)?.policy ?? NO_POLICY;
  return { source: first.source, subsets, policy };
}

const NO_POLICY: Policy = { balanceByPort: new Map() };

function readRule(object: KubeObject): DestinationRule {
  const spec = fields(object.spec);
  const namespace = namespaceOf(object);
  const source = { kind: object.kind, namespace, name: object.metadata.name, path: 'spec.host' };
  const subsets = new Map<string, Subset>();
  items(spec.subsets).forEach((item, index) => {
    const { name, labels, trafficPolicy } = fields(item);
    const key = text(name);
    if (!key || subsets.has(key)) return;
    const at = { ...source, path: `spec.subsets[${index}]` };
    subsets.set(key, { labels: stringMap(labels), source: at, policy: readPolicy(trafficPolicy) });
  });
  const { workloadSelector } = spec;
  return {
    source,
    host: fullHost(text(spec.host) ?? '', namespace),
    subsets,
    policy: present(spec.trafficPolicy) ? readPolicy(spec.trafficPolicy) : undefined,
    workloads: present(workloadSelector) ? stringMap(fields(workloadSelector).matchLabels) : undefined,
    visibleFrom: visibility(spec.exportTo, namespace),
  };
}

function readPolicy(value: unknown): Policy {
  const { loadBalancer, portLevelSettings } = fields(value);
  const balanceByPort = new Map<number, Balance>();
  for (const item of items(portLevelSettings)) {
    const { port, loadBalancer: own } = fields(item);
    const number = integer(fields(port).number);
    // Settings of a port replace the general ones whole: without a balancer of its own it has the default one.
    if (number !== undefined) balanceByPort.set(number, readBalance(own) ?? LEAST_REQUEST);
  }
  const balance = readBalance(loadBalancer);
  return { balanceByPort, ...(balance && { balance }) };
}

function readBalance(value: unknown): Balance | undefined {
  if (!present(value)) return undefined;
  const { simple } = fields(value);
  return simple === 'ROUND_ROBIN' || simple === 'RANDOM' || simple === 'PASSTHROUGH' ? simple : LEAST_REQUEST;
}
