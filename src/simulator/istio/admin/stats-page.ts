// /stats: counters and gauges in Envoy's text, JSON and Prometheus forms.
import { RE2JS } from 're2js';
import { fields, items } from '../../../mesh/read.ts';
import type { ProxyCounters, ProxySync } from '../../mesh-facts.ts';
import { pushVersion } from '../debug/proxy-sync.ts';
import { type Limits, limitsOf } from '../envoy-config/clusters.ts';
import type { ProxyConfiguration } from '../envoy-config/proxy-configuration.ts';
import { CLUSTER_COUNTERS } from '../stats/cluster-counters.ts';
import { isGauge, prometheusName } from '../stats/prometheus-name.ts';
import { concurrencyOf } from './concurrency.ts';
import { statsMatcher } from './stats-matcher.ts';

export interface StatsSource {
  configuration: ProxyConfiguration;
  counters: ProxyCounters;
  sync: Pick<ProxySync, 'sent' | 'sentAt'>;
  uptimeSeconds: number;
}

export interface StatsQuery {
  usedOnly: boolean;
  filter: string | undefined;
}

/** Text and number statistics that the proxy keeps, in the order in which Envoy prints them. */
export function statistics(source: StatsSource, { usedOnly, filter }: StatsQuery): [string, number | string][] {
  const { scene } = source.configuration;
  const keeps = statsMatcher(scene.pod, scene.mesh);
  const wanted = filter === undefined ? () => true : searcher(filter);
  const version = `"${pushVersion(source.sync)}"`;
  const texts: [string, string][] = [
    ['cluster_manager.cds.version_text', version],
    ['listener_manager.lds.version_text', version],
  ];
  const numbers = [...numbersOf(source)]
    .filter(([, value]) => !usedOnly || value.used)
    .map(([name, { value }]) => [name, value] as [string, number]);
  numbers.sort(([a], [b]) => (a < b ? -1 : 1));
  return [...texts, ...numbers].filter(([name]) => keeps(name) && wanted(name));
}

export function statsText(all: readonly [string, number | string][]): string {
  return all.map(([name, value]) => `${name}: ${value}\n`).join('');
}

export function statsJson(all: readonly [string, number | string][]): string {
  const unquoted = (value: number | string) => (typeof value === 'string' ? value.slice(1, -1) : value);
  return JSON.stringify({ stats: all.map(([name, value]) => ({ name, value: unquoted(value) })) });
}

/** Text statistics are left out. */
export function statsPrometheus(all: readonly [string, number | string][]): string {
  const series = new Map<string, string[]>();
  for (const [name, value] of all) {
    if (typeof value === 'string') continue;
    const { metric, labels } = prometheusName(name);
    const lines = series.get(metric) ?? [];
    lines.push(`${metric}{${labels}} ${value}\n`);
    series.set(metric, lines);
  }
  return [...series]
    .map(([metric, lines]) => `# TYPE ${metric} ${isGauge(metric) ? 'gauge' : 'counter'}\n${lines.join('')}`)
    .join('');
}

interface Value {
  value: number;
  /** Somebody has written it since the proxy began. */
  used: boolean;
}

function numbersOf({ configuration, counters, sync, uptimeSeconds }: StatsSource): Map<string, Value> {
  const { clusters, endpoints, listeners } = configuration;
  const all = new Map<string, Value>();
  const gauge = (name: string, value: number) => all.set(name, { value, used: true });
  clusters.forEach((cluster, index) => {
    const prefix = `cluster.${String(cluster.name)};.`;
    for (const name of CLUSTER_COUNTERS) all.set(prefix + name, { value: 0, used: false });
    const total = sizeOf(endpoints[index]);
    const ejected = counters.get(`${prefix}outlier_detection.ejections_active`) ?? 0;
    gauge(`${prefix}membership_total`, total);
    gauge(`${prefix}membership_healthy`, total - ejected);
    if (cluster.outlier_detection !== undefined) gauge(`${prefix}outlier_detection.ejections_active`, ejected);
    circuitBreakers(prefix, limitsOf(cluster), counters, gauge);
  });
  for (const [name, value] of counters) {
    if (!name.includes(';.host.')) all.set(name, { value, used: true });
  }
  gauge('cluster_manager.active_clusters', clusters.length + STATIC_CLUSTERS);
  gauge('cluster_manager.cds.update_success', sync.sent);
  gauge('cluster_manager.cds.update_rejected', 0);
  gauge('listener_manager.lds.update_success', sync.sent);
  gauge('listener_manager.lds.update_rejected', 0);
  gauge('listener_manager.total_listeners_active', listeners.length + STATIC_LISTENERS);
  gauge('listener_manager.workers_started', 1);
  gauge('server.concurrency', concurrencyOf(configuration.scene.pod));
  gauge('server.live', 1);
  gauge('server.state', 0);
  gauge('server.uptime', uptimeSeconds);
  return all;
}

/** `open` is 1 while a limit is reached. */
function circuitBreakers(
  prefix: string,
  limits: Limits,
  counters: ProxyCounters,
  gauge: (name: string, value: number) => void,
): void {
  const uses: [string, string, number][] = [
    ['upstream_cx_active', 'cx_open', limits.max_connections],
    ['upstream_rq_pending_active', 'rq_pending_open', limits.max_pending_requests],
    ['upstream_rq_active', 'rq_open', limits.max_requests],
  ];
  for (const [name, open, limit] of uses) {
    const used = counters.get(prefix + name) ?? 0;
    gauge(prefix + name, used);
    gauge(`${prefix}circuit_breakers.default.${open}`, used >= limit ? 1 : 0);
    gauge(`${prefix}circuit_breakers.high.${open}`, 0);
  }
}

const STATIC_CLUSTERS = 4;
const STATIC_LISTENERS = 2;

function sizeOf(assignment: unknown): number {
  const groups = fields(assignment).endpoints;
  if (!Array.isArray(groups)) return 0;
  return groups.reduce((sum: number, group) => sum + items(fields(group).lb_endpoints).length, 0);
}

/** A pattern that does not compile finds nothing. */
function searcher(pattern: string): (name: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (name) => compiled.matcher(name).find();
  } catch {
    return () => false;
  }
}
