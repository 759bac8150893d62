// `npm run pictures`: media/panel.png of the README, taken from the running extension, and media/icon.png of its page.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './editor/browser.ts';
import { ensureEditor } from './editor/install.ts';
import { applySolution, prepare, startCluster } from './editor/moves.ts';
import { onStage } from './editor/stage.ts';

const largest = 200 * 1024;

/** Takes the picture of the canary lab with a split that is right. */
export async function takePictures(root: string): Promise<void> {
  const editor = ensureEditor();
  const browser = await launchBrowser(editor.browser);
  try {
    await takeIcon(root, browser);
    await onStage({ root, editor, browser }, async ({ workbench, picture }) => {
      await workbench.openMalla();
      await startCluster(workbench);
      // Not at once: the themes come from extensions, which must have been found.
      await workbench.theme('claro');
      await workbench.treeItem(/Canary/i).click();
      await prepare(workbench);
      await applySolution(workbench, 'noventa');
      await workbench
        .treeItem(/Canary/i)
        .locator('.monaco-tl-twistie')
        .click();
      await workbench.panel().getByRole('button', { name: 'Siguiente' }).scrollIntoViewIfNeeded();
      await picture('panel');
    });
  } finally {
    await browser.close();
  }
  compress(join(root, 'out/pictures/panel.png'), join(root, 'media/panel.png'));
}

/** The icon of the list of extensions may not be SVG. */
async function takeIcon(root: string, browser: Browser): Promise<void> {
  const drawing = readFileSync(join(root, 'media/icon-color.svg'), 'utf8').replace(/ width="24" height="24"/, '');
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
  await page.setContent(
    `<style>body { margin: 0; background: #fff } svg { display: block; padding: 20px }</style>${drawing}`,
  );
  await page.screenshot({ path: join(root, 'media/icon.png') });
  await page.close();
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
