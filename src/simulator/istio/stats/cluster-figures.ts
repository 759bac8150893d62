// What a proxy's memory says of its clusters now, beside what was counted of its traffic: gauges of /stats.
import type { ClusterFigures } from '../../../mesh/upstream/proxy-memory.ts';
import type { ProxyCounters } from '../../mesh-facts.ts';

export function withFigures(counters: ProxyCounters, figures: readonly ClusterFigures[]): ProxyCounters {
  const all = new Map(counters);
  for (const { name, connections, pending, requests, pendingTotal, ejections } of figures) {
    const prefix = `cluster.${name};.`;
    all.set(`${prefix}upstream_cx_active`, connections);
    all.set(`${prefix}upstream_rq_pending_active`, pending);
    all.set(`${prefix}upstream_rq_active`, requests);
    all.set(`${prefix}upstream_rq_pending_total`, pendingTotal);
    all.set(`${prefix}outlier_detection.ejections_active`, ejections.length);
    for (const { address, port } of ejections) all.set(`${prefix}host.${address}:${port}.ejected`, 1);
  }
  return all;
}
