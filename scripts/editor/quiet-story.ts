// What Malla costs whoever does not use it: nothing in a folder that has nothing to do with it, a few kilobytes when a YAML file
// of another kind is opened, and the rest when it is asked for. From its package, as a person has it.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openFile } from './moves.ts';
import type { Story } from './story.ts';

const names = (modules: readonly string[]): string => modules.map((path) => basename(path)).join();

export const quietStory: Story = [
  [
    'a folder that has nothing to do with Malla loads nothing of it',
    async ({ workbench, folder, witness }) => {
      writeFileSync(join(folder, 'notas.md'), '# Notas\n');
      writeFileSync(join(folder, 'datos.yaml'), 'ciudades:\n  - nombre: Lugo\n');
      await openFile(workbench, 'notas.md');
      const { active, modules } = await witness().see('the folder', () => true);
      if (active || modules.length > 0) throw new Error(`Malla is awake: ${names(modules)}`);
    },
  ],
  [
    'a YAML file of another kind loads the entry, and nothing else',
    async ({ workbench, witness }) => {
      await openFile(workbench, 'datos.yaml');
      await witness().see('Malla awake', ({ active }) => active);
      await workbench.page.waitForTimeout(2000);
      const { modules } = await witness().see('Malla awake', () => true);
      if (names(modules) !== 'extension.cjs') throw new Error(`It has loaded ${names(modules)}.`);
    },
  ],
  [
    'a command that is asked for then loads the rest, and is done',
    async ({ workbench, witness }) => {
      await workbench.command('Malla: Abrir laboratorio…');
      await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Instalar Istio' }).waitFor();
      await witness().see('all of Malla', ({ modules }) => names(modules).includes('main.cjs'));
      await workbench.page.keyboard.press('Escape');
    },
  ],
];
