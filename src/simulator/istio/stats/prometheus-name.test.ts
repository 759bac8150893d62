import { expect, test } from 'vitest';
import { prometheusName } from './prometheus-name.ts';

const WEB = 'outbound|80||web.default.svc.cluster.local';

test.each([
  [`cluster.${WEB};.upstream_rq_total`, 'envoy_cluster_upstream_rq_total', `cluster_name="${WEB}"`],
  [`cluster.${WEB};.upstream_rq_503`, 'envoy_cluster_upstream_rq', `cluster_name="${WEB}",response_code="503"`],
  [`cluster.${WEB};.upstream_rq_5xx`, 'envoy_cluster_upstream_rq', `cluster_name="${WEB}",response_code_class="5xx"`],
  [
    `cluster.${WEB};.external.upstream_rq_200`,
    'envoy_cluster_external_upstream_rq',
    `cluster_name="${WEB}",response_code="200"`,
  ],
  ['cluster_manager.active_clusters', 'envoy_cluster_manager_active_clusters', ''],
  ['server.uptime', 'envoy_server_uptime', ''],
])('%s', (statistic, metric, labels) => {
  expect(prometheusName(statistic)).toEqual({ metric, labels });
});

test('a name of a cluster cannot end its label', () => {
  expect(prometheusName('cluster.a"b\\c;.x').labels).toBe('cluster_name="a_b_c"');
});
