// What the student sees beside the lab panel, as a person does it: the live cluster, the walkthrough, the Testing view,
// verdicts with their figures, and another cluster. With a stand-in for `malla`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Story, until } from '../../../scripts/editor/story.ts';
import type { ThemeName, Workbench } from '../../../scripts/editor/workbench.ts';
import { loadLabs } from '../../../src/labs/load.ts';
import { canaryYaml } from '../../../src/language/fixtures.ts';

const themes: ThemeName[] = ['oscuro', 'claro', 'contraste'];
const patience = { timeout: 120_000 };

const proxy = (pod: string, node: string, ready = true) => ({ pod, kind: 'sidecar', ready, node, version: '1.30.0' });
const service = (name: string, ready = 1, pods = 1) => ({
  name,
  type: 'ClusterIP',
  ports: ['9080/TCP'],
  pods,
  ready,
});
const namespaces = [
  {
    name: 'default',
    injected: true,
    pods: 4,
    ready: 3,
    services: [service('details'), service('productpage'), service('reviews', 1, 2)],
    proxies: [
      proxy('details-v1-79dfbd6fff-x2x4d', 'arya'),
      proxy('productpage-v1-dffc47f64-9k2wq', 'sansa'),
      proxy('reviews-v1-8cf7b9cc5-jz8vn', 'arya'),
      proxy('reviews-v2-67d565655f-4tq7c', 'sansa', false),
    ],
  },
  {
    name: 'istio-system',
    injected: false,
    pods: 2,
    ready: 2,
    services: [service('istiod')],
    proxies: [{ ...proxy('istio-ingressgateway-7f57b59c9d-kx9fd', 'arya'), kind: 'pasarela' }],
  },
  { name: 'kube-system', injected: false, pods: 9, ready: 9, services: [service('kube-dns', 2, 2)], proxies: [] },
];
const nodes = ['nieve', 'arya', 'sansa'].map((name, i) => ({
  name,
  ready: true,
  roles: i === 0 ? ['control-plane'] : [],
  version: 'v1.34.0',
}));
const lines = (values: unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** The lab of the story. */
const lab = 'canary';

export const studentStory: Story = [
  [
    'the cluster shows its nodes, namespaces, services and proxies, and what does not work is marked',
    async ({ workbench, scratch, picture }) => {
      writeFileSync(
        join(scratch, 'inventario.jsonl'),
        lines([{ event: 'nodes', nodes }, ...namespaces.map((namespace) => ({ event: 'namespace', namespace }))]),
      );
      await workbench.command('View: Close All Editors');
      await workbench.openMalla();
      await workbench.command('Malla: Iniciar clúster');
      await workbench.statusBar(/Clúster en marcha/).waitFor(patience);
      await workbench.treeItem(/^Nodos, 3 de 3 listos/).waitFor(patience);
      // Until all of them are there, rows move away under the mouse.
      await workbench.treeItem(/^kube-system/).waitFor(patience);
      const shop = workbench.treeItem(/^default, 3 de 4 pods listos/);
      await shop.click(patience);
      // A row that is drawn anew just then forgets the click.
      await workbench.page.waitForTimeout(1000);
      if ((await shop.getAttribute('aria-expanded')) !== 'true') await workbench.page.keyboard.press('ArrowRight');
      await workbench.treeItem(/^reviews, ClusterIP/).click(patience);
      for (let down = 0; down < 4; down += 1) await workbench.page.keyboard.press('ArrowDown');
      await workbench.treeItem(/^reviews-v2.*sin estar listo/).waitFor(patience);
      for (const theme of themes) {
        await workbench.theme(theme);
        await picture(`10-barra-${theme}`);
      }
    },
  ],
  [
    'the walkthrough has five steps, and what is done is ticked',
    async ({ workbench, picture }) => {
      // An older VS Code stays at a walkthrough that is open.
      await workbench.command('View: Close All Editors');
      await workbench.command('Malla: Primeros pasos');
      const steps = workbench.page.locator('.getting-started-step');
      await steps.nth(4).waitFor(patience);
      if ((await steps.count()) !== 5) throw new Error(`The walkthrough has ${await steps.count()} steps.`);
      await workbench.page.locator('.getting-started-step .codicon.complete').first().waitFor(patience);
      for (const theme of themes) {
        await workbench.theme(theme);
        await picture(`11-primeros-pasos-${theme}`);
      }
      await workbench.command('View: Close All Editors');
    },
  ],
  [
    'the Testing view runs a lab, and tells each result at the line of the file of the student',
    async ({ workbench, folder, scratch, picture }) => {
      const { page } = workbench;
      mkdirSync(join(folder, lab), { recursive: true });
      writeFileSync(join(folder, lab, 'reviews.yaml'), canaryYaml);
      writeFileSync(join(scratch, 'verified.json'), JSON.stringify(await verdictsOfLab()));
      await workbench.command('Malla: Ver los laboratorios como pruebas');
      const tests = page.locator('.test-explorer');
      const item = tests.getByRole('treeitem', { name: /Despliegue canary/ });
      await item.click(patience);
      await page.keyboard.press('ArrowRight');
      await item.hover();
      await item.locator('.codicon-testing-run-icon').first().click(patience);
      await item.and(page.locator('[aria-label*="Failed"], [aria-label*="Errored"]')).waitFor(patience);
      await page.keyboard.press('ArrowRight');
      await picture('12-pruebas');
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input[type="text"]').fill('reviews.yaml');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'reviews.yaml' }).first().click(patience);
      await page.locator('.tab.active', { hasText: 'reviews.yaml' }).waitFor(patience);
      for (const theme of themes) {
        await workbench.theme(theme);
        await picture(`12-pruebas-mensaje-${theme}`);
      }
      await workbench.command('View: Close All Editors');
    },
  ],
  [
    'the panel draws the latencies of a verdict, and opens the file that is to blame',
    async ({ workbench, scratch, picture }) => {
      const { step, check } = await firstCheck();
      writeFileSync(
        join(scratch, 'follow.jsonl'),
        lines([{ event: 'check', step, check, state: 'hecho', verdict: wrong(check) }]),
      );
      await workbench.openMalla();
      await workbench.treeItem(/^Despliegue canary/).click(patience);
      const panel = workbench.panel();
      await panel.locator(`.page-link[data-key="page-${step}"]`).click(patience);
      const chart = panel.locator('table.latency').first();
      await chart.waitFor(patience);
      await chart.scrollIntoViewIfNeeded();
      for (const theme of themes) {
        await workbench.theme(theme);
        await picture(`13-latencia-${theme}`);
      }
      await panel.getByRole('button', { name: 'reviews.yaml, línea 9' }).click();
      await workbench.page.locator('.tab.active', { hasText: 'reviews.yaml' }).waitFor(patience);
      await workbench.command('View: Close All Editors');
    },
  ],
  [
    'the verdicts of a while ago are listed, and lead to their step',
    async ({ workbench, picture }) => {
      await workbench.page
        .locator('.sidebar')
        .getByRole('button', { name: /Veredictos recientes/i })
        .click(patience);
      const recent = workbench.treeItem(/incorrecto.*Despliegue canary/).first();
      await recent.waitFor(patience);
      await picture('14-veredictos');
      await recent.click();
      await workbench.panel().locator('#step-title').waitFor(patience);
      await workbench.command('View: Close All Editors');
    },
  ],
];

/** These answer dialogs. */
export const otherClustersStory: Story = [
  [
    'a kind cluster is made with its phases in view, and can be cancelled',
    async ({ workbench, scratch, picture }) => {
      const { page } = workbench;
      writeFileSync(join(scratch, 'hold'), '');
      await choose(workbench, 'Crear un clúster con kind…', (name) => picture(`15-elegir-${name}`));
      await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Crear' }).click(patience);
      // The test driver of VS Code hides toasts; the list of notifications shows them.
      await workbench.command('Notifications: Show Notifications');
      const notice = page.locator('.notifications-center').getByText(/Creando el clúster de kind: Esperando/);
      await notice.waitFor(patience);
      await picture('15-kind');
      await page
        .locator('.notifications-center')
        .getByRole('button', { name: /^Cancel/ })
        .first()
        .click(patience);
      await until('the program was told to stop', () =>
        readFileSync(join(scratch, 'calls.log'), 'utf8').includes('cancelled'),
      );
      await workbench.statusBar(/Clúster en marcha/).waitFor(patience);
      rmSync(join(scratch, 'hold'));
      await choose(workbench, 'Crear un clúster con kind…');
      await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Crear' }).click(patience);
      await workbench.treeItem(/^Clúster kind «malla»/).waitFor(patience);
    },
  ],
  [
    'a cluster that exists is looked at before it is joined, and let go again',
    async ({ workbench, scratch, picture }) => {
      const { page } = workbench;
      const context = { name: 'admin@nieve', current: true, server: 'https://10.0.0.1:6443', user: 'admin', held: [] };
      writeFileSync(join(scratch, 'contexts.json'), JSON.stringify({ contexts: [context] }));
      const told =
        'Contexto «admin@nieve», en https://10.0.0.1:6443\n  Versión: v1.34.0\nUnirse hará esto:\n  - escribir una copia de Malla con ese contexto y nada más; tu kubeconfig no se toca;';
      writeFileSync(
        join(scratch, 'look.json'),
        JSON.stringify({ context: context.name, server: context.server, told, survey: { production: [] } }),
      );
      await choose(workbench, 'Unirse a un clúster que ya existe…');
      for (const text of ['El mío', 'admin@nieve'])
        await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click(patience);
      const dialog = page.locator('.monaco-dialog-box');
      await dialog.getByText('Unirse hará esto').waitFor(patience);
      await picture('16-unirse');
      await dialog.getByRole('button', { name: 'Unirme' }).click();
      await workbench.treeItem(/^Clúster de «admin@nieve»/).waitFor(patience);
      await workbench.command('Malla: Soltar el clúster');
      await workbench.treeItem(/^Clúster embebido/).waitFor(patience);
    },
  ],
];

async function choose(
  { command, page }: Workbench,
  title: string,
  picture?: (name: string) => Promise<void>,
): Promise<void> {
  await command('Malla: Elegir clúster…');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  await row.waitFor(patience);
  await picture?.('cluster');
  await row.click();
}

const root = join(import.meta.dirname, '../../..');

async function theLab() {
  const { labs } = await loadLabs(join(root, 'labs'), join(root, 'samples'));
  const found = labs.find(({ id }) => id === lab);
  if (!found) throw new Error(`There is no lab ${lab}.`);
  return found;
}

async function firstCheck(): Promise<{ step: string; check: string }> {
  for (const { id, checks } of (await theLab()).steps) {
    const [first] = checks;
    if (first) return { step: id, check: first.id };
  }
  throw new Error(`No step of ${lab} has a check.`);
}

/** All right but for the first check. */
async function verdictsOfLab(): Promise<Record<string, object[]>> {
  const { check: blamed } = await firstCheck();
  const { steps } = await theLab();
  return Object.fromEntries(
    steps.map(({ id, checks }) => [
      id,
      checks.map((check) => (check.id === blamed ? wrong(check.id) : right(check.id))),
    ]),
  );
}

const right = (check: string) => ({
  check,
  state: 'correcto',
  expected: 'El 90 % va a v1',
  observed: 'El 90,2 % va a v1',
  evidence: { requests: 420, counts: { v1: 379, v2: 41 }, errorBound: 0.001 },
  milliseconds: 900,
  simulated: true,
});

const wrong = (check: string) => ({
  ...right(check),
  state: 'incorrecto',
  expected: 'El 95 % de las respuestas llega en menos de 300 ms',
  observed: 'El 95 % llega en menos de 2,1 s',
  cause: {
    code: 'MALLA-RES-01',
    message: 'El VirtualService reviews no pone límite de tiempo',
    hint: 'Mira el campo timeout de la ruta',
    at: {
      kind: 'VirtualService',
      namespace: 'default',
      name: 'reviews',
      path: 'spec.http[0]',
      file: 'reviews.yaml',
      line: 9,
    },
  },
  evidence: {
    requests: 120,
    counts: { '200': 118, '504': 2 },
    latencyMilliseconds: { p50: 140, p95: 2100 },
    quantileMilliseconds: { quantile: 0.95, estimate: 2100, low: 1800, high: 2600 },
  },
});
