// Metrics of a running mesh: counted by its proxies, scraped by the simulated Prometheus and by a real one.
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { istioctl } from '../../src/tools/istioctl/istioctl.ts';
import { kubectl } from '../../src/tools/kubectl/kubectl.ts';
import { credentials } from './support/embedded.ts';
import { findPrometheus, startPrometheus } from './support/prometheus/real-prometheus.ts';
import { createToolBench, type ToolBench } from './support/tool-bench.ts';

const samples = join(import.meta.dirname, '../../samples');
const PAGES = 20;
let bench: ToolBench;

beforeAll(async () => {
  bench = await createToolBench();
  await bench.run(istioctl, 'install', '--set', 'profile=demo', '-y');
  await bench.run(kubectl, 'label', 'namespace', 'default', 'istio-injection=enabled');
  for (const file of ['bookinfo/bookinfo.yaml', 'bookinfo/bookinfo-gateway.yaml', 'addons/prometheus.yaml']) {
    await bench.run(kubectl, 'apply', '-f', join(samples, file));
  }
  await bench.run(kubectl, 'wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
  await bench.run(kubectl, 'rollout', 'status', 'deploy/prometheus', '-n', 'istio-system', '--timeout=60s');
  await untilServed();
});
afterAll(() => bench?.remove());

const access = () => credentials(bench.env.KUBECONFIG ?? '');

/** A page of the API, whatever it answers. */
function page(path: string, form?: URLSearchParams): Promise<{ status: number; body: string }> {
  const { server, ca, token } = access();
  const headers = {
    authorization: `Bearer ${token}`,
    ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, server), { ca, method: form ? 'POST' : 'GET', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asking.on('error', reject).end(form?.toString());
  });
}

const PROMETHEUS = '/api/v1/namespaces/istio-system/services/http:prometheus:9090/proxy';

async function query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
  const { body } = await page(`${PROMETHEUS}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  return JSON.parse(body).data.result;
}

async function untilServed(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${bench.entry}/productpage`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the page is not served');
}

async function until<T>(read: () => Promise<T | undefined>, milliseconds = 40_000): Promise<T> {
  const limit = Date.now() + milliseconds;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > limit) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function podOf(app: string): Promise<string> {
  const { stdout } = await bench.run(
    kubectl,
    'get',
    'pods',
    '-l',
    `app=${app}`,
    '-o',
    'jsonpath={.items[0].metadata.name}',
  );
  return stdout.trim();
}

test('a proxy tells at 15020 and at 15090 what it has counted', async () => {
  const pod = await podOf('details');
  const read = async (port: number) =>
    (await page(`/api/v1/namespaces/default/pods/${pod}:${port}/proxy/stats/prometheus`)).body;
  const total = (text: string) =>
    Number(/^istio_requests_total\{reporter="destination".*\} (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
  const before = total(await read(15020));
  for (let i = 0; i < PAGES; i++) await (await fetch(`${bench.entry}/productpage`)).text();
  expect(total(await read(15020)) - before).toBe(PAGES);
  expect(total(await read(15090)) - before).toBe(PAGES);
});

describe('the simulated Prometheus', () => {
  test('has counted every request of both ends of a hop, with mutual TLS, after a scrape', async () => {
    const by = 'sum by (reporter, source_workload, connection_security_policy)';
    const all = `${by} (istio_requests_total{destination_service_name="details", response_code="200"})`;
    const found = await until(async () => {
      const result = await query(all);
      return result.length === 2 && result.every(({ value }) => Number(value[1]) > PAGES) ? result : undefined;
    });
    expect(
      found.map(({ metric }) => metric).sort((a, b) => (String(a.reporter) < String(b.reporter) ? -1 : 1)),
    ).toEqual([
      { reporter: 'destination', source_workload: 'productpage-v1', connection_security_policy: 'mutual_tls' },
      { reporter: 'source', source_workload: 'productpage-v1', connection_security_policy: 'unknown' },
    ]);
    expect(new Set(found.map(({ value }) => value[1])).size).toBe(1);
  });

  test('takes a query as a form, and says what is wrong with one as Prometheus does', async () => {
    const form = await page(`${PROMETHEUS}/api/v1/query`, new URLSearchParams({ query: 'count(up == 1)' }));
    expect(Number(JSON.parse(form.body).data.result[0].value[1])).toBeGreaterThanOrEqual(8);
    const wrong = await page(`${PROMETHEUS}/api/v1/query?query=sum(`);
    expect(wrong).toEqual({
      status: 400,
      body: '{"status":"error","errorType":"bad_data","error":"invalid parameter \\"query\\": 1:5: parse error: unclosed left parenthesis"}',
    });
  });

  test('tells targets, labels, series, metadata and its version', async () => {
    const data = async (path: string) => JSON.parse((await page(`${PROMETHEUS}/api/v1/${path}`)).body).data;
    const { activeTargets } = await data('targets?state=active');
    const own = activeTargets.find((t: { labels: { app?: string } }) => t.labels.app === 'ratings');
    expect(own).toMatchObject({ health: 'up', scrapePool: 'kubernetes-pods', lastError: '', scrapeInterval: '5s' });
    expect(own.scrapeUrl).toMatch(/^http:\/\/10\.244\.\d+\.\d+:15020\/stats\/prometheus$/);
    expect(await data('label/destination_app/values')).toEqual(['details', 'productpage', 'ratings', 'reviews']);
    expect(await data('labels')).toContain('connection_security_policy');
    expect(await data('series?match[]=istio_build')).not.toHaveLength(0);
    expect((await data('metadata?metric=istio_requests_total')).istio_requests_total[0].type).toBe('counter');
    expect((await data('status/buildinfo')).version).toBe('3.10.0');
  });

  test('has a page for people that says what it is', async () => {
    const { status, body } = await page(`${PROMETHEUS}/`);
    expect(status).toBe(200);
    expect(body).toContain('Prometheus, simulado por Malla');
  });
});

const program = findPrometheus();
test.skipIf(program)(
  'SKIPPED: there is no real Prometheus 3; run scripts/real-prometheus.ts where apt may be used',
  () => {},
);

test.skipIf(!program)(
  'a real Prometheus scrapes the pods through the API server and sees the same counts',
  async () => {
    const { server, ca, token } = access();
    const pods = await Promise.all(['productpage', 'details', 'ratings'].map(podOf));
    const jobs = pods.map(
      (pod) => `  - job_name: ${pod}
    scheme: https
    scrape_interval: 1s
    metrics_path: /api/v1/namespaces/default/pods/${pod}:15020/proxy/stats/prometheus
    authorization: {credentials: "${token}"}
    tls_config: {ca: ${JSON.stringify(ca)}}
    static_configs: [{targets: ["${server.host}"]}]
`,
    );
    const real = await startPrometheus(program ?? '', `scrape_configs:\n${jobs.join('')}`);
    try {
      const ask = async (expression: string) => {
        const response = await fetch(`${real.url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
        const { data } = (await response.json()) as {
          data: { result: { metric: Record<string, string>; value: [number, string] }[] };
        };
        return data.result;
      };
      await until(async () => ((await ask('sum(up)'))[0]?.value[1] === '3' ? true : undefined));
      const expression =
        'sum by (reporter, destination_workload, response_code) (istio_requests_total{destination_app=~"details|ratings"})';
      const seen = (await ask(expression)).map(({ metric, value }) => `${JSON.stringify(metric)} ${value[1]}`).sort();
      expect(seen).toHaveLength(3);
      const own = await until(async () => {
        const result = (await query(expression.replace('{', '{pod=~"productpage.*|details.*|ratings.*",')))
          .map(({ metric, value }) => `${JSON.stringify(metric)} ${value[1]}`)
          .sort();
        return JSON.stringify(result) === JSON.stringify(seen) ? result : undefined;
      });
      expect(own).toEqual(seen);
      const metadata = (await (await fetch(`${real.url}/api/v1/metadata`)).json()) as {
        data: Record<string, { type: string }[]>;
      };
      expect(metadata.data.istio_request_duration_milliseconds?.[0]?.type).toBe('histogram');
    } finally {
      await real.stop();
    }
  },
);
