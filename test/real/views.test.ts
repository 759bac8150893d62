// The views on a real cluster with its own Prometheus and Jaeger (MALLA_REAL_KUBECONFIG), which are only read: what they show is what
// those say. Where Grafana and Kiali are not installed, MALLA_REAL_PAGE_IMAGE names an image of the nodes that has busybox in it, which
// stands in for both while the test runs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { chosenAddons, openPage } from '../../src/cluster/istio-setup/addons.ts';
import { findJaeger } from '../../src/cluster/jaeger.ts';
import { readKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { findMetrics, type Metrics } from '../../src/cluster/prometheus.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import type { MeshGraph } from '../../src/views/graph/mesh-graph.ts';
import { createViews } from '../../src/views/views.ts';
import { realPlace } from './support/places.ts';

const kubeconfig = process.env.MALLA_REAL_KUBECONFIG ?? '';
const image = process.env.MALLA_REAL_PAGE_IMAGE ?? '';
if (!kubeconfig) console.warn('MALLA_REAL_KUBECONFIG is not set: no views of a real cluster.');

/** Two scrapes of Istio's own addon, and a rate over a minute moves meanwhile. */
const ALIKE = 0.5;

describe.runIf(kubeconfig)('the views of a real cluster', () => {
  let client: KubeClient;
  let metrics: Metrics | undefined;
  let views: ReturnType<typeof createViews>;
  beforeAll(async () => {
    client = connect(kubeconfig);
    metrics = await findMetrics(client);
    const { cluster } = await realPlace(['kubeadm'], kubeconfig);
    views = createViews({ cluster, random: Math.random, now: Date.now });
  });

  test('the graph says where its traffic is from, and has none where there is none', async ({ skip }) => {
    if (!metrics) return skip('no Prometheus in istio-system');
    const graph = await views.graph({});
    const made = await numberOf(metrics, 'count(istio_requests_total)');
    const counted = await numberOf(
      metrics,
      'count(envoy_cluster_upstream_rq_total{cluster_name=~"(outbound|inbound)[|].*"})',
    );
    if (made > 0) expect(graph.traffic).toBe('con-metricas');
    else if (counted > 0) expect(graph.traffic).toBe('solo-envoy');
    else expect(['sin-trafico', 'sin-contar', 'sin-recoger']).toContain(graph.traffic);
    if (made === 0 && counted === 0) expect(graph.edges).toEqual([]);
    expect(graph.nodes.length).toBeGreaterThan(0);
  });

  test('the traffic that it draws is that of Prometheus at that time', async ({ skip }) => {
    if (!metrics) return skip('no Prometheus in istio-system');
    const graph = await views.graph({});
    const busiest = graph.edges.filter(isCall).toSorted((a, b) => b.rate - a.rate)[0];
    if (!busiest) return skip('nobody sends anything now');
    const told = await numberOf(metrics, rateOf(graph, busiest));
    expect(busiest.rate).toBeGreaterThan(told * (1 - ALIKE));
    expect(busiest.rate).toBeLessThan(told * (1 + ALIKE));
  });

  test('the dashboards ask only what a real Prometheus understands', async ({ skip }) => {
    if (!metrics) return skip('no Prometheus in istio-system');
    const mesh = await views.dashboard({ kind: 'malla', minutes: 5 });
    const [service] = mesh.services;
    const [workload] = mesh.workloads;
    const others = [
      ...(service ? [await views.dashboard({ kind: 'servicio', minutes: 5, ...service })] : []),
      ...(workload ? [await views.dashboard({ kind: 'programa', minutes: 5, ...workload })] : []),
    ];
    for (const { charts, traffic } of [mesh, ...others]) {
      expect(traffic).toBe((await views.graph({})).traffic);
      for (const { query } of charts.flatMap((chart) => chart.series)) await metrics.query(query);
    }
  });

  test('a trace has the spans that Jaeger has of it, from its first proxy on', async ({ skip }) => {
    const jaeger = await findJaeger(client);
    if (!jaeger) return skip('no Jaeger in istio-system');
    const { traces, services } = await views.traces({ minutes: 60, limit: 20 });
    const longest = traces.toSorted((a, b) => b.spans - a.spans)[0];
    if (!longest) return skip('no traces in the last hour');
    const [tree, own] = await Promise.all([views.trace({ id: longest.id }), jaeger.trace(longest.id)]);
    expect(tree.spans).toHaveLength(own?.spans.length ?? 0);
    expect(tree.spans[0]).toMatchObject({ depth: 0, operation: longest.operation });
    expect(services).toContain(longest.service);
  });

  test('a request of somebody in the mesh is explained up to its pod', async () => {
    const { clients, hosts } = await views.explainChoices({});
    const [host] = hosts.filter(({ ports }) => ports.length > 0);
    const [from] = clients.filter(({ gateway }) => !gateway);
    expect([from, host]).not.toContain(undefined);
    const explained = await views.explain({
      client: from?.id ?? '',
      host: host?.host ?? '',
      port: host?.ports[0] ?? 0,
      method: 'GET',
      path: '/',
      headers: {},
    });
    expect(JSON.stringify(explained)).toContain(host?.host.split('.')[0] ?? '-');
  });

  describe('Grafana and Kiali', () => {
    const stop = new AbortController();
    const made: KubeObject[] = [];
    const pages = [
      { name: 'grafana', port: 3000 },
      { name: 'kiali', port: 20_001 },
    ];
    beforeAll(async () => {
      if (!image) return;
      for (const { name, port } of pages) {
        const service = { apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name };
        if (await client.get(service)) continue;
        for (const object of standIn(name, port)) {
          await client.apply(object, 'malla');
          made.push(object);
        }
      }
    });
    afterAll(async () => {
      stop.abort();
      for (const { apiVersion, kind, metadata } of made)
        await client.remove({ apiVersion, kind, name: metadata.name, namespace: 'istio-system' });
    });

    test.for(pages)('the page of $name opens on this machine', async ({ name }, { skip }) => {
      const there = await client.get({ apiVersion: 'v1', kind: 'Service', namespace: 'istio-system', name });
      if (!there) return skip(`no ${name}`);
      const [addon] = chosenAddons([name]);
      if (!addon) throw new Error(`no addon ${name}`);
      const way = await readKubeconfig(kubeconfig);
      await expect
        .poll(
          async () => {
            const { url } = await openPage(addon, client, way, stop.signal);
            expect(new URL(url).hostname).toBe('127.0.0.1');
            return (await fetch(url).catch(() => undefined))?.status ?? 0;
          },
          { timeout: 120_000, interval: 2_000 },
        )
        // A stand-in does not know the paths of what it stands for.
        .toSatisfy((status: number) => status === 200 || status === 404);
    });
  });
});

function isCall({ rate, protocol, from }: MeshGraph['edges'][number]): boolean {
  return rate > 0 && protocol !== 'tcp' && !from.startsWith('fuera/') && !from.includes('/servicio ');
}

/** The same edge as a query of its own, written apart from those of the views. */
function rateOf({ traffic, window }: MeshGraph, { from, services }: MeshGraph['edges'][number]): string {
  const [namespace, workload] = from.split('/');
  const over = `[${window}s]`;
  if (traffic === 'con-metricas') {
    const source = `reporter="source", source_workload="${workload}", source_workload_namespace="${namespace}"`;
    const [name, of] = (services[0] ?? '').split('.');
    const to = `destination_service_name="${name}", destination_service_namespace="${of}"`;
    return `sum(rate(istio_requests_total{${source}, ${to}}${over}))`;
  }
  const cluster = `cluster_name=~"outbound[|].*[|]${services[0]?.replaceAll('.', '[.]')}[.].*"`;
  return `sum(rate(envoy_cluster_upstream_rq_total{namespace="${namespace}", pod=~"${workload}-.*", ${cluster}}${over}))`;
}

async function numberOf(metrics: Metrics, query: string): Promise<number> {
  return (await metrics.query(query))[0]?.value ?? 0;
}

/** Found as the addon is: by the label and the port of its pods. */
function standIn(name: string, port: number): KubeObject[] {
  const metadata = { name, namespace: 'istio-system', labels: { 'app.kubernetes.io/managed-by': 'malla' } };
  const labels = { app: name, 'app.kubernetes.io/name': name, 'sidecar.istio.io/inject': 'false' };
  const command = ['busybox', 'httpd', '-f', '-p', String(port)];
  const containers = [{ name: 'pagina', image, imagePullPolicy: 'IfNotPresent', command }];
  const spec = { terminationGracePeriodSeconds: 0, containers };
  const template = { metadata: { labels }, spec };
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port }] } },
  ];
}
