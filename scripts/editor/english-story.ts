// The extension in an editor whose language is English.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canaryYaml } from '../../src/language/fixtures.ts';
import { openFile } from './moves.ts';
import type { Story } from './story.ts';

export const englishStory: Story = [
  [
    'the sidebar, the status bar and the palette speak English',
    async ({ workbench, picture }) => {
      const { page } = workbench;
      await page.locator('.activitybar').getByRole('tab', { name: 'Malla' }).click();
      await page.locator('.sidebar').getByText('Labs', { exact: true }).first().waitFor();
      await page.locator('.sidebar').getByRole('button', { name: 'Start cluster' }).click();
      await workbench.statusBar(/running/i).waitFor();
      await workbench.command('Malla: Open lab…');
      await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
      await picture('10-ingles');
      await page.keyboard.press('Escape');
    },
  ],
  [
    'the panel of a lab speaks English, and the lab itself Spanish, which the page says',
    async ({ workbench, picture }) => {
      await workbench.treeItem(/Canary/i).click();
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Begin' }).click();
      await panel.getByRole('button', { name: 'Show solution' }).waitFor();
      await panel.locator('html[lang="en"] .text[lang="es"]').first().waitFor();
      await picture('10-ingles-panel');
    },
  ],
  [
    "the help on Istio's YAML speaks English",
    async ({ workbench, folder, picture }) => {
      const { page } = workbench;
      writeFileSync(join(folder, 'canary.yaml'), canaryYaml.replace('weight: 90', 'weight: 60'));
      await workbench.command('View: Show Explorer');
      await openFile(workbench, 'canary.yaml');
      await page.locator('.codelens-decoration a:visible', { hasText: 'Measure split' }).first().waitFor();
      await workbench.command('View: Focus Problems');
      await page.locator('.markers-panel').getByText('The weights add up to 70, not 100.').first().waitFor();
      await picture('10-ingles-yaml');
    },
  ],
];
