// The cluster's own Prometheus, asked through the API server: the same on any cluster, with no port of its own.
import { CodedError } from './coded-error.ts';
import type { KubeClient } from './contract.ts';

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Series {
  labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch, value. */
  points: readonly (readonly [number, number])[];
}

/** A target that Prometheus scrapes, or tries to. */
export interface ScrapeTarget {
  namespace: string;
  pod: string;
  up: boolean;
  error: string;
}

export interface Metrics {
  /** An instant vector, at `time` (seconds since the epoch) or now. Values that are no number are left out. */
  query(expression: string, time?: number): Promise<Sample[]>;
  /** Seconds since the epoch; step in seconds. */
  range(expression: string, from: number, to: number, step: number): Promise<Series[]>;
  /** Values of a label, of all series or of those of a selector: `__name__` gives the metrics there are. */
  labelValues(label: string, selector?: string): Promise<string[]>;
  labelNames(selector: string): Promise<string[]>;
  targets(): Promise<ScrapeTarget[]>;
}

export const prometheusService = { namespace: 'istio-system', name: 'prometheus', port: 9090 };

/** Undefined when the addon is not installed. Its methods reject with ClusterError or CodedError. */
export async function findMetrics(client: KubeClient): Promise<Metrics | undefined> {
  const { namespace, name, port } = prometheusService;
  if (!(await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name }))) return undefined;
  const base = `/api/v1/namespaces/${namespace}/services/http:${name}:${port}/proxy/api/v1`;
  const ask = async (path: string, parameters: Record<string, string>): Promise<unknown> => {
    const answer = (await client.raw(`${base}/${path}?${new URLSearchParams(parameters)}`)) as Answer;
    if (answer?.status === 'success') return answer.data;
    throw notPrometheus(answer?.error);
  };
  const resultOf = async (path: string, parameters: Record<string, string>): Promise<Result> => {
    const data = (await ask(path, parameters)) as Result | undefined;
    if (Array.isArray(data?.result)) return data;
    throw notPrometheus(undefined);
  };
  const names = async (path: string, selector: string | undefined): Promise<string[]> => {
    const data = await ask(path, selector === undefined ? {} : { 'match[]': selector });
    return Array.isArray(data) ? data.filter((v) => typeof v === 'string') : [];
  };
  return {
    async query(expression, time) {
      const when: Record<string, string> = time === undefined ? {} : { time: String(time) };
      const { resultType, result } = await resultOf('query', { ...when, query: expression });
      if (resultType === 'scalar') return finite({}, Number(result[1]));
      const vector = result as { metric: Labels; value?: [number, string] }[];
      return vector.flatMap(({ metric, value }) => (value ? finite(metric, Number(value[1])) : []));
    },
    async range(expression, from, to, step) {
      const parameters = { query: expression, start: String(from), end: String(to), step: String(step) };
      const { result } = await resultOf('query_range', parameters);
      return (result as { metric: Labels; values: [number, string][] }[]).map(({ metric, values }) => ({
        labels: metric,
        points: values
          .map(([time, value]) => [time, Number(value)] as const)
          .filter(([, value]) => Number.isFinite(value)),
      }));
    },
    labelValues: (label, selector) => names(`label/${encodeURIComponent(label)}/values`, selector),
    labelNames: (selector) => names('labels', selector),
    async targets() {
      const data = (await ask('targets', { state: 'active' })) as { activeTargets?: Target[] } | undefined;
      return (data?.activeTargets ?? []).map(({ labels = {}, health, lastError = '' }) => ({
        namespace: labels.namespace ?? '',
        pod: labels.pod ?? '',
        up: health !== 'down',
        error: lastError,
      }));
    },
  };
}

function finite(labels: Labels, value: number): Sample[] {
  return Number.isFinite(value) ? [{ labels, value }] : [];
}

function notPrometheus(error: string | undefined): CodedError {
  return new CodedError({
    code: 'MALLA-VIS-06',
    happened: `Prometheus no ha entendido la consulta: ${error ?? 'respuesta inesperada'}`,
    expected: 'Un Prometheus que responda en su API de siempre (/api/v1).',
    todo: 'Comprueba que el servicio prometheus de istio-system es el del addon de Istio.',
  });
}

type Labels = Record<string, string>;
interface Answer {
  status?: string;
  error?: string;
  data?: unknown;
}
interface Result {
  resultType?: string;
  result: unknown[];
}
interface Target {
  labels?: Labels;
  health?: string;
  lastError?: string;
}
