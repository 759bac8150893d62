// The graph of a cluster now.
import type { KubeClient } from '../../cluster/contract.ts';
import { findMetrics, type Metrics, type Sample } from '../../cluster/prometheus.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { type TrafficSource, trafficSource } from '../metrics/traffic-source.ts';
import { buildGraph, type GraphSamples } from './build-graph.ts';
import { envoyQueries } from './envoy-queries.ts';
import { envoySamples } from './envoy-samples.ts';
import { graphQueries } from './graph-queries.ts';
import type { GraphQuestion, MeshGraph } from './mesh-graph.ts';

/** Prometheus' addon scrapes every 15 s and a rate needs two samples. */
const WINDOW = 60;

/** Rejects with ClusterError or CodedError. */
export async function readGraph(client: KubeClient, { namespace }: GraphQuestion): Promise<MeshGraph> {
  const [objects, metrics] = await Promise.all([client.list({ apiVersion: 'v1', kind: 'Pod' }), findMetrics(client)]);
  const { traffic, samples } = metrics ? await read(metrics, objects, client) : NO_METRICS;
  return buildGraph({ objects, traffic, samples, window: WINDOW, namespace });
}

interface Read {
  traffic: TrafficSource;
  samples: GraphSamples | undefined;
}

const NO_METRICS: Read = { traffic: 'sin-metricas', samples: undefined };

async function read(metrics: Metrics, pods: readonly KubeObject[], client: KubeClient): Promise<Read> {
  const { latency, ...queries } = graphQueries(WINDOW);
  const samples: GraphSamples = await askAll(metrics, {
    ...queries,
    p50: latency(0.5),
    p95: latency(0.95),
    p99: latency(0.99),
  });
  const { client: called, server, tcp, recent } = samples;
  if ([called, server, tcp, recent].some((found) => found.length > 0)) return { traffic: 'con-metricas', samples };
  const traffic = await trafficSource(metrics);
  if (traffic !== 'solo-envoy') return { traffic, samples };
  const [answers, services] = await Promise.all([
    askAll(metrics, envoyQueries(WINDOW)),
    client.list({ apiVersion: 'v1', kind: 'Service' }),
  ]);
  return { traffic, samples: envoySamples(answers, [...pods, ...services]) };
}

async function askAll<Names extends string>(
  metrics: Metrics,
  queries: Record<Names, string>,
): Promise<Record<Names, Sample[]>> {
  const asked = Object.entries<string>(queries).map(async ([name, text]) => [name, await metrics.query(text)] as const);
  return Object.fromEntries(await Promise.all(asked)) as Record<Names, Sample[]>;
}
