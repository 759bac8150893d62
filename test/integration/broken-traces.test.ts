import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeProbe } from '../../src/checks/judge-probe.ts';
import { clusterOf } from '../../src/checks/objects-client.fixture.ts';
import { bookinfo } from '../../src/diagnosis/bookinfo.fixture.ts';
import { createScene } from '../../src/diagnosis/scene.ts';
import type { CheckDeclaration } from '../../src/labs/lab.ts';

const gateway = 'istio-ingressgateway.istio-system';
const traza: CheckDeclaration = {
  id: 'traza',
  title: 'Una traza',
  line: 1,
  type: 'traza',
  pattern: { path: '/productpage', method: 'GET', headers: {}, services: [gateway, 'details.default'], own: true },
};
const tracing = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'tracing', namespace: 'istio-system' } };
const telemetry = {
  apiVersion: 'telemetry.istio.io/v1',
  kind: 'Telemetry',
  metadata: { name: 'mesh-default', namespace: 'istio-system' },
  spec: { tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 100 }] },
};
const provider = '{name: jaeger, opentelemetry: {service: tracing.istio-system.svc.cluster.local, port: 4317}}';
const meshConfig = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data: { mesh: `extensionProviders: [${provider}]` },
};
const server = createServer((_request, response) => response.end('page'));

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

/** `seen`: the services of the trace of each request, in order; the last goes on. The clock is as quick as it is asked. */
function judge(seen: readonly string[][], simulated: boolean) {
  const objects = [...bookinfo().objects, tracing, telemetry, meshConfig];
  const cluster = clusterOf(objects, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const traces: string[] = [];
  cluster.client.raw = async (path) => {
    const id = /traces\/([0-9a-f]+)$/.exec(path)?.[1];
    if (id === undefined) return { data: [] };
    if (!traces.includes(id)) traces.push(id);
    const services = seen[Math.min(traces.length, seen.length) - 1] ?? [];
    return { data: [traceOf(id, services)] };
  };
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  return judgeProbe(traza, {
    cluster,
    clock,
    signal: new AbortController().signal,
    wait: true,
    facts: { serverVersion: 'v1.34.4', simulated, nodes: [], patience: 8_000 },
    scene: async () => createScene(objects),
  });
}

function traceOf(traceID: string, services: readonly string[]) {
  return {
    traceID,
    processes: Object.fromEntries(services.map((serviceName, i) => [`p${i}`, { serviceName }])),
    spans: services.map((_service, i) => ({
      traceID,
      spanID: `${i}`.padStart(16, '0'),
      operationName: 'GET',
      ...(i > 0 && { references: [{ refType: 'CHILD_OF', spanID: `${i - 1}`.padStart(16, '0') }] }),
      startTime: i,
      duration: 1,
      processID: `p${i}`,
    })),
  };
}

test('where proxies are real, one trace that lacks somebody is not believed: another one is asked for', async () => {
  const { cause } = await judge([[gateway], [gateway, 'details.default']], false);
  expect(cause).toBeUndefined();
});

test('a second one that lacks them too is', async () => {
  const { cause } = await judge([[gateway]], false);
  expect(cause?.code).toBe('MALLA-OBS-37');
});
