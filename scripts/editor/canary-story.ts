// The story a person lives: from an empty folder to a green canary, with nothing but clicks, on Malla's real cluster.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Story, until } from './story.ts';
import type { ThemeName, Workbench } from './workbench.ts';

const themes: ThemeName[] = ['oscuro', 'claro', 'contraste'];

export const canaryStory: Story = [
  [
    'the sidebar offers to start the cluster and lists the labs',
    async ({ workbench, picture }) => {
      await workbench.openMalla();
      await workbench.treeItem(/Canary/i).waitFor();
      await picture('1-barra-lateral');
      await workbench.page.locator('.sidebar').getByRole('button', { name: 'Iniciar clúster' }).click();
      await workbench.statusBar(/Clúster en marcha/).waitFor({ timeout: 30_000 });
    },
  ],
  [
    'the lab opens at its introduction, and what comes before it is prepared with a button',
    async ({ workbench, picture }) => {
      await workbench.treeItem(/Canary/i).click();
      const panel = workbench.panel();
      await panel.getByRole('heading', { level: 1 }).waitFor();
      await picture('2-introduccion');
      await panel.getByRole('button', { name: 'Preparar lo anterior' }).click();
      await panel
        .getByText(/^Preparando /)
        .first()
        .waitFor();
      await panel
        .getByText(/^Preparando |Preparar lo anterior/)
        .first()
        .waitFor({ state: 'detached', timeout: 180_000 });
      await noProblem(workbench);
    },
  ],
  [
    'files are created and commands run from the text of the lab',
    async ({ workbench, folder, picture }) => {
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Empezar' }).click();
      await turnUntil(workbench, '[data-action="crear"]');
      await panel.locator('[data-action="crear"]').first().click();
      await until(
        'the file is there',
        () => existsSync(join(folder, 'canary')) && readdirSync(join(folder, 'canary')).length > 0,
      );
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
    },
  ],
  [
    'verifying before the work is done says what is wrong, with its cause',
    async ({ workbench, picture }) => {
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Verificar' }).click();
      await panel.locator('.check-incorrecto .cause').first().waitFor({ timeout: 60_000 });
      await panel.locator('.check-incorrecto').first().scrollIntoViewIfNeeded();
      await picture('4-incorrecto');
    },
  ],
  [
    'every step turns green by itself after its solution is applied',
    async ({ workbench, picture }) => {
      const panel = workbench.panel();
      await panel.locator('.page-link').nth(1).click();
      const pages = await panel.locator('.page-link').count();
      for (let page = 1; page < pages; page += 1) {
        await panel.locator('.page-link').nth(page).click();
        await panel.locator('.page-link').nth(page).and(panel.locator('[aria-current]')).waitFor();
        if ((await panel.locator('.check').count()) === 0) continue;
        await panel.getByRole('button', { name: 'Aplicar solución' }).click();
        await panel.locator('.step-head .mark-correcto').waitFor({ timeout: 120_000 });
        await panel.locator('.checks').scrollIntoViewIfNeeded();
        await picture(`5-paso-${page}`);
      }
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
      await workbench.page.reload();
      await workbench.panel().locator('#step-title', { hasText: before }).waitFor({ timeout: 60_000 });
    },
  ],
  [
    'it can be read in dark, light and high contrast',
    async ({ workbench, picture }) => {
      await workbench.panel().locator('.checks .bar').first().waitFor({ timeout: 60_000 });
      for (const theme of themes) {
        await workbench.theme(theme);
        await workbench.page.waitForTimeout(300);
        await workbench.panel().locator('h1').scrollIntoViewIfNeeded();
        await picture(`6-${theme}-texto`);
        await workbench.panel().locator('.checks').scrollIntoViewIfNeeded();
        await picture(`6-${theme}-comprobaciones`);
      }
    },
  ],
];

/** Turns pages until the text has what `selector` says. */
async function turnUntil(workbench: Workbench, selector: string): Promise<void> {
  const panel = workbench.panel();
  const links = panel.locator('.page-link');
  const count = await links.count();
  for (let page = 1; page < count; page += 1) {
    await links.nth(page).click();
    await links.nth(page).and(panel.locator('[aria-current]')).waitFor();
    if ((await panel.locator(`main > .text ${selector}`).count()) > 0) return;
  }
  throw new Error(`No page of the lab has ${selector}.`);
}

async function noProblem(workbench: Workbench): Promise<void> {
  const problem = workbench.panel().locator('.notice-error');
  if ((await problem.count()) > 0) throw new Error(`The panel shows a problem: ${await problem.innerText()}`);
}
