// Envoy's outbound clusters: a Service's port, or a subset of it, as one client sees it.
import type { Endpoint, Source } from './decision.ts';
import { type Balance, balanceFor, type Client, type DestinationRuleIndex } from './destination-rules.ts';
import type { Chance } from './engine.ts';
import { hasLabels } from './read.ts';
import type { ServiceIndex } from './services.ts';

export interface Cluster {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`. */
  name: string;
  service: { namespace: string; name: string; port: number };
  subset?: string;
  subsetSource?: Source;
  subsetLabels?: string;
  endpoints: readonly Endpoint[];
  balance: Balance;
}

export type MissingCluster = 'host-not-found' | 'port-not-found' | 'subset-not-found';

export type FindCluster = (host: string, port: number | undefined, subset: string) => Cluster | MissingCluster;

/** `listenerPort` is what a destination without port means when its Service has several. */
export function clusterFinder(
  services: ServiceIndex,
  rules: DestinationRuleIndex,
  client: Client,
  listenerPort: number,
): FindCluster {
  return (host, wantedPort, subsetName) => {
    const service = services.byHost(host);
    if (!service) return 'host-not-found';
    const port = wantedPort ?? (service.ports.length === 1 ? service.ports[0]?.port : undefined) ?? listenerPort;
    if (!service.ports.some((p) => p.port === port)) return 'port-not-found';
    const policy = rules.find(service, client);
    const all = services.endpoints(service, port);
    const base = {
      name: `outbound|${port}|${subsetName}|${host}`,
      service: { namespace: service.namespace, name: service.name, port },
    };
    if (!subsetName) {
      const balance = balanceFor(policy ? [policy.policy] : [], port);
      return { ...base, endpoints: all.map((e) => e.endpoint), balance };
    }
    const subset = policy?.subsets.get(subsetName);
    if (!policy || !subset) return 'subset-not-found';
    return {
      ...base,
      subset: subsetName,
      subsetSource: subset.source,
      subsetLabels: [...subset.labels].map(([key, value]) => `${key}=${value}`).join(','),
      endpoints: all.filter((e) => hasLabels(e.pod.metadata.labels, subset.labels)).map((e) => e.endpoint),
      balance: balanceFor([subset.policy, policy.policy], port),
    };
  };
}

/**
 * The index of the endpoint that gets the request; -1 when there is none. LEAST_REQUEST takes the less busy of two
 * random ones, which without concurrency is a random one.
 */
export function balance(cluster: Cluster, chance: Chance): number {
  const size = cluster.endpoints.length;
  if (size <= 1) return size - 1;
  const index = cluster.balance === 'ROUND_ROBIN' ? chance.next(cluster.name, size) : chance.random() * size;
  return Math.min(size - 1, Math.max(0, Math.floor(index)));
}
