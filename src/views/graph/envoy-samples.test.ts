import { expect, test } from 'vitest';
import type { Sample } from '../../cluster/prometheus.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { buildGraph } from './build-graph.ts';
import { type EnvoyAnswers, envoySamples } from './envoy-samples.ts';

function pod(app: string, version = 'v1'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${version}-abc-1`,
      namespace: 'default',
      labels: { app, version, 'pod-template-hash': 'abc' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${version}-abc`, uid: 'u', controller: true },
      ],
    },
    spec: { containers: [{ name: app }, { name: 'istio-proxy', args: ['proxy', 'sidecar'] }] },
  };
}

function service(name: string): KubeObject {
  const spec = { selector: { app: name }, ports: [{ name: 'http', port: 9080 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

const objects = [
  pod('productpage'),
  pod('details'),
  pod('reviews', 'v1'),
  pod('reviews', 'v2'),
  ...['productpage', 'details', 'reviews'].map(service),
];

/** `to`: a Service's name for what a client counts, undefined for what a server does. */
const counter = (podName: string, to: string | undefined, value: number, subset = ''): Sample => ({
  labels: {
    namespace: 'default',
    pod: `${podName}-abc-1`,
    cluster_name: to === undefined ? 'inbound|9080||;' : `outbound|9080|${subset}|${to}.default.svc.cluster.local;`,
  },
  value,
});

function graphOf(answers: Partial<EnvoyAnswers>) {
  const samples = envoySamples({ all: [], failed: [], recent: [], ...answers }, objects);
  return buildGraph({ objects, traffic: 'solo-envoy', samples, window: 60 });
}

test('a Service with one workload stands for it, and its errors are counted', () => {
  const { edges } = graphOf({
    all: [counter('productpage-v1', 'details', 10), counter('details-v1', undefined, 10)],
    failed: [counter('productpage-v1', 'details', 1)],
  });
  expect(edges).toHaveLength(1);
  expect(edges[0]).toMatchObject({ from: 'default/productpage-v1', to: 'default/details-v1', rate: 10, errors: 0.1 });
});

test('a Service with several workloads is a node between them and who calls it', () => {
  const graph = graphOf({
    all: [
      counter('productpage-v1', 'reviews', 6, 'v1'),
      counter('productpage-v1', 'reviews', 3),
      counter('reviews-v1', undefined, 6),
      counter('reviews-v2', undefined, 3),
    ],
  });
  expect(graph.edges.map(({ from, to, rate }) => [from, to, rate])).toEqual([
    ['default/productpage-v1', 'default/servicio reviews', 9],
    ['default/servicio reviews', 'default/reviews-v1', 6],
    ['default/servicio reviews', 'default/reviews-v2', 3],
  ]);
  expect(graph.nodes.find((n) => n.id === 'default/servicio reviews')).toMatchObject({ kind: 'servicio', rate: 9 });
});

test('what comes to a workload that no counting proxy calls has an unknown origin', () => {
  const [edge] = graphOf({ all: [counter('details-v1', undefined, 2)] }).edges;
  expect(edge).toMatchObject({ from: 'fuera/origen desconocido', to: 'default/details-v1', rate: 2 });
});

test('traffic of the last hour is an idle edge', () => {
  const [edge] = graphOf({ recent: [counter('productpage-v1', 'details', 50)] }).edges;
  expect(edge).toMatchObject({ to: 'default/details-v1', rate: 0, state: 'parada' });
});

test('counters of pods that are gone, and of clusters that are no destination, are left out', () => {
  const own: Sample = {
    labels: { namespace: 'default', pod: 'details-v1-abc-1', cluster_name: 'xds-grpc;' },
    value: 1,
  };
  expect(graphOf({ all: [counter('old-v1', 'details', 5), own] }).edges).toEqual([]);
});

test('a host outside the cluster is a node outside', () => {
  const [edge] = graphOf({
    all: [
      {
        labels: { namespace: 'default', pod: 'details-v1-abc-1', cluster_name: 'outbound|443||www.example.com;' },
        value: 1,
      },
    ],
  }).edges;
  expect(edge?.to).toBe('fuera/servicio www.example.com');
});
