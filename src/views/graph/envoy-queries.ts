// What the graph asks of Prometheus where proxies make none of Istio's metrics: Envoy's own counters, by proxy and cluster. The client's
// counter says whom it called; the server's says how much came, never from whom.

const OURS = 'cluster_name=~"(outbound|inbound)[|].*"';
const BY = 'namespace, pod, cluster_name';

export function envoyQueries(window: number) {
  const over = `[${window}s]`;
  return {
    all: `sum by (${BY}) (rate(envoy_cluster_upstream_rq_total{${OURS}}${over})) > 0`,
    failed: `sum by (${BY}) (rate(envoy_cluster_upstream_rq{response_code_class="5xx", ${OURS}}${over})) > 0`,
    recent: `sum by (${BY}) (increase(envoy_cluster_upstream_rq_total{${OURS}}[1h])) > 0`,
  };
}
