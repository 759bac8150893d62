// DestinationRules: which one governs a host for a client, and the subsets and policies it sets.
import { byAge, isIstio, namespaceOf, visibility } from './config-objects.ts';
import type { Source, UpstreamPolicy } from './decision.ts';
import { fullHost, HostTable } from './host-names.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, items, present, stringMap, text, texts } from './read.ts';
import type { MeshService } from './services.ts';
import { type LoadBalancer, loadBalancer } from './upstream/load-balancer.ts';
import { blocksFor, readTrafficPolicy, type TrafficPolicy } from './upstream/traffic-policy.ts';
import { meshDefaults, upstreamPolicy } from './upstream/upstream-policy.ts';

export interface Subset {
  labels: ReadonlyMap<string, string>;
  source: Source;
  policy: TrafficPolicy | undefined;
}

/** All DestinationRules of one namespace for one host and one kind of client, merged. */
export interface HostPolicy {
  source: Source;
  subsets: ReadonlyMap<string, Subset>;
  policy: TrafficPolicy | undefined;
}

export interface ClusterPolicy {
  loadBalancer: LoadBalancer;
  upstream: UpstreamPolicy;
}

export interface Client {
  namespace: string;
  labels: Record<string, string>;
  /** `region/zone/subzone`. */
  locality?: string;
}

export interface DestinationRuleIndex {
  /** Client's namespace, then the service's, then the root namespace; in each the most specific host. */
  find(service: MeshService, client: Client): HostPolicy | undefined;
  /** What applies to a cluster: the same objects whenever it is asked. */
  policy(rule: HostPolicy | undefined, subset: Subset | undefined, port: number): ClusterPolicy;
}

interface MergedRule {
  source: Source;
  host: string;
  subsets: Map<string, Subset>;
  policy: TrafficPolicy | undefined;
  /** Clients it is for; undefined: all. */
  workloads: ReadonlyMap<string, string> | undefined;
  /** Canonical text of exportTo: only rules for the same namespaces are merged. */
  exportTo: string;
  /** For its own namespace and no other. */
  isPrivate: boolean;
  visibleFrom: (namespace: string) => boolean;
}

type Tables = Map<string, HostTable<MergedRule[]>>;

export function indexDestinationRules(
  objects: readonly KubeObject[],
  rootNamespace: string,
  meshConfig?: Readonly<Record<string, unknown>>,
): DestinationRuleIndex {
  const namespaces: Tables = new Map();
  for (const object of objects.filter((o) => isIstio(o, 'DestinationRule')).sort(byAge)) {
    add(namespaces, readRule(object));
  }
  const mesh = meshDefaults(meshConfig);
  const withoutRule = new Map<number, ClusterPolicy>();
  const policies = new WeakMap<HostPolicy | Subset, Map<number, ClusterPolicy>>();

  function inNamespace(
    namespace: string,
    host: string,
    accept: (rule: MergedRule) => boolean,
  ): readonly MergedRule[] | undefined {
    return namespaces.get(namespace)?.find(host, (rules) => {
      const own = rules.filter(accept);
      return own.length > 0 ? own : undefined;
    });
  }

  function candidates({ host, namespace }: MeshService, client: string): readonly MergedRule[] | undefined {
    const seen = (rule: MergedRule) => rule.visibleFrom(client);
    // The root namespace's own proxies see its public rules last, so that they do not override everybody's.
    const own = inNamespace(client, host, client === rootNamespace ? (r) => r.isPrivate : seen);
    const exported = (rule: MergedRule) => !rule.isPrivate && seen(rule);
    return own ?? inNamespace(namespace, host, exported) ?? inNamespace(rootNamespace, host, exported);
  }

  function policyIn(cache: Map<number, ClusterPolicy>, port: number, ...of: [TrafficPolicy?, TrafficPolicy?]) {
    const known = cache.get(port);
    if (known) return known;
    const blocks = blocksFor(of[0], of[1], port);
    const balancer = loadBalancer(blocks.loadBalancer, mesh);
    const upstream = upstreamPolicy(blocks, mesh);
    const policy = {
      loadBalancer: balancer,
      upstream: balancer.hash ? { ...upstream, hashed: true as const } : upstream,
    };
    cache.set(port, policy);
    return policy;
  }

  return {
    find(service, client) {
      return forClient(candidates(service, client.namespace) ?? [], client);
    },
    policy(rule, subset, port) {
      const of = subset ?? rule;
      if (!of) return policyIn(withoutRule, port);
      const cache = policies.get(of) ?? new Map<number, ClusterPolicy>();
      policies.set(of, cache);
      return policyIn(cache, port, rule?.policy, subset?.policy);
    },
  };
}

/** One that selects the client rules alone; else the one without selector, the youngest of several. */
function forClient(rules: readonly MergedRule[], client: Client): MergedRule | undefined {
  const selecting = rules.find(
    ({ workloads, source }) =>
      workloads && source.namespace === client.namespace && hasLabels(client.labels, workloads),
  );
  return selecting ?? rules.findLast(({ workloads }) => !workloads);
}

/** Subsets are added up, the older of the same name staying; the first trafficPolicy stays. */
function add(namespaces: Tables, rule: MergedRule): void {
  const { namespace } = rule.source;
  const table = namespaces.get(namespace) ?? new HostTable<MergedRule[]>();
  namespaces.set(namespace, table);
  const others = table.at(rule.host);
  if (!others) {
    table.set(rule.host, [rule]);
    return;
  }
  const same = others.find((other) => other.exportTo === rule.exportTo && sameLabels(other.workloads, rule.workloads));
  if (!same) {
    others.push(rule);
    return;
  }
  for (const [name, subset] of rule.subsets) if (!same.subsets.has(name)) same.subsets.set(name, subset);
  same.policy ??= rule.policy;
}

function sameLabels(a: ReadonlyMap<string, string> | undefined, b: ReadonlyMap<string, string> | undefined): boolean {
  if (!a || !b) return a === b;
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function readRule(object: KubeObject): MergedRule {
  const spec = fields(object.spec);
  const namespace = namespaceOf(object);
  const source = { kind: object.kind, namespace, name: object.metadata.name, path: 'spec.host' };
  const subsets = new Map<string, Subset>();
  items(spec.subsets).forEach((item, index) => {
    const { name, labels, trafficPolicy } = fields(item);
    const key = text(name);
    if (!key || subsets.has(key)) return;
    const at = { ...source, path: `spec.subsets[${index}]` };
    const policy = readTrafficPolicy(trafficPolicy, { ...at, path: `${at.path}.trafficPolicy` });
    subsets.set(key, { labels: stringMap(labels), source: at, policy });
  });
  const { workloadSelector } = spec;
  const selects = present(workloadSelector);
  // What is for some workloads is for those of its own namespace, whatever it says.
  const exportTo = selects ? ['.'] : texts(spec.exportTo);
  return {
    source,
    host: fullHost(text(spec.host) ?? '', namespace),
    subsets,
    policy: readTrafficPolicy(spec.trafficPolicy, { ...source, path: 'spec.trafficPolicy' }),
    workloads: selects ? stringMap(fields(workloadSelector).matchLabels) : undefined,
    exportTo: [...new Set(exportTo)].sort().join(),
    isPrivate: exportTo.length === 1 && (exportTo[0] === '.' || exportTo[0] === namespace),
    visibleFrom: visibility(exportTo, namespace),
  };
}
