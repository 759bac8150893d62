// `npm run pictures`: media/panel.png of the README, taken from the running extension.
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './editor/browser.ts';
import { ensureEditor } from './editor/install.ts';
import { onStage } from './editor/stage.ts';

const largest = 200 * 1024;

/** Takes the picture of the canary lab with a split that is right. */
export async function takePictures(root: string): Promise<void> {
  const editor = ensureEditor();
  const browser = await launchBrowser(editor.browser);
  try {
    await onStage({ root, editor, browser }, async ({ workbench, picture }) => {
      await workbench.theme('claro');
      await workbench.openMalla();
      await workbench.page.locator('.sidebar').getByRole('button', { name: 'Iniciar clúster' }).click();
      await workbench.statusBar(/Clúster en marcha/).waitFor({ timeout: 30_000 });
      await workbench.treeItem(/Canary/i).click();
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Preparar lo anterior' }).click();
      await panel
        .getByText(/^Preparando /)
        .first()
        .waitFor();
      await panel
        .getByText(/^Preparando |Preparar lo anterior/)
        .first()
        .waitFor({ state: 'detached', timeout: 180_000 });
      const links = panel.locator('.page-link');
      for (let page = 1; page < (await links.count()); page += 1) {
        await links.nth(page).click();
        await links.nth(page).and(panel.locator('[aria-current]')).waitFor();
        if ((await panel.locator('.check').count()) === 0) continue;
        await panel.getByRole('button', { name: 'Aplicar solución' }).click();
        await panel.locator('.step-head .mark-correcto').waitFor({ timeout: 120_000 });
        if ((await panel.locator('.check .bar').count()) > 0) break;
      }
      await panel.locator('.checks').scrollIntoViewIfNeeded();
      await picture('panel');
    });
  } finally {
    await browser.close();
  }
  compress(join(root, 'out/pictures/panel.png'), join(root, 'media/panel.png'));
}

/** With fewer colours where pngquant is there; refuses a picture that would weigh on the repository. */
function compress(from: string, to: string): void {
  rmSync(to, { force: true });
  const done = spawnSync('pngquant', ['--quality', '70-95', '--output', to, from]);
  if (done.status !== 0) copyFileSync(from, to);
  const { size } = statSync(to);
  if (size > largest)
    throw new Error(`${to} ocupa ${Math.round(size / 1024)} KiB; como mucho, ${largest / 1024}. Instala pngquant.`);
  console.log(`${to}: ${Math.round(size / 1024)} KiB`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await takePictures(resolve(import.meta.dirname, '..'));
