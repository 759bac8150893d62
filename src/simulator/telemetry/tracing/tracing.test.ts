import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openGateway, pod, seeded, service, subsets, virtualService } from '../../../mesh/fixtures.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { HttpRequest } from '../../contract.ts';
import {
  createFakeCluster,
  type FakeCluster,
  ingressPod,
  istiod,
  meshConfig,
} from '../../dataplane/fixtures/small-cluster.ts';

interface Trace {
  traceID: string;
  spans: {
    spanID: string;
    operationName: string;
    processID: string;
    references: { spanID: string }[];
    tags: { key: string; value: unknown }[];
  }[];
  processes: Record<string, { serviceName: string }>;
}

const providers = `
extensionProviders:
- name: jaeger
  opentelemetry: { service: jaeger-collector.istio-system.svc.cluster.local, port: 4317 }
- name: zipkin
  zipkin: { service: zipkin.istio-system.svc.cluster.local, port: 9411 }
`;
const curl = pod('curl', { app: 'curl' });
const jaeger = pod('jaeger-1', { app: 'jaeger' }, { spec: { containers: [{ name: 'jaeger' }] } }, 'istio-system');

function telemetry(tracing: object, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'mesh-default', namespace: 'istio-system', ...metadata },
    spec: { tracing: [tracing] },
  };
}

function collectorService(name: string, ports: number[]): KubeObject {
  const spec = {
    selector: { app: 'jaeger' },
    ports: ports.map((port) => ({ name: `p${port}`, port, targetPort: port })),
  };
  return { ...service(name, 80), metadata: { name, namespace: 'istio-system' }, spec };
}

let cluster: FakeCluster;

beforeEach(() => {
  cluster = createFakeCluster({ tracing: true, random: seeded(7).random });
  cluster.put(meshConfig(providers), openGateway());
  cluster.put(
    collectorService('jaeger-collector', [4317]),
    collectorService('zipkin', [9411]),
    collectorService('tracing', [16686]),
  );
  cluster.run(istiod(), 'curl');
  cluster.run(curl, 'curl');
  cluster.run(jaeger, 'docker.io/jaegertracing/jaeger:2.14.0');
  for (const app of ['details', 'ratings', 'reviews', 'productpage']) cluster.put(service(app, 9080));
  for (const name of ['details-v1', 'ratings-v1', 'reviews-v2'])
    cluster.run(pod(name, { app: name.slice(0, -3), version: name.slice(-2) }), `examples-bookinfo-${name}`);
  cluster.put(
    subsets('reviews', 'v2'),
    virtualService('reviews', {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews', subset: 'v2' } }] }],
    }),
  );
  runProductpage('examples-bookinfo-productpage-v1');
});
afterEach(() => cluster.dataplane.stop());

function runProductpage(image: string): void {
  cluster.run(pod('productpage-v1', { app: 'productpage', version: 'v1' }), image);
  cluster.clock.settle();
}

function trace(policy: object, metadata?: Partial<KubeObject['metadata']>): void {
  cluster.put(telemetry(policy, metadata));
  cluster.clock.settle();
}

const page = (options: Partial<HttpRequest> = {}) => cluster.call(curl, 'http://productpage:9080/productpage', options);

async function tracesOf(name: string): Promise<Trace[]> {
  const path = `/jaeger/api/traces?service=${name}&lookback=1h&limit=100`;
  const reply = await cluster.call(
    curl,
    `http://${jaeger.status ? (jaeger.status as { podIP: string }).podIP : ''}:16686${path}`,
  );
  return (JSON.parse(String(reply.body)) as { data: Trace[] }).data;
}

const servicesOf = ({ processes }: Trace) =>
  Object.values(processes)
    .map((p) => p.serviceName)
    .sort();
const every = { providers: [{ name: 'jaeger' }], randomSamplingPercentage: 100 };

test('nobody traces until a Telemetry names a provider', async () => {
  await page();
  expect(cluster.records.every((r) => r.trace === undefined)).toBe(true);
  expect(cluster.records.some((r) => r.request?.headers.traceparent)).toBe(false);
});

describe('with every request sampled', () => {
  test('a page is one whole trace: two spans for each hop, each under the one that caused it', async () => {
    trace(every);
    await page();
    const hops = cluster.records.length;
    const [found, ...others] = await tracesOf('productpage.default');
    expect(others).toEqual([]);
    expect(found && servicesOf(found)).toEqual([
      'curl.default',
      'details.default',
      'productpage.default',
      'ratings.default',
      'reviews.default',
    ]);
    const spans = found?.spans ?? [];
    expect(spans).toHaveLength(hops);
    const ids = new Set(spans.map((s) => s.spanID));
    expect(spans.filter((s) => !ids.has(s.references[0]?.spanID ?? ''))).toHaveLength(1);
  });

  test('a gateway tells what it was asked and, under it, what it sent on', async () => {
    trace(every);
    cluster.put(
      virtualService('bookinfo', {
        hosts: ['*'],
        gateways: ['bookinfo-gateway'],
        http: [
          { match: [{ uri: { prefix: '/gone' } }], directResponse: { status: 410 } },
          { route: [{ destination: { host: 'productpage', port: { number: 9080 } } }] },
        ],
      }),
    );
    cluster.run(ingressPod(), () => ({ ports: {} }));
    cluster.clock.settle();
    const { podIP } = ingressPod().status as { podIP: string };
    await cluster.call(curl, `http://${podIP}:8080/productpage`);
    const [found] = await tracesOf('productpage.default');
    const ofService = (name: string) =>
      found?.spans.filter(({ processID }) => found.processes[processID]?.serviceName === name) ?? [];
    const [asked, sent, ...more] = ofService('istio-ingressgateway.istio-system');
    expect(more).toEqual([]);
    expect(sent?.operationName).toBe('router outbound|9080||productpage.default.svc.cluster.local; egress');
    expect(sent?.references[0]?.spanID).toBe(asked?.spanID);
    expect(sent?.tags).toContainEqual(expect.objectContaining({ key: 'span.kind', value: 'client' }));
    expect(asked?.tags).toContainEqual(expect.objectContaining({ key: 'span.kind', value: 'server' }));
    const page = ofService('productpage.default').map((s) => s.references[0]?.spanID);
    expect(page).toContain(sent?.spanID);
    await cluster.call(curl, `http://${podIP}:8080/gone`);
    const all = await tracesOf('istio-ingressgateway.istio-system');
    expect(all.map((t) => t.spans.filter((s) => s.operationName.startsWith('router')).length).sort()).toEqual([0, 1]);
  });

  test('a program that forgets the headers breaks the trace at itself', async () => {
    runProductpage('malla/productpage-sin-trazas:1');
    trace(every);
    await page();
    const traces = await tracesOf('productpage.default');
    expect(traces.length).toBe(3);
    expect(
      traces.some((t) => servicesOf(t).includes('reviews.default') && servicesOf(t).includes('curl.default')),
    ).toBe(false);
  });

  test('spans carry what Envoy tells of a request', async () => {
    trace({
      ...every,
      customTags: {
        equipo: { literal: { value: 'asir' } },
        quien: { header: { name: 'End-User', defaultValue: 'nadie' } },
      },
    });
    await cluster.call(curl, 'http://ratings:9080/ratings/0', { headers: { 'end-user': 'jason' } });
    const [found] = await tracesOf('ratings.default');
    const server = found?.spans.find((s) => found.processes[s.processID]?.serviceName === 'ratings.default');
    const tags = Object.fromEntries(server?.tags.map((t) => [t.key, t.value]) ?? []);
    expect(server?.operationName).toBe('ratings.default.svc.cluster.local:9080/*');
    expect(tags).toMatchObject({
      component: 'proxy',
      'http.method': 'GET',
      'http.status_code': '200',
      'http.url': 'http://ratings:9080/ratings/0',
      'istio.canonical_service': 'ratings',
      'span.kind': 'server',
      equipo: 'asir',
      quien: 'jason',
    });
  });

  test('the caller of the mesh goes on with its own trace', async () => {
    trace(every);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await page({ headers: { traceparent } });
    const [found] = await tracesOf('productpage.default');
    expect(found?.traceID).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(found?.spans.some((s) => s.references[0]?.spanID === 'b7ad6b7169203331')).toBe(true);
  });

  test('a Zipkin provider speaks B3, and follows a caller who says no', async () => {
    trace({ ...every, providers: [{ name: 'zipkin' }] });
    await page({ headers: { 'x-b3-sampled': '0' } });
    expect(await tracesOf('productpage.default')).toEqual([]);
    await page();
    const last = cluster.records.at(-1);
    expect(await tracesOf('productpage.default')).toHaveLength(1);
    expect(last?.request?.headers['x-b3-traceid']).toMatch(/^[0-9a-f]{32}$/);
  });
});

test('one in a hundred is about one in a hundred, decided at the first proxy', async () => {
  trace({ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 10 });
  for (let i = 0; i < 400; i++) await page();
  const traces = await tracesOf('productpage.default');
  expect(traces.length).toBeGreaterThan(15);
  expect(traces.length).toBeLessThan(75);
  expect(traces.every((t) => servicesOf(t).length === 5)).toBe(true);
});

const parent = (flags: string) => `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`;

test.each<[string, Record<string, string>, number]>([
  ['nothing asks for it', {}, 0],
  ['its caller keeps the trace', { traceparent: parent('01') }, 0],
  ['its client asks for it', { 'x-client-trace-id': '1' }, 1],
  [
    'its client asks for it, and its caller does not keep the trace',
    {
      traceparent: parent('00'),
      'x-client-trace-id': '1',
    },
    0,
  ],
  ['its request id says that it is kept', { 'x-request-id': '55b4b96f-bcae-9951-a543-40639ac95bce' }, 1],
  ['its request id says that it is not', { 'x-request-id': '55b4b96f-bcae-4951-a543-40639ac95bce' }, 0],
  ['a program would force it', { 'x-envoy-force-trace': 'true' }, 0],
])('with none in a hundred, when %s', async (_what, headers, kept) => {
  trace({ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 0 });
  await page({ headers });
  expect(await tracesOf('productpage.default')).toHaveLength(kept);
});

test('a workload may be silenced, and a namespace given its own share', async () => {
  trace(every);
  cluster.put({
    ...telemetry({ disableSpanReporting: true }, { name: 'quiet', namespace: 'default' }),
    spec: { selector: { matchLabels: { app: 'reviews' } }, tracing: [{ disableSpanReporting: true }] },
  });
  cluster.clock.settle();
  await page();
  const [found] = await tracesOf('productpage.default');
  expect(found && servicesOf(found)).not.toContain('reviews.default');
  expect(found && servicesOf(found)).toContain('ratings.default');
});

test('without a collector the spans are lost and the requests are not', async () => {
  trace(every);
  cluster.kill(jaeger);
  expect((await page()).status).toBe(200);
});
