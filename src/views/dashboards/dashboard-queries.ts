// The charts of each dashboard, as queries (istio-hechos §8, "Expected queries").
import { type ChartQueries, OVER, quoted } from './chart-queries.ts';
import type { DashboardQuestion } from './dashboard.ts';

export function dashboardQueries({ kind, namespace = '', name = '' }: DashboardQuestion): ChartQueries[] {
  switch (kind) {
    case 'malla':
      return [volume('destination_service', 'reporter="source"'), ...quality('reporter="source"')];
    case 'servicio': {
      const service = `destination_service_name=${quoted(name)}, destination_service_namespace=${quoted(namespace)}`;
      const client = `reporter="source", ${service}`;
      return [
        volume('destination_version', client),
        ...quality(client),
        codes(client),
        sources(`reporter="destination", ${service}`),
      ];
    }
    case 'programa': {
      const own = (end: string): string =>
        `${end}_workload=${quoted(name)}, ${end}_workload_namespace=${quoted(namespace)}`;
      const inbound = `reporter="destination", ${own('destination')}`;
      const outbound = `reporter="source", ${own('source')}`;
      return [
        { ...volume('source_workload', inbound), title: 'Peticiones que recibe, por quién llama' },
        ...quality(inbound),
        { ...volume('destination_service', outbound), id: 'salida', title: 'Peticiones que envía, por servicio' },
      ];
    }
  }
}

function volume(label: string, selector: string): ChartQueries {
  const query = `sum by (${label}) (rate(istio_requests_total{${selector}}${OVER}))`;
  const titles: Record<string, string> = { destination_service: 'por servicio', destination_version: 'por versión' };
  const by = titles[label];
  return {
    id: 'peticiones',
    title: by ? `Peticiones ${by}` : 'Peticiones',
    unit: 'peticiones/s',
    queries: [{ title: '', byLabel: label, query }],
  };
}

function quality(selector: string): ChartQueries[] {
  const all = `sum(rate(istio_requests_total{${selector}}${OVER}))`;
  const good = `sum(rate(istio_requests_total{${selector}, response_code!~"5..|0"}${OVER}))`;
  const percentile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${selector}}${OVER})))`;
  return [
    {
      id: 'exito',
      title: 'Respuestas sin error 5xx',
      unit: '%',
      queries: [{ title: 'sin error', query: `100 * ${good} / ${all}` }],
    },
    {
      id: 'latencia',
      title: 'Latencia',
      unit: 'ms',
      queries: [0.5, 0.9, 0.99].map((share) => ({ title: `p${share * 100}`, query: percentile(share) })),
    },
  ];
}

function codes(selector: string): ChartQueries {
  const query = `sum by (response_code) (rate(istio_requests_total{${selector}}${OVER}))`;
  return {
    id: 'codigos',
    title: 'Peticiones por código de respuesta',
    unit: 'peticiones/s',
    queries: [{ title: '', byLabel: 'response_code', query }],
  };
}

function sources(selector: string): ChartQueries {
  const query = `sum by (connection_security_policy) (rate(istio_requests_total{${selector}}${OVER}))`;
  return {
    id: 'seguridad',
    title: 'Peticiones por seguridad de la conexión',
    unit: 'peticiones/s',
    queries: [{ title: '', byLabel: 'connection_security_policy', query }],
  };
}
