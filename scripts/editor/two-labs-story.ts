// A student's two labs, canary and mTLS, from an empty folder to green in the real VS Code on Malla's real cluster: once with
// nothing but the mouse, while the cluster dies and the window is loaded again; once with nothing but the keyboard, and then on
// another cluster. Only by name: `npm run editor -- historia`.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { noBarriers } from './axe.ts';
import { keyboardOf, reachByTab } from './keyboard.ts';
import { clusterPid, malla } from './malla.ts';
import { applySolution, done, idle, prepare, scrolledTo, startCluster, turnTo } from './moves.ts';
import type { Scene } from './stage.ts';
import { type Story, until } from './story.ts';
import type { ThemeName } from './workbench.ts';

const patience = { timeout: 120_000 };
const themes: ThemeName[] = ['oscuro', 'claro', 'contraste'];
const mtlsSteps = ['escenario', 'identidad', 'estricto', 'conflicto', 'excepcion'];

export const mouseStory: Story = [
  [
    'mouse: the cluster starts, and what canary needs before is prepared',
    async ({ workbench }) => {
      workbench.page.setDefaultTimeout(patience.timeout);
      await workbench.openMalla();
      await startCluster(workbench);
      await workbench.treeItem(/Canary/i).click();
      await workbench.panel().getByRole('heading', { level: 1 }).waitFor();
      await prepare(workbench);
    },
  ],
  [
    'mouse: a file is created and applied from the text of the lab, and its step turns green by itself',
    async ({ workbench, folder, picture }) => {
      await applySolution(workbench, 'azar');
      await turnTo(workbench, 'noventa');
      const panel = workbench.panel();
      await panel.locator('[data-action="crear"]').first().click();
      await until('the file is there', () => existsSync(join(folder, 'canary/reviews-canary.yaml')));
      // It opens beside the lab. Closed, the lab has the window to itself again.
      const file = workbench.page.locator('.tab', { hasText: 'reviews-canary.yaml' });
      await file.waitFor();
      await picture('historia-fichero');
      await file.click({ button: 'middle', timeout: 30_000 });
      await workbench.page.locator('.editor-group-container').nth(1).waitFor({ state: 'detached', timeout: 30_000 });
      await applySolution(workbench, 'noventa');
    },
  ],
  [
    'mouse: the cluster is killed; the panel says so, starts it again, and nothing is lost',
    async ({ workbench, root, scratch, picture }) => {
      process.kill(clusterPid(root, scratch), 'SIGKILL');
      const start = workbench.panel().getByRole('button', { name: 'Iniciar clúster' });
      await start.waitFor();
      await picture('historia-muerto');
      await start.click();
      await workbench.statusBar(/en marcha/).waitFor();
      await workbench.panel().locator('.step-head .mark-correcto, .step-head .mark-superado').waitFor();
    },
  ],
  [
    'mouse: the window is loaded again in the middle, and canary ends green',
    async ({ workbench, picture }) => {
      const before = await workbench.panel().locator('#step-title').innerText();
      // In a browser VS Code writes what it keeps every five seconds.
      await workbench.page.waitForTimeout(6000);
      await workbench.page.reload();
      await workbench.panel().locator('#step-title', { hasText: before }).waitFor();
      await workbench.statusBar(/en marcha/).waitFor();
      for (const step of ['mitad', 'cien', 'etiquetas']) await applySolution(workbench, step);
      await workbench.panel().getByText('Laboratorio terminado').scrollIntoViewIfNeeded();
      await picture('historia-canary');
    },
  ],
  [
    'mouse: mTLS ends green, and no key has been pressed',
    async ({ workbench, inputs, picture }) => {
      await (await scrolledTo(workbench, /^mTLS/)).click();
      await workbench.page.locator('.tab.active', { hasText: 'mTLS' }).waitFor();
      const panel = workbench.panel();
      await panel.locator('.page-link').first().waitFor();
      if (await panel.getByRole('button', { name: 'Preparar lo anterior' }).isVisible()) await prepare(workbench);
      for (const step of mtlsSteps) await applySolution(workbench, step);
      await panel.getByText('Laboratorio terminado').scrollIntoViewIfNeeded();
      await picture('historia-mtls');
      if (inputs.keys > 0 || inputs.clicks === 0) throw new Error(`Keys: ${inputs.keys}, clicks: ${inputs.clicks}.`);
    },
  ],
];

export const keyboardStory: Story = [
  [
    'keyboard: the cluster starts, a lab is chosen from the list, and what it needs before is prepared',
    async (scene) => {
      const { workbench } = scene;
      workbench.page.setDefaultTimeout(patience.timeout);
      const keyboard = keyboardOf(workbench);
      await keyboard.run('Malla: Iniciar clúster');
      await workbench.statusBar(/en marcha/).waitFor();
      await keyboard.run('Malla: Abrir laboratorio…');
      await keyboard.pick('Canary');
      await workbench.panel().getByRole('heading', { level: 1 }).waitFor();
      await keyboard.run('Malla: Preparar lo anterior');
      await prepared(scene);
    },
  ],
  [
    'keyboard: canary ends green, by Tab and Enter in the panel and by the palette',
    async ({ workbench, picture }) => {
      const keyboard = keyboardOf(workbench);
      const panel = workbench.panel();
      await keyboard.run('Malla: Paso siguiente');
      await panel.locator('.page-link[data-key="page-azar"][aria-current]').waitFor();
      await reachByTab(workbench, 'apply');
      await workbench.page.keyboard.press('Enter');
      await panel.locator(done).waitFor();
      for (const step of ['noventa', 'mitad', 'cien', 'etiquetas']) {
        await keyboard.run('Malla: Paso siguiente');
        await panel.locator(`.page-link[data-key="page-${step}"][aria-current]`).waitFor();
        await idle(workbench);
        await keyboard.run('Malla: Aplicar solución');
        await panel.locator(done).waitFor();
      }
      await picture('historia-teclado-canary');
    },
  ],
  [
    'keyboard: mTLS ends green, and the mouse has not been touched',
    async (scene) => {
      const { workbench, inputs, picture } = scene;
      const keyboard = keyboardOf(workbench);
      await keyboard.run('Malla: Abrir laboratorio…');
      await keyboard.pick('mTLS');
      const panel = workbench.panel();
      await panel.locator('.page-link[data-key="page-escenario"]').waitFor();
      if (await panel.getByRole('button', { name: 'Preparar lo anterior' }).isVisible()) {
        await keyboard.run('Malla: Preparar lo anterior');
        await prepared(scene);
      }
      for (const step of mtlsSteps) {
        await keyboard.run('Malla: Paso siguiente');
        await panel.locator(`.page-link[data-key="page-${step}"][aria-current]`).waitFor();
        await idle(workbench);
        await keyboard.run('Malla: Aplicar solución');
        await panel.locator(done).waitFor();
      }
      await picture('historia-teclado-mtls');
      if (inputs.clicks > 0 || inputs.keys === 0) throw new Error(`Keys: ${inputs.keys}, clicks: ${inputs.clicks}.`);
    },
  ],
  [
    'keyboard: the labs go to another cluster that exists already, shown before joining, and back',
    async ({ workbench, root, scratch, inputs, picture }) => {
      const keyboard = keyboardOf(workbench);
      const other = join(scratch, 'otro');
      mkdirSync(other);
      const { kubeconfig } = malla(root, other, 'cluster', 'iniciar') as { kubeconfig: string };
      try {
        await keyboard.run('View: Show Malla');
        await workbench.treeItem(/^Clúster embebido/).waitFor();
        await keyboard.run('Malla: Unirse a un clúster que ya existe…');
        await keyboard.pick('Otro fichero…');
        await keyboard.answerPath(kubeconfig);
        // Of its only context.
        await keyboard.pick('malla');
        const dialog = workbench.page.locator('.monaco-dialog-box');
        await dialog.getByRole('button', { name: 'Unirme' }).waitFor();
        await picture('historia-unirse');
        await workbench.page.keyboard.press('Enter');
        await dialog.waitFor({ state: 'detached' });
        await workbench.treeItem(/^Clúster de «/).waitFor();
        await picture('historia-otro-cluster');
        await keyboard.run('Malla: Soltar el clúster');
        await workbench.treeItem(/^Clúster embebido/).waitFor();
        await workbench.statusBar(/Clúster en marcha/).waitFor();
      } finally {
        malla(root, other, 'cluster', 'borrar');
      }
      if (inputs.clicks > 0) throw new Error(`Clicks: ${inputs.clicks}.`);
    },
  ],
  [
    'three panels, in three themes, keep nobody out',
    async ({ workbench, root, picture }) => {
      const keyboard = keyboardOf(workbench);
      const panels: [string, () => Promise<void>][] = [
        ['canary', async () => openLab('Canary')],
        ['mtls', async () => openLab('mTLS')],
        ['vistas', async () => keyboard.run('Malla: Ver la malla')],
      ];
      async function openLab(name: string): Promise<void> {
        await keyboard.run('Malla: Abrir laboratorio…');
        await keyboard.pick(name);
      }
      for (const [name, open] of panels) {
        await open();
        await workbench.panel().getByRole('heading', { level: 1 }).waitFor();
        for (const theme of themes) {
          await workbench.theme(theme);
          await noBarriers(`${name}, ${theme}`, await workbench.panelFrame(), root);
          await picture(`historia-${name}-${theme}`);
        }
      }
    },
  ],
];

/** What comes before has been applied: the panel no longer offers to. */
async function prepared({ workbench }: Scene): Promise<void> {
  const panel = workbench.panel();
  await panel
    .getByText(/^Preparando /)
    .first()
    .waitFor();
  const either = panel.getByText(/^Preparando |Preparar lo anterior/).first();
  await either.waitFor({ state: 'detached', timeout: 300_000 });
}
