// Envoy's own statistics, which a proxy keeps only when it is told to: their names, labels and counts.
import { is } from '../ask.ts';
import type { Ask, Situation } from '../behaviour.ts';
import { client, destinationRule, yaml } from '../manifests.ts';

const keeping = `{proxy.istio.io/config: 'proxyStatsMatcher: {inclusionRegexps: ["cluster[.](outbound|inbound).*"]}'}`;

/** The namespace is not the same everywhere. */
const HERE = "sed -E 's/httpbin[.][a-z0-9-]+[.]svc/httpbin.here.svc/'";

const asking = (...paths: string[]): Ask => ({
  kind: 'shell',
  from: 'fid-client',
  script: paths.map((path) => `curl -s -m 20 -o /dev/null -w "%{http_code}\\n" http://httpbin:8000${path}`).join('; '),
});

const told = (page: string, pattern: string): Ask => ({
  kind: 'shell',
  from: 'fid-client-proxy',
  script: `curl -s localhost:${page} | grep 'httpbin[.][a-z0-9-]*[.]svc' | grep -v 'httpbin[.]legacy' | ${HERE} | grep -E '${pattern}' | sort`,
});

const EXPOSITION = '15090/stats/prometheus';

export const proxyStats: Situation[] = [
  {
    id: 'proxy-stats',
    topic: 'telemetria',
    patience: true,
    inOrder: true,
    apply: yaml(
      destinationRule('httpbin', 'trafficPolicy: {connectionPool: {http: {http1MaxPendingRequests: 100}}}'),
      client({ inject: true, annotations: keeping }),
    ),
    behaviours: [
      is(
        'requests',
        'tres 200, un 404 y un 503',
        asking('/status/200', '/status/200', '/get', '/status/404', '/status/503'),
      ),
      is(
        'by-code',
        'contadores por código y por clase en 15090, con sus etiquetas',
        told(EXPOSITION, '^envoy_cluster_upstream_rq\\{'),
      ),
      is(
        'outside',
        'los mismos, de lo que contestó el otro extremo',
        told(EXPOSITION, '^envoy_cluster_(external|internal)_upstream_rq(_completed)?\\{'),
      ),
      is(
        'totals',
        'los totales: peticiones, completadas, reintentos, tiempos agotados',
        told(
          EXPOSITION,
          '^envoy_cluster_upstream_rq_(total|completed|retry|retry_success|timeout|pending_overflow)\\{',
        ),
      ),
      is(
        'latency',
        'cuántas peticiones hay en el histograma de latencia',
        told(EXPOSITION, '^envoy_cluster_upstream_rq_time_(count|bucket\\{[^}]*le="(\\+Inf|10000)")'),
      ),
      is(
        'text',
        'los mismos contadores en /stats, con su nombre de Envoy',
        told('15000/stats', 'upstream_rq_(200|404|503|2xx|4xx|5xx|completed|total): '),
      ),
      is('merged', 'en 15020 están también', told('15020/stats/prometheus', '^envoy_cluster_upstream_rq_total\\{')),
    ],
  },
];
