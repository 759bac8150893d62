// The views at the address of `malla panel`, in a real browser and on a real embedded cluster with traffic: each number
// that is read in a view is asked for again at its source.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { connect } from '../../src/cluster/client.ts';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { barriersIn } from './axe.ts';
import type { Tally } from './host-suite.ts';

interface Stage {
  page: Page;
  client: KubeClient;
  picture(name: string): Promise<void>;
}

type Part = [title: string, part: (stage: Stage) => Promise<void>];

const parts: Part[] = [
  [
    'the graph shows the rate of an edge that Prometheus has',
    async ({ page, client, picture }) => {
      await page.getByRole('button', { name: 'Grafo' }).click();
      const edge = page.getByRole('button', { name: /^default\/productpage-v1 llama a default\/details-v1/ });
      await edge.waitFor();
      await page.getByLabel('Ver como tabla').check();
      const row = page.getByRole('row', { name: /^default\/productpage-v1 default\/details-v1/ });
      await agree(
        async () => numberIn(await row.getByRole('cell').nth(2).innerText()),
        () =>
          instant(client, 'sum(rate(istio_requests_total{reporter="source", destination_workload="details-v1"}[60s]))'),
      );
      await expectText(row, 'mTLS');
      await page.getByLabel('Ver como tabla').uncheck();
      await edge.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'default/productpage-v1 → default/details-v1' }).waitFor();
      await picture('grafo');
    },
  ],
  [
    'a dashboard shows the last value of its own query',
    async ({ page, client, picture }) => {
      await page.getByRole('button', { name: 'Paneles' }).click();
      const chart = page.locator('.chart', { hasText: 'Peticiones por servicio' });
      await chart.locator('summary').click();
      const row = chart.getByRole('row', { name: /^details\.default/ });
      await row.waitFor();
      const query = 'sum by (destination_service) (rate(istio_requests_total{reporter="source"}[1m]))';
      await expectText(row, query);
      await agree(
        async () => numberIn(await row.getByRole('cell').first().innerText()),
        () =>
          instant(
            client,
            `(${query}) and on(destination_service) istio_requests_total{destination_service=~"details.*"}`,
          ),
      );
      await picture('paneles');
    },
  ],
  [
    'a trace has the spans that Jaeger has',
    async ({ page, client, picture }) => {
      await page.getByRole('button', { name: 'Trazas' }).click();
      const first = page.locator('.trace-list button.link').first();
      await first.waitFor();
      await page.getByLabel('Servicio').selectOption('reviews.default');
      await page.getByRole('button', { name: 'Buscar' }).click();
      await page.locator('.trace-list tbody tr').first().waitFor();
      await first.click();
      await page.locator('.waterfall tbody tr').first().waitFor();
      const shown = await page.locator('.waterfall tbody tr').count();
      const id = /Traza (\w+)/.exec(await page.locator('.trace h2').innerText())?.[1] ?? '';
      const base = '/api/v1/namespaces/istio-system/services/http:tracing:80/proxy/jaeger/api';
      const { data } = (await client.raw(`${base}/traces?service=reviews.default&limit=100&lookback=1h`)) as {
        data: { traceID: string; spans: unknown[] }[];
      };
      equal(shown, data.find((trace) => trace.traceID.startsWith(id))?.spans.length);
      await picture('trazas');
    },
  ],
  [
    'one request explained tells the weight that the VirtualService has',
    async ({ page, client, picture }) => {
      await page.getByRole('button', { name: 'Una petición' }).click();
      const client_ = page.getByLabel('Quién la envía');
      const productpage = client_.locator('option', { hasText: 'productpage' });
      await productpage.waitFor({ state: 'attached' });
      await client_.selectOption(await productpage.getAttribute('value'));
      await page.getByRole('button', { name: 'Explicar' }).click();
      const drawn = await page.locator('.step', { hasText: 'Sale por sorteo' }).innerText();
      const [, subset, weight] = /subset «(v\d)».*con peso (\d+) de 100/.exec(drawn) ?? [];
      const object = await client.get({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        namespace: 'default',
        name: 'reviews',
      });
      const spec = object?.spec as
        | { http: { route: { destination: { subset: string }; weight: number }[] }[] }
        | undefined;
      equal(Number(weight), spec?.http[0]?.route.find((r) => r.destination.subset === subset)?.weight);
      await page.getByRole('table', { name: /De 1000 peticiones iguales/ }).waitFor();
      await picture('peticion');
    },
  ],
];

const themes = {
  claro: { colorScheme: 'light' },
  oscuro: { colorScheme: 'dark' },
  contraste: { colorScheme: 'dark', contrast: 'more' },
} as const;

export async function runViewsStory({ root, browser }: { root: string; browser: Browser }): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  const cluster = startCluster(root);
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.setDefaultTimeout(180_000);
  const out = join(root, 'out/pictures');
  mkdirSync(out, { recursive: true });
  const picture = async (name: string): Promise<void> => {
    for (const [theme, media] of Object.entries(themes)) {
      await page.emulateMedia({ contrast: 'no-preference', ...media });
      await page.waitForTimeout(150);
      await page.screenshot({ path: join(out, `vistas-${name}-${theme}.png`) });
    }
  };
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  try {
    await page.goto(await cluster.panel());
    const stage = { page, client: connect(cluster.kubeconfig), picture };
    for (const [title, part] of parts) {
      const start = Date.now();
      try {
        await part(stage);
        const barriers = await barriersIn(page, root);
        if (barriers.length > 0) throw new Error(`axe finds: ${barriers.join('\n')}`);
        if (problems.length > 0) throw new Error(`The browser says: ${problems.splice(0).join('\n')}`);
        tally.passed += 1;
        console.log(`  ✓ ${title} (${Date.now() - start} ms)`);
      } catch (error) {
        tally.failed += 1;
        console.log(`  ✗ ${title}\n${error instanceof Error ? error.stack : error}`);
        await page.screenshot({ path: join(out, 'vistas-fallo.png') });
      }
    }
  } finally {
    await page.close();
    cluster.remove();
  }
  return tally;
}

const CANARY = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: {host: reviews, subset: v1}
          weight: 70
        - destination: {host: reviews, subset: v3}
          weight: 30
`;

/** Bookinfo with a canary, the addons, every request traced, and somebody who asks for the page all the time. */
function startCluster(root: string) {
  const home = mkdtempSync(join(tmpdir(), 'malla-vistas-'));
  const env = { ...process.env, MALLA_HOME: home };
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'dist/malla.mjs')];
  const malla = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
      env,
      cwd: home,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`malla ${args.join(' ')} ended with ${status}: ${stdout}\n${stderr}`);
    return stdout;
  };
  malla('resolver', 'blue-green', '--previos', '--json');
  const { kubeconfig, entry } = JSON.parse(malla('cluster', 'estado', '--json')) as {
    kubeconfig: string;
    entry: string;
  };
  Object.assign(env, { KUBECONFIG: kubeconfig });
  const canary = join(home, 'canary.yaml');
  writeFileSync(canary, CANARY);
  const samples = ['bookinfo/destination-rule-all', 'addons/prometheus', 'addons/jaeger', 'addons/trazas'];
  for (const file of [...samples.map((name) => join(root, `samples/${name}.yaml`)), canary])
    malla('kubectl', 'apply', '-f', file);
  const visits = setInterval(() => void fetch(`${entry}/productpage`).catch(() => {}), 100);
  const panel = spawn(process.execPath, [...program, 'panel', '--json'], {
    env,
    cwd: home,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    kubeconfig,
    panel: () =>
      new Promise<string>((resolve, reject) => {
        panel.stdout.once('data', (line: Buffer) => resolve((JSON.parse(line.toString()) as { url: string }).url));
        panel.once('exit', (code) => reject(new Error(`malla panel ended with ${code}`)));
      }),
    remove() {
      clearInterval(visits);
      panel.kill('SIGTERM');
      malla('cluster', 'borrar', '--json');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Traffic goes on between the two looks: a tenth apart is the same, and there is time to come together. */
async function agree(shown: () => Promise<number>, queried: () => Promise<number>): Promise<void> {
  let last = '';
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    const [a, b] = [await shown(), await queried()];
    if (a > 0 && Math.abs(a - b) <= 0.1 * Math.max(a, b)) return;
    last = `${a} in the view, ${b} by query`;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  throw new Error(`They do not agree: ${last}.`);
}

async function instant(client: KubeClient, query: string): Promise<number> {
  const base = '/api/v1/namespaces/istio-system/services/http:prometheus:9090/proxy/api/v1';
  const answer = (await client.raw(`${base}/query?${new URLSearchParams({ query })}`)) as {
    data: { result: { value: [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1]);
}

function numberIn(text: string): number {
  return Number(/[\d.,]+/.exec(text)?.[0].replace(/\./g, '').replace(',', '.'));
}

async function expectText(locator: { innerText(): Promise<string> }, text: string): Promise<void> {
  const found = await locator.innerText();
  if (!found.includes(text)) throw new Error(`Expected "${text}" in "${found}".`);
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected || actual === undefined) throw new Error(`${actual} is not ${expected}.`);
}
