// The graph of a cluster now.
import type { KubeClient } from '../../cluster/contract.ts';
import { findMetrics } from '../../cluster/prometheus.ts';
import { buildGraph, type GraphSamples } from './build-graph.ts';
import { graphQueries } from './graph-queries.ts';
import type { GraphQuestion, MeshGraph } from './mesh-graph.ts';

/** Prometheus' addon scrapes every 15 s and a rate needs two samples. */
const WINDOW = 60;

/** Rejects with ClusterError or CodedError. */
export async function readGraph(client: KubeClient, { namespace }: GraphQuestion): Promise<MeshGraph> {
  const [objects, metrics] = await Promise.all([client.list({ apiVersion: 'v1', kind: 'Pod' }), findMetrics(client)]);
  if (!metrics) return buildGraph({ objects, samples: undefined, window: WINDOW, namespace });
  const { latency, ...queries } = graphQueries(WINDOW);
  const expressions = { ...queries, p50: latency(0.5), p95: latency(0.95), p99: latency(0.99) };
  const answers = Object.entries(expressions).map(async ([name, text]) => [name, await metrics.query(text)] as const);
  const samples = Object.fromEntries(await Promise.all(answers)) as unknown as GraphSamples;
  return buildGraph({ objects, samples, window: WINDOW, namespace });
}
