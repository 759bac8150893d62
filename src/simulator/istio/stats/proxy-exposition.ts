// What a proxy answers at /stats/prometheus: the standard metrics, and those of Envoy's own counters that Istio keeps.
import type { ContainerContext } from '../../contract.ts';
import { statsMatcher } from '../admin/stats-matcher.ts';
import { tagOf } from '../debug/release.ts';
import { prometheusName } from './prometheus-name.ts';

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
    const counted = mesh.counters(pod.metadata.uid ?? '');
    if (counted.size === 0) return '';
    const keeps = statsMatcher(pod, mesh.pushed());
    const byMetric = new Map<string, string>();
    for (const [name, value] of counted) {
      if (name.includes(';.host.') || !keeps(name)) continue;
      const { metric, labels } = prometheusName(name);
      const line = `${metric}{${labels}} ${value}\n`;
      byMetric.set(metric, `${byMetric.get(metric) ?? ''}${line}`);
    }
    return [...byMetric].map(([metric, lines]) => `# TYPE ${metric} counter\n${lines}`).join('');
  }
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
