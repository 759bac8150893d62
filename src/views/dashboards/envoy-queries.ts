// The PromQL of each dashboard where proxies make none of Istio's metrics: Envoy's own counters, which know proxies and destinations and
// nothing of versions, codes of callers or mutual TLS.
import { type ChartQueries, OVER, quoted } from './chart-queries.ts';
import type { DashboardQuestion } from './dashboard.ts';

export function envoyDashboardQueries({ kind, namespace = '', name = '' }: DashboardQuestion): ChartQueries[] {
  switch (kind) {
    case 'malla':
      return [byDestination('peticiones', OUTBOUND), ...quality(OUTBOUND)];
    case 'servicio': {
      const service = `cluster_name=~${quoted(`outbound[|][0-9]+[|][^|]*[|]${literal(`${name}.${namespace}`)}[.]svc[.].*`)}`;
      return [byCaller(service), ...quality(service)];
    }
    case 'programa': {
      const own = `namespace=${quoted(namespace)}, pod=~${quoted(`${literal(name)}-[a-z0-9]+(-[a-z0-9]+)?`)}`;
      const inbound = `${INBOUND}, ${own}`;
      return [
        { ...total('peticiones', inbound), title: 'Peticiones que recibe' },
        ...quality(inbound),
        { ...byDestination('salida', `${OUTBOUND}, ${own}`), title: 'Peticiones que envía, por destino' },
      ];
    }
  }
}

const OUTBOUND = 'cluster_name=~"outbound[|].*"';
const INBOUND = 'cluster_name=~"inbound[|].*"';

const rated = (selector: string): string => `rate(envoy_cluster_upstream_rq_total{${selector}}${OVER})`;

function byDestination(id: string, selector: string): ChartQueries {
  const query = `sum by (cluster_name) (${rated(selector)}) > 0`;
  return { id, title: 'Peticiones por destino', unit: 'peticiones/s', queries: [one(query, 'cluster_name')] };
}

function byCaller(selector: string): ChartQueries {
  const query = `sum by (pod) (${rated(selector)}) > 0`;
  return { id: 'peticiones', title: 'Peticiones por quién llama', unit: 'peticiones/s', queries: [one(query, 'pod')] };
}

function total(id: string, selector: string): ChartQueries {
  return {
    id,
    title: 'Peticiones',
    unit: 'peticiones/s',
    queries: [{ title: 'todas', query: `sum(${rated(selector)})` }],
  };
}

function one(query: string, byLabel: string): ChartQueries['queries'][number] {
  return { title: '', byLabel, query };
}

function quality(selector: string): ChartQueries[] {
  const failed = `(sum(rate(envoy_cluster_upstream_rq{response_code_class="5xx", ${selector}}${OVER})) or vector(0))`;
  const percentile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{${selector}}${OVER})))`;
  return [
    {
      id: 'exito',
      title: 'Respuestas sin error 5xx',
      unit: '%',
      queries: [{ title: 'sin error', query: `100 * (1 - ${failed} / sum(${rated(selector)}))` }],
    },
    {
      id: 'latencia',
      title: 'Latencia',
      unit: 'ms',
      queries: [0.5, 0.9, 0.99].map((share) => ({ title: `p${share * 100}`, query: percentile(share) })),
    },
  ];
}

/** A text inside a regular expression of PromQL: names come from a form. */
function literal(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`);
}
