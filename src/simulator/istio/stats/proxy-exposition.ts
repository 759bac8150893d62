// What a proxy answers at /stats/prometheus: the standard metrics, and those of Envoy's own counters that Istio keeps.
import type { ContainerContext } from '../../contract.ts';
import type { ProxyCounters } from '../../mesh-facts.ts';
import { statsMatcher } from '../admin/stats-matcher.ts';
import { tagOf } from '../debug/release.ts';
import { CLUSTER_COUNTERS } from './cluster-counters.ts';
import { isGauge, prometheusName } from './prometheus-name.ts';

/** Cheap enough to be scraped every few seconds: it does not build the proxy's configuration. */
export function proxyExposition({ pod, image, mesh, clock }: ContainerContext, startedAt: number): () => string {
  return () => {
    const uid = pod.metadata.uid ?? '';
    const sync = mesh?.proxies().find((p) => p.pod.metadata.uid === uid);
    const build = `# TYPE istio_build gauge\nistio_build{component="proxy",tag="${tagOf(image)}"} 1\n`;
    const uptime = Math.floor((clock.now() - startedAt) / 1000);
    return `${mesh?.metrics?.(uid) ?? ''}${build}${counters()}${server(sync?.sent ?? 0, uptime)}`;
  };

  function counters(): string {
    if (!mesh) return '';
    const uid = pod.metadata.uid ?? '';
    const counted = withZeros(mesh.counters(uid));
    if (counted.size === 0) return '';
    const keeps = statsMatcher(pod, mesh.pushed());
    const byMetric = new Map<string, string>();
    for (const [name, value] of counted) {
      if (name.includes(';.host.') || !keeps(name)) continue;
      const { metric, labels } = prometheusName(name);
      const line = `${metric}{${labels}} ${value}\n`;
      byMetric.set(metric, `${byMetric.get(metric) ?? ''}${line}`);
    }
    const lines = [...byMetric].map(
      ([metric, of]) => `# TYPE ${metric} ${isGauge(metric) ? 'gauge' : 'counter'}\n${of}`,
    );
    return `${lines.join('')}${mesh.latencies?.(uid, keeps) ?? ''}`;
  }
}

/** Clusters that nobody has used are left out: to know them the whole configuration would have to be made. */
function withZeros(counters: ProxyCounters): ProxyCounters {
  const all = new Map(counters);
  for (const name of counters.keys()) {
    const end = name.indexOf(';.');
    if (end < 0) continue;
    const cluster = name.slice(0, end + 2);
    for (const counter of CLUSTER_COUNTERS) if (!all.has(cluster + counter)) all.set(cluster + counter, 0);
  }
  return all;
}

function server(pushes: number, uptime: number): string {
  const counter = (name: string, value: number): string => `# TYPE envoy_${name} counter\nenvoy_${name}{} ${value}\n`;
  const gauge = (name: string, value: number): string => `# TYPE envoy_${name} gauge\nenvoy_${name}{} ${value}\n`;
  return (
    counter('cluster_manager_cds_update_success', pushes) +
    counter('cluster_manager_cds_update_rejected', 0) +
    counter('listener_manager_lds_update_success', pushes) +
    counter('listener_manager_lds_update_rejected', 0) +
    gauge('server_live', 1) +
    gauge('server_state', 0) +
    gauge('server_uptime', uptime)
  );
}
