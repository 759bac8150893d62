// Logs, metrics and traces as checks see them, and the stream of requests, on an embedded cluster with Bookinfo.
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCheck } from '../../src/checks/verify.ts';
import { type FactsLine, tellFacts } from '../../src/cli/commands/facts.ts';
import type { MeasuredSplit } from '../../src/cli/commands/measure.ts';
import { perform } from '../../src/cli/perform.ts';
import type { Cluster } from '../../src/cluster/contract.ts';
import { readCheck } from '../../src/labs/check-schema.ts';
import { streamRequests } from '../../src/traffic/stream.ts';
import { createSandbox, root, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let cluster: Cluster;
let env: Record<string, string | undefined>;
const stop = new AbortController();

const kubectl = async (...args: string[]): Promise<void> => {
  const action = { type: 'run' as const, argv: ['kubectl', ...args] as ['kubectl', ...string[]], line: 1 };
  for await (const done of perform([action], { folder: sandbox.home, env, signal: stop.signal, home: sandbox.home }))
    if (done.exitCode !== 0) throw new Error(done.output);
};
const sample = (name: string): Promise<void> => kubectl('apply', '-f', `${root}/samples/${name}.yaml`);
const verify = async (written: object) => {
  const read = readCheck({ id: 'c', titulo: 'C', ...written }, 1);
  if (!('declaration' in read)) throw new Error(JSON.stringify(read.issues));
  return verifyCheck(read.declaration, { cluster, signal: stop.signal });
};

beforeAll(async () => {
  sandbox = await createSandbox();
  ({ cluster, env } = await sandbox.start());
  await sandbox.malla('resolver', 'instalacion');
  await kubectl('label', 'namespace', 'default', 'istio-injection=enabled');
  for (const name of ['bookinfo/bookinfo', 'bookinfo/bookinfo-gateway', 'curl/curl', 'httpbin/httpbin'])
    await sample(name);
  for (const name of ['addons/prometheus', 'addons/jaeger', 'addons/trazas']) await sample(name);
  await kubectl('wait', '--for=condition=Available', 'deployment', '--all', '--timeout=60s');
  await kubectl('rollout', 'status', 'deployment/prometheus', '-n', 'istio-system');
  await kubectl('rollout', 'status', 'deployment/jaeger', '-n', 'istio-system');
}, 120_000);
afterAll(async () => {
  stop.abort();
  await sandbox.remove();
});

describe('the access log', () => {
  const teapot = {
    tipo: 'registro',
    espacio: 'default',
    selector: 'app=curl',
    patron: '"GET /status/418 HTTP/1\\.1" 418 ',
    tambien: { espacio: 'default', selector: 'app=httpbin' },
  };
  const request = { desde: { espacio: 'default', selector: 'app=curl' }, url: 'http://httpbin:8000/status/418' };

  test('without requests it says so, and with one it is in both logs', async () => {
    expect(await verify(teapot)).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-OBS-09' } });
    expect(await verify({ ...teapot, peticion: request })).toMatchObject({ state: 'correcto' });
  });

  test('a request by the entry is found among all the others', async () => {
    const verdict = await verify({
      tipo: 'registro',
      espacio: 'istio-system',
      selector: 'app=istio-ingressgateway',
      patron: '"GET /productpage HTTP/1\\.1" 200 ',
      peticion: { ruta: '/productpage' },
    });
    expect(verdict).toMatchObject({ state: 'correcto', observed: expect.stringContaining('1 línea así') });
  });

  test('a container that is not there is named with the nearest', async () => {
    const verdict = await verify({ ...teapot, contenedor: 'istio-prox' });
    expect(verdict).toMatchObject({
      state: 'incorrecto',
      cause: { code: 'MALLA-OBS-02', message: expect.stringContaining('istio-proxy') },
    });
  });
});

describe('traces', () => {
  test('a request with a trace of its own is found whole', async () => {
    const verdict = await verify({
      tipo: 'traza',
      ruta: '/productpage',
      servicios: ['istio-ingressgateway.istio-system', 'productpage.default', 'details.default', 'reviews.default'],
      tramos: 6,
    });
    expect(verdict).toMatchObject({ state: 'correcto' });
  });

  test('a service that is not on the way is missed', async () => {
    const verdict = await verify({
      tipo: 'traza',
      ruta: '/api/v1/products/0',
      servicios: ['productpage.default', 'ratings.default'],
    });
    expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-OBS-37' } });
  });
});

describe('metrics', () => {
  const rate = 'sum(rate(istio_requests_total{reporter="destination", destination_service_name="productpage"}[1m]))';

  test('the stream is counted; names that are not right are told', async () => {
    const flowing = new AbortController();
    const url = `${cluster.access.entry}/productpage`;
    const stream = streamRequests({ flows: [{ url, headers: {}, rate: 10 }], signal: flowing.signal });
    try {
      expect(await verify({ tipo: 'metrica', consulta: rate, es: 'mayor', valor: 0 })).toMatchObject({
        state: 'correcto',
      });
      const wrong = async (from: string, to: string) =>
        (await verify({ tipo: 'metrica', consulta: rate.replace(from, to), es: 'existe' })).cause;
      expect(await wrong('istio_requests_total', 'istio_request_total')).toMatchObject({
        code: 'MALLA-OBS-15',
        message: expect.stringContaining('«istio_requests_total»'),
      });
      expect(await wrong('destination_service_name', 'destination_service_nam')).toMatchObject({
        code: 'MALLA-OBS-16',
        message: expect.stringContaining('«destination_service_name»'),
      });
      expect(await wrong('"productpage"', '"productpag"')).toMatchObject({
        code: 'MALLA-OBS-17',
        message: expect.stringContaining('«productpage»'),
      });
      expect(await wrong('[1m]))', '[1m])')).toMatchObject({ code: 'MALLA-OBS-14' });
    } finally {
      flowing.abort();
      await stream;
    }
  }, 90_000);
});

describe('what the editor knows of the cluster', () => {
  test('the objects that decide routing are told first, and what changes later; no Secret among them', async () => {
    const told: FactsLine[] = [];
    const stops: (() => void)[] = [];
    try {
      await tellFacts(cluster.client, stops, (line) => told.push(line));
      const kinds = told.flatMap((line) => (line.event === 'object' ? [line.object.kind] : []));
      expect(kinds).toEqual(expect.arrayContaining(['Service', 'Pod', 'Gateway', 'VirtualService']));
      expect(kinds).not.toContain('Secret');
      expect(told.some((line) => line.event === 'crd')).toBe(true);
      expect(told.at(-1)).toEqual({ event: 'live' });
      await sample('bookinfo/destination-rule-all');
      const isNew = (line: FactsLine) => line.event === 'object' && line.object.kind === 'DestinationRule';
      while (!told.some(isNew)) await wait(20);
    } finally {
      for (const end of stops) end();
    }
  }, 60_000);

  test('the share of each destination is counted in the proxies', async () => {
    const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight });
    const spec = { hosts: ['reviews'], http: [{ route: [to('v1', 80), to('v3', 20)] }] };
    const route = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'default' },
      spec,
    };
    await cluster.client.create(route);
    try {
      expect(JSON.parse((await sandbox.malla('medir', 'otro', '--json')).stdout).error.code).toBe('MALLA-YML-22');
      // Until the proxies obey the new rule, what passes goes to no subset.
      let measured: MeasuredSplit;
      do measured = JSON.parse((await sandbox.malla('medir', 'reviews', '--json', '--peticiones', '150')).stdout);
      while (measured.destinations === undefined);
      const [v1, v3] = measured.destinations;
      expect(measured.unanswered).toBe(0);
      expect(v1?.requests).toBeGreaterThan(v3?.requests ?? 0);
      expect(v3?.requests).toBeGreaterThan(0);
    } finally {
      await kubectl('delete', 'virtualservice', 'reviews');
    }
  }, 60_000);
});

test('the stream of a lab in a terminal: its counts, and the end of its time', async () => {
  const { exitCode, stdout } = await sandbox.malla('trafico', 'kiali', '--segundos', '2');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Envío 3 peticiones por segundo a http:\/\/127\.0\.0\.1:\d+\/productpage/);
  expect(stdout).toMatch(/En total: 200: [3-9]/);
});

test('a lab without a stream says so', async () => {
  expect(await sandbox.malla('trafico', 'bookinfo')).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('MALLA-USO-09'),
  });
});

test('with the entry closed the stream says that it is of no use', async () => {
  await kubectl('delete', 'gateways.networking.istio.io', 'bookinfo-gateway');
  await wait(500);
  const { stdout } = await sandbox.malla('trafico', 'kiali', '--segundos', '1');
  expect(stdout).toContain('Sin efecto: la entrada rechaza la conexión');
});
