// The cluster's own Prometheus, asked through the API server: the same on any cluster, with no port of its own.
import { CodedError } from '../../cluster/coded-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Series {
  labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch, value. */
  points: readonly (readonly [number, number])[];
}

export interface Metrics {
  /** An instant vector, now. Values that are no number are left out. */
  query(expression: string): Promise<Sample[]>;
  /** Seconds since the epoch; step in seconds. */
  range(expression: string, from: number, to: number, step: number): Promise<Series[]>;
}

const service = { namespace: 'istio-system', name: 'prometheus', port: 9090 };

/** Undefined when the addon is not installed. Its methods reject with ClusterError or CodedError. */
export async function findMetrics(client: KubeClient): Promise<Metrics | undefined> {
  const { namespace, name, port } = service;
  if (!(await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name }))) return undefined;
  const base = `/api/v1/namespaces/${namespace}/services/http:${name}:${port}/proxy/api/v1`;
  const ask = async (path: string, parameters: Record<string, string>): Promise<unknown[]> => {
    const answer = (await client.raw(`${base}/${path}?${new URLSearchParams(parameters)}`)) as Answer;
    if (answer?.status === 'success' && Array.isArray(answer.data?.result)) return answer.data.result;
    throw new CodedError({
      code: 'MALLA-VIS-06',
      happened: `Prometheus no ha entendido la consulta: ${answer?.error ?? 'respuesta inesperada'}`,
      expected: 'Un Prometheus que responda en su API de siempre (/api/v1).',
      todo: 'Comprueba que el servicio prometheus de istio-system es el del addon de Istio.',
    });
  };
  return {
    async query(expression) {
      const results = (await ask('query', { query: expression })) as { metric: Labels; value: [number, string] }[];
      return results.flatMap(({ metric, value }) => {
        const number = Number(value[1]);
        return Number.isFinite(number) ? [{ labels: metric, value: number }] : [];
      });
    },
    async range(expression, from, to, step) {
      const parameters = { query: expression, start: String(from), end: String(to), step: String(step) };
      const results = (await ask('query_range', parameters)) as { metric: Labels; values: [number, string][] }[];
      return results.map(({ metric, values }) => ({
        labels: metric,
        points: values
          .map(([time, value]) => [time, Number(value)] as const)
          .filter(([, value]) => Number.isFinite(value)),
      }));
    },
  };
}

type Labels = Record<string, string>;
interface Answer {
  status?: string;
  error?: string;
  data?: { result?: unknown[] };
}
