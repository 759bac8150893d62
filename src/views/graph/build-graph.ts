// From the answers of Prometheus and the cluster's pods to the graph.

import type { Sample } from '../../cluster/prometheus.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { TrafficSource } from '../metrics/traffic-source.ts';
import type { GraphEdge, GraphNode, MeshGraph } from './mesh-graph.ts';
import { node, OUTSIDE, serviceNode, workloadNodes } from './workloads.ts';

/** One answer for each of graphQueries. */
export interface GraphSamples {
  client: readonly Sample[];
  server: readonly Sample[];
  tcp: readonly Sample[];
  mutual: readonly Sample[];
  received: readonly Sample[];
  recent: readonly Sample[];
  p50: readonly Sample[];
  p95: readonly Sample[];
  p99: readonly Sample[];
}

export interface GraphInput {
  objects: readonly KubeObject[];
  traffic: TrafficSource;
  /** Undefined: there are none. */
  samples: GraphSamples | undefined;
  window: number;
  namespace?: string | undefined;
}

export function buildGraph({ objects, traffic, samples, window, namespace }: GraphInput): MeshGraph {
  const nodes = workloadNodes(objects, namespace);
  const edges = new Map<string, GraphEdge & { failed: number }>();
  if (samples) {
    for (const sample of [...samples.client, ...samples.server]) addTraffic(nodes, edges, sample);
    for (const sample of samples.tcp) addTraffic(nodes, edges, sample);
    for (const sample of samples.recent) addTraffic(nodes, edges, { ...sample, value: 0 });
    addSecurity(edges, samples);
    for (const quantile of ['p50', 'p95', 'p99'] as const) addLatency(edges, quantile, samples[quantile]);
  }
  const wanted = [...edges.values()].filter(
    ({ from, to }) => namespace === undefined || [from, to].some((id) => id.startsWith(`${namespace}/`)),
  );
  const drawn = wanted.map(({ failed, ...edge }) => settle(edge, failed, nodes));
  countArrivals(nodes, wanted);
  const touched = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const shown = [...nodes.values()].filter((n) => touched.has(n.id) || n.meshed > 0);
  return {
    nodes: shown.sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: drawn.sort((a, b) => (keyOf(a.from, a.to) < keyOf(b.from, b.to) ? -1 : 1)),
    window,
    traffic,
  };
}

type Edges = Map<string, GraphEdge & { failed: number }>;

function addTraffic(nodes: Map<string, GraphNode>, edges: Edges, { labels, value }: Sample): void {
  const from = endNode(nodes, labels, 'source');
  const to = endNode(nodes, labels, 'destination');
  const protocol = labels.request_protocol === 'grpc' ? 'grpc' : labels.request_protocol === 'tcp' ? 'tcp' : 'http';
  const key = keyOf(from, to);
  const edge = edges.get(key) ?? { from, to, services: [], protocol, rate: 0, errors: 0, failed: 0, state: 'activa' };
  edges.set(key, edge);
  const service = `${labels.destination_service_name}.${labels.destination_service_namespace}`;
  if (!edge.services.includes(service)) edge.services.push(service);
  edge.rate += value;
  if (isError(labels.response_code)) edge.failed += value;
}

/** Replies of the client's proxy have no destination workload: they end at the service. */
function endNode(nodes: Map<string, GraphNode>, labels: Sample['labels'], end: 'source' | 'destination'): string {
  const workload = labels[`${end}_workload`] ?? 'unknown';
  const namespace = labels[`${end}_workload_namespace`] ?? 'unknown';
  if (workload !== 'unknown') {
    const known = nodes.get(`${namespace}/${workload}`);
    if (known) return known.id;
    const app = labels[`${end}_canonical_service`] ?? workload;
    const version = labels[`${end}_canonical_revision`] ?? 'latest';
    if (namespace === OUTSIDE) return added(nodes, outsider(workload));
    return added(nodes, node({ namespace, workload, app, version, kind: 'programa' }));
  }
  if (end === 'source') {
    return added(nodes, outsider('sin sidecar'));
  }
  const { destination_service_name: name = '?', destination_service_namespace: place = '?' } = labels;
  return added(nodes, serviceNode(place, name));
}

function outsider(workload: string): GraphNode {
  return node({ namespace: OUTSIDE, workload, app: workload, version: '', kind: 'fuera' });
}

function added(nodes: Map<string, GraphNode>, fresh: GraphNode): string {
  if (!nodes.has(fresh.id)) nodes.set(fresh.id, fresh);
  return fresh.id;
}

function addSecurity(edges: Edges, { mutual, received }: GraphSamples): void {
  const safe = new Map(mutual.map((s) => [pairOf(s), s.value]));
  for (const sample of received) {
    const edge = edges.get(pairOf(sample));
    if (edge && sample.value > 0) edge.mtls = Math.min(1, (safe.get(pairOf(sample)) ?? 0) / sample.value);
  }
}

function addLatency(edges: Edges, quantile: 'p50' | 'p95' | 'p99', samples: readonly Sample[]): void {
  for (const sample of samples) {
    const edge = edges.get(pairOf(sample));
    if (edge) edge[quantile] = sample.value;
  }
}

function settle(edge: GraphEdge, failed: number, nodes: ReadonlyMap<string, GraphNode>): GraphEdge {
  const errors = edge.rate > 0 ? failed / edge.rate : 0;
  if (edge.rate > 0) return { ...edge, errors };
  const gone = [edge.from, edge.to].some((id) => nodes.get(id)?.kind === 'programa' && nodes.get(id)?.pods === 0);
  return { ...edge, errors, state: gone ? 'muerta' : 'parada' };
}

function countArrivals(nodes: ReadonlyMap<string, GraphNode>, edges: Iterable<GraphEdge & { failed: number }>): void {
  const failed = new Map<string, number>();
  for (const edge of edges) {
    const node = nodes.get(edge.to);
    if (!node || edge.protocol === 'tcp') continue;
    node.rate += edge.rate;
    failed.set(edge.to, (failed.get(edge.to) ?? 0) + edge.failed);
  }
  for (const [id, count] of failed) {
    const node = nodes.get(id);
    if (node && node.rate > 0) node.errors = count / node.rate;
  }
}

function isError(code: string | undefined): boolean {
  return code === '0' || (code?.startsWith('5') ?? false);
}

function pairOf({ labels }: Sample): string {
  const id = (end: string): string => `${labels[`${end}_workload_namespace`]}/${labels[`${end}_workload`]}`;
  const from = labels.source_workload === 'unknown' ? 'fuera/sin sidecar' : id('source');
  return keyOf(from, id('destination'));
}

function keyOf(from: string, to: string): string {
  return `${from} → ${to}`;
}
