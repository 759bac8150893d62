// The cluster's own Jaeger, asked through the API server: its query API as its page uses it.

import { ClusterError } from './cluster-error.ts';
import type { KubeClient } from './contract.ts';

export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references?: { refType: string; spanID: string }[];
  /** Microseconds since the epoch. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags?: { key: string; value: unknown }[];
  processID: string;
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string }>;
}

export interface Jaeger {
  services(): Promise<string[]>;
  /** Newest first, as Jaeger gives them. */
  traces(parameters: Record<string, string>): Promise<JaegerTrace[]>;
  /** Undefined when it has no such trace. */
  trace(id: string): Promise<JaegerTrace | undefined>;
}

/** Undefined when the addon is not installed. Its methods reject with ClusterError. */
export async function findJaeger(client: KubeClient): Promise<Jaeger | undefined> {
  if (!(await client.get({ apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name: 'tracing' })))
    return undefined;
  const base = '/api/v1/namespaces/istio-system/services/http:tracing:80/proxy/jaeger/api';
  const data = async (path: string): Promise<unknown[]> => {
    const { data = [] } = ((await client.raw(`${base}/${path}`)) ?? {}) as { data?: unknown[] | null };
    return data ?? [];
  };
  return {
    services: async () => ((await data('services')) as string[]).toSorted(),
    traces: async (parameters) => (await data(`traces?${new URLSearchParams(parameters)}`)) as JaegerTrace[],
    async trace(id) {
      try {
        const [found] = (await data(`traces/${encodeURIComponent(id)}`)) as JaegerTrace[];
        return found;
      } catch (error) {
        if (error instanceof ClusterError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}
