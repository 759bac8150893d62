import { expect, test } from 'vitest';
import { sourceOf } from './traffic-source.ts';

const seen = (...metrics: [name: string, component?: string][]) =>
  metrics.map(([name, component]) => ({ labels: { __name__: name, ...(component && { component }) }, value: 1 }));

test.each([
  ['con-metricas', seen(['istio_requests_total'], ['envoy_cluster_upstream_rq_total'])],
  ['con-metricas', seen(['istio_tcp_connections_opened_total'])],
  ['solo-envoy', seen(['envoy_cluster_upstream_rq_total'], ['envoy_server_uptime'])],
  ['sin-trafico', seen(['istio_build', 'proxy'], ['envoy_server_uptime'])],
  ['sin-contar', seen(['istio_build', 'pilot'], ['envoy_server_uptime'])],
  ['sin-recoger', seen(['istio_build', 'pilot'])],
  ['sin-recoger', []],
] as const)('%s is told from what Prometheus has', (source, samples) => {
  expect(sourceOf(samples)).toBe(source);
});
