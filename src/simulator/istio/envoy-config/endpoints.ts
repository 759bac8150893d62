// EDS: the pods behind each cluster.

import { clusterFinder } from '../../../mesh/clusters.ts';
import type { Endpoint } from '../../../mesh/decision.ts';
import { hasLabels } from '../../../mesh/read.ts';
import type { ServiceEndpoint } from '../../../mesh/services.ts';
import { byName, type Json, socketAddress, TYPE } from './json.ts';
import type { Scene } from './scene.ts';

const ASSIGNMENT = `${TYPE}envoy.config.endpoint.v3.ClusterLoadAssignment`;

/** In the order of `clusters`. */
export function endpointsOf(scene: Scene, clusters: readonly Json[]): Json[] {
  return clusters.map((cluster) =>
    cluster.type === 'EDS' ? assignment(scene, String(cluster.name)) : unassigned(String(cluster.name)),
  );
}

/** Endpoints of a cluster named `outbound|PORT|SUBSET|HOST`, by address. */
export function found(scene: Scene, cluster: string): ServiceEndpoint[] {
  const [direction, port, subset = '', host = ''] = cluster.split('|');
  const service = direction === 'outbound' ? scene.services.byHost(host) : undefined;
  if (!service) return [];
  const labels = subset
    ? scene.destinationRules.find(service, scene.client)?.subsets.get(subset)?.labels
    : new Map<string, string>();
  if (!labels) return [];
  return scene.services
    .endpoints(service, Number(port))
    .filter(({ pod }) => hasLabels(pod.metadata.labels, labels))
    .sort((a, b) => byName(a.endpoint.address, b.endpoint.address));
}

export function staticAssignment(name: string, address: Json): Json {
  const endpoint = {
    endpoint: { address, health_check_config: {} },
    health_status: 'HEALTHY',
    load_balancing_weight: 1,
  };
  return {
    '@type': ASSIGNMENT,
    cluster_name: name,
    endpoints: [{ locality: {}, lb_endpoints: [endpoint], load_balancing_weight: 0 }],
    policy: { overprovisioning_factor: 140 },
  };
}

function unassigned(name: string): Json {
  return { '@type': ASSIGNMENT, cluster_name: name, policy: { overprovisioning_factor: 140 } };
}

function assignment(scene: Scene, name: string): Json {
  const endpoints = found(scene, name);
  if (endpoints.length === 0) return unassigned(name);
  const rankOf = ranks(scene, name);
  const ranked = endpoints.flatMap((member) => {
    const rank = rankOf(member.endpoint);
    return rank ? [{ member, ...rank }] : [];
  });
  const groups = Map.groupBy(ranked, ({ member, priority }) => `${priority} ${member.endpoint.locality ?? ''}`);
  const localities = [...groups.values()].sort(([a], [b]) => (a?.priority ?? 0) - (b?.priority ?? 0));
  return {
    ...unassigned(name),
    endpoints: localities.map((members) => {
      const { priority = 0, member } = members[0] ?? {};
      return {
        locality: localityOf(member?.endpoint.locality ?? ''),
        lb_endpoints: members.map((m) => lbEndpoint(m.member)),
        load_balancing_weight: Math.ceil(members.reduce((sum, { weight }) => sum + weight, 0)),
        ...(priority > 0 && { priority }),
      };
    }),
  };
}

interface Rank {
  priority: number;
  /** Its part of what its place gets. */
  weight: number;
}

/** Undefined: the shares by place give it nothing. */
function ranks(scene: Scene, name: string): (endpoint: Endpoint) => Rank | undefined {
  const [, port = '', subset = '', host = ''] = name.split('|');
  const find = clusterFinder(scene.services, scene.destinationRules, scene.client, Number(port));
  const cluster = find(host, Number(port), subset);
  const groups = typeof cluster === 'string' ? undefined : cluster.groups;
  if (!groups || typeof cluster === 'string') return () => ({ priority: 0, weight: 1 });
  const known = new Map<string, Rank>();
  const shared = groups.every(({ priority }) => priority === 0);
  for (const { priority, weight, indexes } of groups) {
    for (const index of indexes) {
      const endpoint = cluster.endpoints[index];
      if (endpoint) known.set(keyOf(endpoint), { priority, weight: shared ? weight / indexes.length : 1 });
    }
  }
  return (endpoint) => known.get(keyOf(endpoint));
}

function keyOf({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

export function localityOf(locality: string): Json {
  const [region, zone, subZone] = locality.split('/');
  return { ...(region && { region }), ...(zone && { zone }), ...(subZone && { sub_zone: subZone }) };
}

function lbEndpoint({ endpoint, pod }: ServiceEndpoint): Json {
  const { labels = {}, namespace = 'default', ownerReferences } = pod.metadata;
  const name = labels['service.istio.io/canonical-name'] ?? labels.app ?? '';
  const revision = labels['service.istio.io/canonical-revision'] ?? labels.version ?? 'latest';
  const workload = ownerReferences?.[0]?.name.replace(/-[a-z0-9]{5,10}$/, '') ?? pod.metadata.name;
  return {
    endpoint: { address: socketAddress(endpoint.address, endpoint.port), health_check_config: {} },
    health_status: 'HEALTHY',
    metadata: {
      filter_metadata: {
        istio: { workload: [workload, namespace, name, revision, 'Kubernetes'].join(';') },
        ...(endpoint.sidecar && { 'envoy.transport_socket_match': { tlsMode: 'istio' } }),
      },
    },
    load_balancing_weight: 1,
  };
}
