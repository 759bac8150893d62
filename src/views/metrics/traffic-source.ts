// What Prometheus has of the mesh's traffic, so that an empty view can say why it is empty.
import type { Metrics, Sample } from '../../cluster/prometheus.ts';

/**
 * - `con-metricas`: Istio's own metrics.
 * - `solo-envoy`: none of those, and Envoy's counters of clusters instead.
 * - `sin-trafico`: the proxies make Istio's metrics and have counted nothing yet.
 * - `sin-contar`: proxies are scraped, and they make neither kind.
 * - `sin-recoger`: Prometheus scrapes no proxy.
 * - `sin-metricas`: Prometheus is not installed.
 */
export type TrafficSource =
  | 'con-metricas'
  | 'solo-envoy'
  | 'sin-trafico'
  | 'sin-contar'
  | 'sin-recoger'
  | 'sin-metricas';

/** `istio_build` of a proxy comes from the same filter as Istio's metrics; `envoy_server_uptime`, from any Envoy. */
const KNOWN = ['istio_requests_total', 'istio_tcp_connections_opened_total', 'istio_build', 'envoy_server_uptime'];
const SEEN = `count by (__name__, component) ({__name__=~"${KNOWN.join('|')}"})`;
/** Every proxy counts what it asks of istiod itself, under another name of cluster. */
const COUNTED = 'count by (__name__) (envoy_cluster_upstream_rq_total{cluster_name=~"(outbound|inbound)[|].*"})';

/** Rejects with ClusterError or CodedError. */
export async function trafficSource(metrics: Metrics): Promise<TrafficSource> {
  const [seen, counted] = await Promise.all([metrics.query(SEEN), metrics.query(COUNTED)]);
  return sourceOf([...seen, ...counted]);
}

export function sourceOf(seen: readonly Sample[]): TrafficSource {
  const has = (name: string, component?: string): boolean =>
    seen.some(({ labels }) => labels.__name__ === name && (component === undefined || labels.component === component));
  if (has('istio_requests_total') || has('istio_tcp_connections_opened_total')) return 'con-metricas';
  if (has('envoy_cluster_upstream_rq_total')) return 'solo-envoy';
  if (has('istio_build', 'proxy')) return 'sin-trafico';
  return has('envoy_server_uptime') ? 'sin-contar' : 'sin-recoger';
}
