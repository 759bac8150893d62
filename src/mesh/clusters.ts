// Envoy's outbound clusters: a Service's port, or a subset of it, as one client sees it.
import type { Endpoint, LocalityGroup, ServiceRef, Source, UpstreamPolicy } from './decision.ts';
import type { Client, DestinationRuleIndex } from './destination-rules.ts';
import { fields, hasLabels } from './read.ts';
import { isHttp2, type MeshService, type ServiceEndpoint, type ServiceIndex } from './services.ts';
import type { Balance, LoadBalancer } from './upstream/load-balancer.ts';
import { localityGroups } from './upstream/locality.ts';
import { placeLabels } from './upstream/places.ts';

export { balance, stickyCookie } from './upstream/balance.ts';

export interface Cluster {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`. */
  name: string;
  service: ServiceRef;
  /** Connections go on to where the client was going: it chose, not the proxy. */
  original?: true;
  subset?: string;
  subsetSource?: Source;
  subsetLabels?: string;
  endpoints: readonly Endpoint[];
  balance: Balance;
  loadBalancer: LoadBalancer;
  /** Set when the places of client and endpoints matter. */
  groups?: readonly LocalityGroup[];
  /** Proxies speak HTTP/2 to it. */
  http2?: true;
  /** For Forward: the same object for all requests on one configuration. */
  upstream: UpstreamPolicy;
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
  const made = clustersOf(rules, client);
  return (host, wantedPort, subset) => {
    const service = services.byHost(host);
    if (!service) return 'host-not-found';
    const port = wantedPort ?? (service.ports.length === 1 ? service.ports[0]?.port : undefined) ?? listenerPort;
    if (!service.ports.some((p) => p.port === port)) return 'port-not-found';
    const name = `outbound|${port}|${subset}|${service.host}`;
    const known = made.get(name);
    if (known) return known;
    const cluster = newCluster(name, services, rules, client, service, port, subset);
    if (typeof cluster !== 'string') made.set(name, cluster);
    return cluster;
  };
}

const made = new WeakMap<DestinationRuleIndex, WeakMap<Client, Map<string, Cluster>>>();

/** One client has one of each, by whatever names it asks: hash tables, limits and their source hang on them. */
function clustersOf(rules: DestinationRuleIndex, client: Client): Map<string, Cluster> {
  const byClient = made.get(rules) ?? new WeakMap<Client, Map<string, Cluster>>();
  made.set(rules, byClient);
  const clusters = byClient.get(client) ?? new Map<string, Cluster>();
  byClient.set(client, clusters);
  return clusters;
}

/** A headless Service's clients have a pod's address already. */
const HEADLESS: LoadBalancer = { balance: 'PASSTHROUGH', locality: { enabled: false } };

function newCluster(
  name: string,
  services: ServiceIndex,
  rules: DestinationRuleIndex,
  client: Client,
  service: MeshService,
  port: number,
  subsetName: string,
): Cluster | MissingCluster {
  const rule = rules.find(service, client);
  const subset = rule?.subsets.get(subsetName);
  if (subsetName && !subset) return 'subset-not-found';
  const all = services.endpoints(service, port);
  const own = subset ? all.filter((e) => hasLabels(e.pod.metadata.labels, subset.labels)) : all;
  const { loadBalancer, upstream } = rules.policy(rule, subset, port);
  const endpoints = own.map((e) => e.endpoint);
  const balancer = service.headless ? HEADLESS : loadBalancer;
  const groups = groupsOf(own, balancer, upstream, client);
  return {
    name,
    service: { namespace: service.namespace, name: service.name, port, ...(service.entry && { host: service.host }) },
    ...(service.entry?.resolution === 'NONE' && service.selector.size === 0 && { original: true as const }),
    ...(subset && {
      subset: subsetName,
      subsetSource: subset.source,
      subsetLabels: [...subset.labels].map(([key, value]) => `${key}=${value}`).join(','),
    }),
    endpoints,
    balance: balancer.balance,
    loadBalancer: balancer,
    ...(groups && { groups }),
    ...(isHttp2(service, port) && { http2: true as const }),
    upstream,
  };
}

function groupsOf(
  own: readonly ServiceEndpoint[],
  { locality }: LoadBalancer,
  { outlier }: UpstreamPolicy,
  client: Client,
): readonly LocalityGroup[] | undefined {
  const labelsOf = (index: number) => ({
    ...placeLabels(own[index]?.endpoint.locality),
    ...fields(own[index]?.pod.metadata.labels),
  });
  const labels = { ...placeLabels(client.locality), ...client.labels };
  const place = { ...(client.locality && { locality: client.locality }), labels };
  const endpoints = own.map((e) => e.endpoint);
  return localityGroups(locality, endpoints, labelsOf, place, outlier !== undefined);
}
