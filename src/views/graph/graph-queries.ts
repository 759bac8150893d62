// What the graph asks of Prometheus (istio-hechos §8). One request makes two series, one per reporter: the client's is
// counted, except when the caller has no proxy and only the server saw it.

const ENDS = [
  'source_workload',
  'source_workload_namespace',
  'source_canonical_service',
  'source_canonical_revision',
  'destination_workload',
  'destination_workload_namespace',
  'destination_canonical_service',
  'destination_canonical_revision',
  'destination_service_name',
  'destination_service_namespace',
  'request_protocol',
].join(', ');

const PAIR = 'source_workload, source_workload_namespace, destination_workload, destination_workload_namespace';

export function graphQueries(window: number) {
  const over = `[${window}s]`;
  return {
    client: `sum by (${ENDS}, response_code) (rate(istio_requests_total{reporter="source"}${over})) > 0`,
    server: `sum by (${ENDS}, response_code) (rate(istio_requests_total{reporter="destination", source_workload="unknown"}${over})) > 0`,
    tcp: `sum by (${ENDS}) (rate(istio_tcp_sent_bytes_total{reporter="source"}${over})) > 0`,
    mutual: `sum by (${PAIR}) (rate(istio_requests_total{reporter="destination", connection_security_policy="mutual_tls"}${over}))`,
    received: `sum by (${PAIR}) (rate(istio_requests_total{reporter="destination"}${over}))`,
    recent: `sum by (${ENDS}) (increase(istio_requests_total{reporter="source"}[1h])) > 0`,
    latency: (quantile: number) =>
      `histogram_quantile(${quantile}, sum by (le, ${PAIR}) (rate(istio_request_duration_milliseconds_bucket{reporter="source"}${over})))`,
  };
}
