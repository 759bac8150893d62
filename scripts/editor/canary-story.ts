// The story a person lives: from an empty folder to a green canary, with nothing but clicks, on Malla's real cluster.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noBarriers } from './axe.ts';
import { examPart } from './exam-part.ts';
import { applySolution, prepare, startCluster, turnTo } from './moves.ts';
import { type Story, until } from './story.ts';
import type { ThemeName, Workbench } from './workbench.ts';
import { fitsAtDoubleZoom } from './zoom.ts';

const themes: ThemeName[] = ['oscuro', 'claro', 'contraste'];

export const canaryStory: Story = [
  [
    'the sidebar offers to start the cluster and lists the labs',
    async ({ workbench, picture }) => {
      await workbench.openMalla();
      await workbench.treeItem(/Canary/i).waitFor();
      await picture('1-barra-lateral');
      await startCluster(workbench);
    },
  ],
  [
    'the lab opens at its introduction, and what comes before it is prepared with a button',
    async ({ workbench, picture }) => {
      await workbench.treeItem(/Canary/i).click();
      const panel = workbench.panel();
      await panel.getByRole('heading', { level: 1 }).waitFor();
      await picture('2-introduccion');
      await prepare(workbench);
      await noProblem(workbench);
    },
  ],
  [
    'files are created and commands run from the text of the lab',
    async ({ workbench, folder, picture }) => {
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Empezar' }).click();
      await turnTo(workbench, 'noventa');
      await panel.locator('[data-action="crear"]').first().click();
      await until('the file is there', () => existsSync(join(folder, 'canary/reviews-canary.yaml')));
      await workbench.page.locator('.editor-group-container').nth(1).waitFor();
      await picture('3-fichero');
      await workbench.command('View: Close Editor');
    },
  ],
  [
    'a hint unfolds only after the one before it',
    async ({ workbench }) => {
      const hints = workbench.panel().locator('details.pista');
      const count = await hints.count();
      if (count < 2) throw new Error(`The step has ${count} hints; the test needs two.`);
      if (await hints.nth(1).isVisible()) throw new Error('The second hint is there before the first is unfolded.');
      await hints.nth(0).locator('summary').click();
      await hints.nth(1).waitFor();
      await workbench.command('Malla: Pedir una pista');
      await hints.nth(1).and(workbench.panel().locator('[open]')).waitFor();
      await workbench.command('Malla: Mostrar solución');
      await workbench.panel().locator('section.solution').waitFor();
    },
  ],
  [
    'verifying before the work is done says what is wrong, with its cause',
    async ({ workbench, picture }) => {
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Verificar' }).click();
      await panel.locator('.check-incorrecto .cause').first().waitFor();
      await panel.locator('.checks').scrollIntoViewIfNeeded();
      await picture('4-incorrecto');
    },
  ],
  [
    'an answer that is typed is judged at once, and said why it is not right',
    async ({ workbench, picture }) => {
      await turnTo(workbench, 'azar');
      const panel = workbench.panel();
      const field = panel.locator('.answer input');
      await field.fill('0 %');
      await panel.getByRole('button', { name: 'Responder' }).click();
      await panel.locator('.check-incorrecto .cause').first().waitFor();
      await picture('4-respuesta');
      await field.fill('35 %');
      await panel.getByRole('button', { name: 'Responder' }).click();
      await panel.locator('.step-head .mark-correcto').waitFor();
    },
  ],
  [
    'a step turns green by itself after its solution is applied',
    async ({ workbench, picture }) => {
      await applySolution(workbench, 'noventa');
      await workbench.panel().locator('.checks').scrollIntoViewIfNeeded();
      await picture('5-noventa');
    },
  ],
  [
    'a step turns green by itself after the student edits the file and runs the command in the terminal',
    async ({ workbench, folder, picture }) => {
      await turnTo(workbench, 'mitad');
      const file = join(folder, 'canary/reviews-canary.yaml');
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, before.replace('subset: v2', 'subset: v3').replaceAll(/weight: \d+/g, 'weight: 50'));
      const panel = workbench.panel();
      await panel.locator('[data-action="ejecutar"]').first().click();
      await panel.locator('.step-head .mark-correcto').waitFor();
      await picture('5-mitad-terminal');
      await workbench.command('View: Toggle Panel Visibility');
      await panel.locator('.checks').scrollIntoViewIfNeeded();
      await picture('5-mitad');
    },
  ],
  [
    'the last step ends the lab without an error in view',
    async ({ workbench, picture }) => {
      await applySolution(workbench, 'cien');
      await applySolution(workbench, 'etiquetas');
      await workbench.panel().getByText('Laboratorio terminado').scrollIntoViewIfNeeded();
      await picture('5-terminado');
      await noProblem(workbench);
    },
  ],
  [
    'the tree shows the lab as finished',
    async ({ workbench }) => {
      await workbench.treeItem(/Canary.*(terminado|correcto)/i).waitFor();
    },
  ],
  [
    'the window comes back after a reload at the same step',
    async ({ workbench }) => {
      const before = await workbench.panel().locator('#step-title').innerText();
      // In a browser VS Code writes what it keeps every five seconds.
      await workbench.page.waitForTimeout(6000);
      await workbench.page.reload();
      await workbench.panel().locator('#step-title', { hasText: before }).waitFor();
    },
  ],
  [
    'it can be read in dark, light and high contrast',
    async ({ workbench, root, picture }) => {
      await workbench.panel().locator('.checks .bar').first().waitFor();
      for (const theme of themes) {
        await workbench.theme(theme);
        await noBarriers(`the lab panel, ${theme}`, await workbench.panelFrame(), root);
        await workbench.panel().locator('h1').scrollIntoViewIfNeeded();
        await picture(`6-${theme}-texto`);
        await workbench.panel().locator('.checks').scrollIntoViewIfNeeded();
        await picture(`6-${theme}-comprobaciones`);
      }
    },
  ],
  [
    'at a zoom of 200 % nothing is cut off, and with reduced motion nothing moves',
    async (scene) => fitsAtDoubleZoom('the lab panel', scene, '6-zoom'),
  ],
  [
    'the views explain a request of the canary with its line of YAML, in three themes',
    async ({ workbench, root, picture }) => {
      await workbench.command('Malla: Ver la malla');
      const view = workbench.panel();
      await view.getByRole('button', { name: 'Una petición' }).click();
      const client = view.locator('#cliente');
      await client.locator('option', { hasText: 'productpage' }).waitFor({ state: 'attached' });
      await client.selectOption(await client.locator('option', { hasText: 'productpage' }).getAttribute('value'));
      await view.getByRole('button', { name: 'Explicar' }).click();
      await view.locator('.outcome', { hasText: 'La petición llega al pod reviews-v3' }).waitFor();
      await view.locator('.where a', { hasText: 'VirtualService default/reviews spec.http[0].route[0]' }).waitFor();
      for (const theme of themes) {
        await workbench.theme(theme);
        await noBarriers(`the views, ${theme}`, await workbench.panelFrame(), root);
        await picture(`7-${theme}-peticion`);
      }
    },
  ],
  [
    'the request is sent, and the access log of its proxy says that it went where the page said',
    async ({ workbench, picture }) => {
      const view = workbench.panel();
      const client = view.locator('#cliente');
      const gateway = client.locator('option', { hasText: 'ingressgateway' });
      await client.selectOption(await gateway.getAttribute('value'));
      await view.getByRole('button', { name: 'Explicar' }).click();
      await view.locator('.outcome', { hasText: 'La petición llega al pod productpage' }).waitFor();
      await view.getByRole('button', { name: 'Enviarla y comparar con Envoy' }).click();
      await view.locator('.outcome', { hasText: 'Envoy ha hecho lo que dice la configuración.' }).waitFor();
      await view.locator('.comparison dd code', { hasText: 'outbound|9080||productpage.default' }).waitFor();
      await picture('7-comparacion');
    },
  ],
  [
    'the views keep nobody out, page by page; at a zoom of 200 % nothing is cut off',
    async (scene) => {
      const { workbench, root } = scene;
      const view = workbench.panel();
      for (const name of ['Grafo', 'Paneles', 'Trazas', 'Una petición']) {
        await view.getByRole('button', { name, exact: true }).click();
        await view.locator('main *').first().waitFor();
        await noBarriers(`the views, ${name}`, await workbench.panelFrame(), root);
        await fitsAtDoubleZoom(`the views, ${name}`, scene, `7-zoom-${name.toLowerCase().replaceAll(/\W+/g, '-')}`);
      }
    },
  ],
  examPart,
];

async function noProblem(workbench: Workbench): Promise<void> {
  const problem = workbench.panel().locator('.notice-error');
  if ((await problem.count()) > 0) throw new Error(`The panel shows a problem: ${await problem.innerText()}`);
}
