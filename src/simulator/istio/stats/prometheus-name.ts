// How Envoy tells one of its statistics to Prometheus: parts of the name become labels, by the patterns that Istio's bootstrap gives it.

export interface PrometheusName {
  /** `envoy_cluster_upstream_rq`. */
  metric: string;
  /** `cluster_name="outbound|80||web.default.svc.cluster.local",response_code="200"`; empty: none. */
  labels: string;
}

/** What the first group finds goes out of the name; what the second does is the label's value. */
const TAGS: readonly (readonly [label: string, pattern: RegExp])[] = [
  ['cluster_name', /^cluster(\.(.+);)/],
  ['response_code', /_rq(_(\d{3}))$/],
  ['response_code_class', /_rq(_(\dxx))$/],
  ['authz_enforce_result', /rbac(\.(allowed|denied))/],
  ['authz_dry_run_result', /(\.shadow_(allowed|denied))/],
];

export function prometheusName(statistic: string): PrometheusName {
  let name = statistic;
  const labels: string[] = [];
  for (const [label, pattern] of TAGS) {
    const [, part, value] = pattern.exec(name) ?? [];
    if (part === undefined || value === undefined) continue;
    name = name.replace(part, '');
    labels.push(`${label}="${value.replaceAll(/["\\\n]/g, '_')}"`);
  }
  return { metric: `envoy_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`, labels: labels.join(',') };
}

const GAUGES = /(_active|_open|remaining_\w+|_healthy|membership_total|_uptime|_live|_state|_concurrency|version)$/;
/** By its name: Envoy's own say what they are. */
export function isGauge(metric: string): boolean {
  return GAUGES.test(metric);
}
