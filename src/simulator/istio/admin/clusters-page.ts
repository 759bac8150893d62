// /clusters: each cluster with its limits, endpoints and what was counted of them, as text and as JSON.

import { fields, integer, items, text } from '../../../mesh/read.ts';
import type { ProxyCounters } from '../../mesh-facts.ts';
import { STATIC_ADDRESSES, staticClusters } from '../envoy-config/bootstrap.ts';
import { limitsOf } from '../envoy-config/clusters.ts';
import { staticAssignment } from '../envoy-config/endpoints.ts';
import type { Json } from '../envoy-config/json.ts';
import type { ProxyConfiguration } from '../envoy-config/proxy-configuration.ts';

interface ClusterStatus {
  name: string;
  dynamic: boolean;
  eds: boolean;
  limits: ReturnType<typeof limitsOf>;
  hosts: Host[];
  outlier: boolean;
}

interface Host {
  /** `10.244.1.5:9080`. */
  address: string;
  json: Json;
  locality: Readonly<Record<string, unknown>>;
  priority: number;
}

const STATS = ['cx_connect_fail', 'cx_total', 'rq_error', 'rq_success', 'rq_timeout', 'rq_total'] as const;
const GAUGES = ['cx_active', 'rq_active', 'rq_pending_active'] as const;
const HIGH = { max_connections: 1024, max_pending_requests: 1024, max_requests: 1024, max_retries: 3 };

export function clustersText(configuration: ProxyConfiguration, counters: ProxyCounters): string {
  return statuses(configuration)
    .flatMap((status) => {
      const line = (...parts: (string | number | boolean)[]) => [status.name, ...parts].join('::');
      const limits = (priority: string, values: Readonly<Record<string, number>>) =>
        Object.entries(values).map(([key, value]) => line(`${priority}_priority`, key, value));
      return [
        line('observability_name', `${status.name};`),
        ...limits('default', { ...status.limits }),
        ...limits('high', HIGH),
        line('added_via_api', status.dynamic),
        ...(status.eds ? [line('eds_service_name', status.name)] : []),
        ...status.hosts.flatMap((host) => hostLines(status, host, counters).map((rest) => line(host.address, ...rest))),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

export function clustersJson(configuration: ProxyConfiguration, counters: ProxyCounters): Json {
  return {
    cluster_statuses: statuses(configuration).map((status) => ({
      name: status.name,
      ...(status.dynamic && { added_via_api: true }),
      ...(status.hosts.length > 0 && { host_statuses: status.hosts.map((host) => hostStatus(status, host, counters)) }),
      circuit_breakers: { thresholds: [status.limits, { priority: 'HIGH', ...HIGH }] },
      observability_name: `${status.name};`,
      ...(status.eds && { eds_service_name: status.name }),
    })),
  };
}

function statuses({ clusters, endpoints }: ProxyConfiguration): ClusterStatus[] {
  const addresses = new Map(STATIC_ADDRESSES);
  return [
    ...clusters.map((cluster, index) => statusOf(cluster, endpoints[index] ?? {}, true)),
    ...staticClusters().map((cluster) => {
      const name = String(cluster.name);
      return statusOf(cluster, staticAssignment(name, addresses.get(name) ?? {}), false);
    }),
  ];
}

function statusOf(cluster: Json, assignment: Json, dynamic: boolean): ClusterStatus {
  return {
    name: String(cluster.name),
    dynamic,
    eds: cluster.type === 'EDS',
    limits: limitsOf(cluster),
    outlier: cluster.outlier_detection !== undefined,
    hosts: items(assignment.endpoints).flatMap((group) => {
      const { locality, lb_endpoints, priority } = fields(group);
      return items(lb_endpoints).map((member) => ({
        ...hostOf(fields(fields(fields(member).endpoint).address)),
        locality: fields(locality),
        priority: integer(priority) ?? 0,
      }));
    }),
  };
}

function hostOf(json: Readonly<Record<string, unknown>>): Pick<Host, 'address' | 'json'> {
  const { address, port_value } = fields(json.socket_address);
  const pipe = text(fields(json.pipe).path);
  return { address: pipe ?? `${String(address)}:${String(port_value)}`, json: { ...json } };
}

const countOf = (status: ClusterStatus, host: Host, name: string, counters: ProxyCounters) =>
  counters.get(`cluster.${status.name};.host.${host.address}.${name}`) ?? 0;

function hostLines(status: ClusterStatus, host: Host, counters: ProxyCounters): (string | number)[][] {
  const stats = [...STATS, ...GAUGES].sort().map((name) => [name, countOf(status, host, name, counters)]);
  const { region = '', zone = '', sub_zone = '' } = host.locality;
  return [
    ...stats,
    ['hostname', ''],
    ['health_flags', ejected(status, host, counters) ? '/failed_outlier_check' : 'healthy'],
    ['weight', 1],
    ['region', String(region)],
    ['zone', String(zone)],
    ['sub_zone', String(sub_zone)],
    ['canary', 'false'],
    ['priority', host.priority],
    ['success_rate', -1],
    ['local_origin_success_rate', -1],
  ];
}

function ejected(status: ClusterStatus, host: Host, counters: ProxyCounters): boolean {
  return status.outlier && countOf(status, host, 'ejected', counters) > 0;
}

function hostStatus(status: ClusterStatus, host: Host, counters: ProxyCounters): Json {
  const stat = (name: string, gauge: boolean) => {
    const value = countOf(status, host, name, counters);
    return { ...(gauge && { type: 'GAUGE' }), ...(value > 0 && { value: String(value) }), name };
  };
  return {
    address: host.json,
    stats: [...STATS.map((name) => stat(name, false)), ...GAUGES.map((name) => stat(name, true))],
    health_status: {
      ...(ejected(status, host, counters) && { failed_outlier_check: true }),
      eds_health_status: 'HEALTHY',
    },
    weight: 1,
    locality: host.locality,
    ...(host.priority > 0 && { priority: host.priority }),
  };
}
