// EDS: the pods behind each cluster.

import { hasLabels } from '../../../mesh/read.ts';
import type { ServiceEndpoint } from '../../../mesh/services.ts';
import { byName, type Json, socketAddress, TYPE } from './json.ts';
import type { Scene } from './scene.ts';

const ASSIGNMENT = `${TYPE}envoy.config.endpoint.v3.ClusterLoadAssignment`;

/** In the order of `clusters`. */
export function endpointsOf(scene: Scene, clusters: readonly Json[]): Json[] {
  return clusters.map((cluster) =>
    assignment(String(cluster.name), cluster.type === 'EDS' ? found(scene, String(cluster.name)) : []),
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

function assignment(name: string, endpoints: readonly ServiceEndpoint[]): Json {
  const policy = { overprovisioning_factor: 140 };
  if (endpoints.length === 0) return { '@type': ASSIGNMENT, cluster_name: name, policy };
  const byLocality = Map.groupBy(endpoints, (e) => e.endpoint.locality ?? '');
  return {
    '@type': ASSIGNMENT,
    cluster_name: name,
    endpoints: [...byLocality].map(([locality, members]) => ({
      locality: localityOf(locality),
      lb_endpoints: members.map(lbEndpoint),
      load_balancing_weight: members.length,
    })),
    policy,
  };
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
