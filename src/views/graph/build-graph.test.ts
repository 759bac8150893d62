import { describe, expect, test } from 'vitest';
import type { Sample } from '../../cluster/prometheus.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { buildGraph, type GraphSamples } from './build-graph.ts';

function pod(
  workload: string,
  { sidecar = true, labels = {} }: { sidecar?: boolean; labels?: Record<string, string> } = {},
): KubeObject {
  const [app = workload, version = 'v1'] = workload.split(/-(?=v\d)/);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${workload}-abc-1`,
      namespace: 'default',
      labels: { app, version, 'pod-template-hash': 'abc', ...labels },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${workload}-abc`, uid: 'u', controller: true },
      ],
    },
    spec: { containers: [{ name: app }, ...(sidecar ? [{ name: 'istio-proxy', args: ['proxy', 'sidecar'] }] : [])] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

const objects = ['productpage-v1', 'reviews-v1', 'reviews-v3', 'ratings-v1'].map((w) => pod(w));

function call(from: string, to: string, value: number, extra: Record<string, string> = {}): Sample {
  const service = to.split('-v')[0] ?? to;
  const labels = {
    source_workload: from,
    source_workload_namespace: 'default',
    destination_workload: to,
    destination_workload_namespace: 'default',
    destination_service_name: service,
    destination_service_namespace: 'default',
    request_protocol: 'http',
    response_code: '200',
    ...extra,
  };
  return { labels, value };
}

function graphOf(samples: Partial<GraphSamples>) {
  const none = { client: [], server: [], tcp: [], mutual: [], received: [], recent: [], p50: [], p95: [], p99: [] };
  return buildGraph({ objects, traffic: 'con-metricas', samples: { ...none, ...samples }, window: 60 });
}

const edgeTo = (graph: ReturnType<typeof graphOf>, to: string) => graph.edges.find((e) => e.to === `default/${to}`);

describe('the graph', () => {
  test('adds up the answers of an edge and tells which failed', () => {
    const graph = graphOf({
      client: [
        call('productpage-v1', 'reviews-v1', 9),
        call('productpage-v1', 'reviews-v1', 1, { response_code: '503' }),
      ],
    });
    expect(edgeTo(graph, 'reviews-v1')).toMatchObject({
      from: 'default/productpage-v1',
      rate: 10,
      errors: 0.1,
      state: 'activa',
    });
    expect(graph.nodes.find((n) => n.workload === 'reviews-v1')).toMatchObject({
      rate: 10,
      errors: 0.1,
      ready: 1,
      version: 'v1',
    });
  });

  test('locks an edge by what its server saw', () => {
    const graph = graphOf({
      client: [call('productpage-v1', 'reviews-v1', 4)],
      received: [call('productpage-v1', 'reviews-v1', 4)],
      mutual: [call('productpage-v1', 'reviews-v1', 1)],
    });
    expect(edgeTo(graph, 'reviews-v1')?.mtls).toBe(0.25);
  });

  test('a client without sidecar is one node outside', () => {
    const server = [call('unknown', 'ratings-v1', 2, { source_workload_namespace: 'unknown' })];
    expect(edgeTo(graphOf({ server }), 'ratings-v1')).toMatchObject({ from: 'fuera/sin sidecar', rate: 2 });
  });

  test('a reply of the client proxy ends at the service', () => {
    const client = [
      call('productpage-v1', 'unknown', 1, {
        destination_service_name: 'reviews',
        response_code: '503',
        destination_workload_namespace: 'unknown',
      }),
    ];
    expect(graphOf({ client }).edges[0]).toMatchObject({ to: 'default/servicio reviews', errors: 1 });
  });

  test('an edge without traffic now is idle, and dead when its end is gone', () => {
    const recent = [call('productpage-v1', 'reviews-v3', 30), call('productpage-v1', 'reviews-v2', 30)];
    const graph = graphOf({ recent });
    expect(edgeTo(graph, 'reviews-v3')?.state).toBe('parada');
    expect(edgeTo(graph, 'reviews-v2')?.state).toBe('muerta');
  });

  test('without Prometheus it shows the workloads of the mesh', () => {
    const graph = buildGraph({
      objects: [...objects, pod('old', { sidecar: false })],
      traffic: 'sin-metricas',
      samples: undefined,
      window: 60,
    });
    expect(graph.traffic).toBe('sin-metricas');
    expect(graph.nodes.map((n) => n.workload)).toEqual(['productpage-v1', 'ratings-v1', 'reviews-v1', 'reviews-v3']);
  });
});
