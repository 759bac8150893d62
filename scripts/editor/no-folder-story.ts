// What happens when no folder is open, and when a file of the student's is in the way. With a stand-in for `malla`.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Story, until } from './story.ts';
import type { Workbench } from './workbench.ts';

/** Where the extension has put the files; the parts of the story share it. */
let temporary = '';
let created = '';

export const noFolderStory: Story = [
  [
    'the first action that writes asks where, and a temporary folder is named in the panel',
    async ({ workbench, picture }) => {
      await workbench.openMalla();
      await workbench.treeItem(/Canary/i).click();
      const panel = workbench.panel();
      await panel.getByText('No hay ninguna carpeta abierta').waitFor();
      await turnToFile(workbench);
      created = await panel
        .locator('main > .text .bloque', { has: panel.locator('[data-action="crear"]') })
        .first()
        .locator('.fichero')
        .innerText();
      await createButton(workbench).click();
      await answer(workbench, 'Usar una temporal');
      const note = await panel.getByText(/carpeta temporal que el sistema puede borrar/).innerText();
      temporary = note.slice(note.lastIndexOf(': ') + 2);
      await until('the file is in the temporary folder', () => existsSync(join(temporary, 'canary', created)));
      await picture('7-sin-carpeta');
    },
  ],
  [
    'a file that the student has changed is not overwritten without asking',
    async ({ workbench, picture }) => {
      const path = join(temporary, 'canary', created);
      const original = readFileSync(path, 'utf8');
      writeFileSync(path, 'mine\n');
      await createButton(workbench).click();
      await workbench.page.locator('.monaco-dialog-box').waitFor();
      await picture('8-sobrescribir');
      await answer(workbench, 'Abrir el mío');
      if (readFileSync(path, 'utf8') !== 'mine\n') throw new Error("The student's file has been changed.");
      await createButton(workbench).click();
      await answer(workbench, 'Sobrescribir');
      await until('the file is as the lab says', () => readFileSync(path, 'utf8') === original);
    },
  ],
  [
    'a command that needs the cluster offers to start it, and goes on',
    async ({ workbench }) => {
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Abrir terminal' }).first().click();
      // The test driver of VS Code hides toasts; the list of notifications shows them.
      await workbench.command('Notifications: Show Notifications');
      await workbench.page.locator('.notifications-center').getByRole('button', { name: 'Iniciar clúster' }).click();
      await workbench.statusBar(/Clúster en marcha/).waitFor();
      await workbench.page.locator('.terminal-wrapper').first().waitFor();
    },
  ],
  [
    'the keyboard alone reaches every control of the panel, and each has a name',
    async ({ workbench }) => {
      const panel = workbench.panel();
      await panel.locator('#step-title').focus();
      const reached = new Set<string>();
      for (let presses = 0; presses < 60 && !reached.has('after'); presses += 1) {
        await workbench.page.keyboard.press('Tab');
        reached.add(
          (await panel
            .locator(':focus')
            .getAttribute('data-key')
            .catch(() => null)) ?? 'text',
        );
      }
      for (const key of ['text', 'verify', 'apply', 'before', 'after'])
        if (!reached.has(key)) throw new Error(`Tab does not reach ${key}; it reaches ${[...reached].join(', ')}.`);
      for (const button of await panel.getByRole('button').all())
        if (!(await button.innerText()).trim()) throw new Error('A button has no name.');
      await workbench.page.keyboard.press('Enter');
      await panel.locator('.page-link[aria-current]', { hasText: '3.' }).waitFor();
      rmSync(temporary, { recursive: true });
    },
  ],
];

async function turnToFile(workbench: Workbench): Promise<void> {
  const panel = workbench.panel();
  const links = panel.locator('.page-link');
  for (let page = 1; page < (await links.count()); page += 1) {
    await links.nth(page).click();
    await links.nth(page).and(panel.locator('[aria-current]')).waitFor();
    if ((await createButton(workbench).count()) > 0) return;
  }
  throw new Error('No page of the lab creates a file.');
}

function createButton(workbench: Workbench) {
  return workbench.panel().locator('main > .text [data-action="crear"]').first();
}

async function answer(workbench: Workbench, button: string): Promise<void> {
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'detached' });
}
