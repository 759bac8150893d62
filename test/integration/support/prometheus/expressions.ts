// Queries of the kinds that Istio's dashboards, Kiali, the views and the course ask, and one at least of each feature.

const SERVICE = 'destination_service="reviews.default.svc.cluster.local"';
const INBOUND = 'destination_workload=~"reviews-v.*", destination_workload_namespace=~"default"';
const bucket = 'istio_request_duration_milliseconds_bucket';

const dashboards = [
  'round(sum(rate(istio_requests_total{reporter=~"source|waypoint"}[1m])), 0.01)',
  'sum(rate(istio_requests_total{reporter=~"source|waypoint",response_code!~"5.."}[1m])) / sum(rate(istio_requests_total{reporter=~"source|waypoint"}[1m]))',
  'round(sum(rate(istio_requests_total{reporter=~"source|waypoint",response_code=~"4.."}[1m])), 0.01) or vector(0)',
  'sum by (destination_workload,destination_workload_namespace,destination_service) (rate(istio_requests_total{reporter=~"source|waypoint"}[5m]))',
  `label_join(histogram_quantile(0.99, sum by (le, destination_workload, destination_workload_namespace) (rate(${bucket}{reporter=~"source|waypoint"}[5m]))), "workload", ".", "destination_workload", "destination_workload_namespace")`,
  'sum by (component, tag) (istio_build)',
  `round(sum(irate(istio_requests_total{reporter=~"source",${SERVICE}}[1m])), 0.001)`,
  `sum(irate(istio_requests_total{reporter="source",${SERVICE},response_code!~"5.*"}[1m])) / (sum(irate(istio_requests_total{reporter="source",${SERVICE}}[1m])) or on () vector(1))`,
  ...['0.50', '0.90', '0.95', '0.99'].map(
    (share) =>
      `(histogram_quantile(${share}, sum(irate(${bucket}{reporter="source",${SERVICE}}[1m])) by (le)) / 1000) or histogram_quantile(${share}, sum(irate(istio_request_duration_seconds_bucket{reporter="source",${SERVICE}}[1m])) by (le))`,
  ),
  `round(sum(irate(istio_requests_total{connection_security_policy="mutual_tls",${SERVICE},reporter="destination"}[5m])) by (source_workload, source_workload_namespace, response_code), 0.001)`,
  `round(sum(irate(istio_requests_total{connection_security_policy!="mutual_tls",${SERVICE},reporter="source"}[5m])) by (source_workload, source_workload_namespace, response_code), 0.001)`,
  `sum(irate(istio_requests_total{reporter="destination",${INBOUND},response_code!~"5.*"}[1m])) by (source_workload, source_workload_namespace) / sum(irate(istio_requests_total{reporter="destination",${INBOUND}}[1m])) by (source_workload, source_workload_namespace)`,
  'round(sum(irate(istio_requests_total{destination_principal=~"spiffe.*",source_workload=~"productpage-v1",reporter="source"}[1m])) by (destination_service, response_code), 0.001)',
  `sum(irate(istio_tcp_sent_bytes_total{reporter="destination",${INBOUND}}[1m])) + sum(irate(istio_tcp_received_bytes_total{reporter="destination",${INBOUND}}[1m]))`,
  'label_replace(sum by (destination_service_name) (rate(istio_requests_total{reporter="source"}[1m])), "svc", "$1-x", "destination_service_name", "(.{3}).*")',
];

const kiali = [
  'sum(rate(istio_requests_total{reporter=~"waypoint|source",source_workload_namespace!="default",destination_workload_namespace="default"}[60s])) by (source_workload,destination_service_name,response_code) > 0',
  'sum(rate(istio_requests_total{reporter=~"destination",connection_security_policy="mutual_tls"}[600s]) > 0) by (source_workload,destination_workload,connection_security_policy) > 0',
  `histogram_quantile(0.95, sum(rate(${bucket}{reporter=~"destination"}[600s])) by (le,source_workload,destination_workload)) > 0`,
  'sum(rate(istio_request_duration_milliseconds_sum[5m])) by (destination_workload) / sum(rate(istio_request_duration_milliseconds_count[5m])) by (destination_workload) > 0',
  'sum(increase(istio_requests_total{reporter="source"}[1h])) by (destination_service_name) > 0',
  'sort_desc(sum by (destination_workload) (rate(istio_requests_total{reporter="destination"}[10m])))',
];

const windows = [
  ...['rate', 'increase', 'irate', 'delta', 'idelta', 'resets', 'changes', 'deriv'].flatMap((name) => [
    `${name}(istio_requests_total{response_code="200"}[5m])`,
    `${name}(istio_requests_total{response_code="200"}[1m30s])`,
    `${name}(memory_delta[7m])`,
  ]),
  ...['avg', 'min', 'max', 'sum', 'count', 'stddev', 'stdvar', 'last', 'present'].map(
    (name) => `${name}_over_time(memory_delta[10m])`,
  ),
  'quantile_over_time(0.9, memory_delta[10m])',
  'predict_linear(memory_delta[10m], 600)',
  'absent_over_time(nosuch{pod="a"}[5m])',
  'max_over_time(sum by (reporter) (rate(istio_requests_total[1m]))[10m:30s])',
  'avg_over_time(memory_delta[10m:45s] offset 5m)',
  'rate(istio_requests_total{response_code="503"}[5m] offset 10m)',
  'count_over_time(istio_requests_total[20m:])',
];

const aggregations = [
  ...['sum', 'avg', 'min', 'max', 'count', 'stddev', 'stdvar', 'group'].flatMap((name) => [
    `${name} by (reporter) (memory_delta)`,
    `${name} without (pod) (memory_delta)`,
  ]),
  'topk(3, memory_delta)',
  'bottomk by (reporter) (2, memory_delta)',
  'quantile by (reporter) (0.3, memory_delta)',
  'count_values("value", count by (destination_service_name) (istio_requests_total))',
];

const operators = [
  'memory_delta % 3',
  'memory_delta ^ 2',
  '-memory_delta',
  'memory_delta > bool 0',
  '0 < memory_delta',
  'memory_delta atan2 2',
  'memory_delta == memory_delta',
  'memory_delta{reporter="source"} - on (pod) memory_delta{reporter="destination"}',
  'memory_delta * on (pod) group_left (tag) istio_build',
  'istio_build * on (pod) group_right (tag) memory_delta',
  'memory_delta{reporter="source"} - ignoring (reporter) memory_delta{reporter="destination"} offset 5m > 1',
  'memory_delta and on (pod) istio_build{tag="1.29.0"}',
  'memory_delta unless on (pod) istio_build{tag="1.29.0"}',
  'memory_delta{reporter="source"} or istio_build',
  'sum(memory_delta) > 1 or vector(-1)',
  '2 ^ -1 * 4 + 7 % 4',
  '-2 ^ 2',
];

const functions = [
  'abs(memory_delta)',
  'ceil(memory_delta)',
  'floor(memory_delta)',
  'round(memory_delta, 5)',
  'sqrt(abs(memory_delta))',
  'ln(abs(memory_delta))',
  'exp(memory_delta / 10)',
  'sgn(memory_delta)',
  'clamp(memory_delta, -1, 1)',
  'clamp_min(memory_delta, 0)',
  'clamp_max(memory_delta, 0)',
  'scalar(istio_build{pod="ratings-v1"}) * 3',
  'scalar(memory_delta)',
  'vector(time())',
  'timestamp(memory_delta)',
  'timestamp(memory_delta * 1)',
  'absent(nosuch{a="b",c=~"d"})',
  'absent(memory_delta)',
  'day_of_week() + hour(vector(1700000000)) + minute(vector(1700000000)) + month() + year() + days_in_month() + day_of_year()',
  'pi()',
  `histogram_quantile(0.5, rate(${bucket}[5m]))`,
  `histogram_quantile(1.5, rate(${bucket}{reporter="source"}[5m]))`,
  'histogram_quantile(0.9, memory_delta)',
  'label_join(istio_build, "both", "/", "pod", "tag")',
  'label_replace(istio_build, "app", "$app", "pod", "(?P<app>[a-z]+)-.*")',
  'istio_requests_total{response_code="503"} @ end() - istio_requests_total{response_code="503"} @ start()',
  '{__name__=~"istio_b.*"}',
];

export const expressions = [...dashboards, ...kiali, ...windows, ...aggregations, ...operators, ...functions];

/** What a query must not be, or cannot compute: compared by status and message. */
export const wrong = [
  '',
  'sum(',
  'foo{',
  'foo bar',
  'sum(x))',
  'nosuch(x)',
  'rate(x)',
  'rate(x[5m]) + x[5m]',
  '1 == 1',
  '{x=~".*"}',
  'x{a="b"',
  'x[5m',
  '1 +',
  'vector(1) and 1',
  'x + bool y',
  'abs()',
  'abs(1)',
  'round(x, 1, 2)',
  'sum(1)',
  'x offset 5m offset 5m',
  'sum(x) offset 5m',
  'sum(x)[5m]',
  'memory_delta * on (pod) istio_build',
  'istio_build * on (pod) memory_delta',
  'memory_delta * on (reporter) group_left istio_requests_total',
  'label_replace(memory_delta, "pod", "same", "pod", ".*")',
  '"unfinished',
  'topk(2)',
];
