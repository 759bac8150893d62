// A teacher in the real VS Code, with Malla's own program: where the hand-ins are, the class as a table, narrowed; one
// student's YAML annotated; a decision with its reason; reports. The results are those of a sample class.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { sha256 } from '../../src/grading/handin/canonical-json.ts';
import { openResults } from '../../src/grading/replay/results.ts';
import { noBarriers } from './axe.ts';
import { sampleGraded, sampleLabs, sampleList, sampleRubric } from './sample-class.ts';
import type { Story } from './story.ts';
import type { ThemeName, Workbench } from './workbench.ts';
import { fitsAtDoubleZoom } from './zoom.ts';

const size = 40;
const themes: ThemeName[] = ['oscuro', 'contraste', 'claro'];
/** Of the student with most to look at. */
let worst = '';

export const gradingStory: Story = [
  [
    'where the hand-ins, the rubric and the list are is chosen, and what was graded is there',
    async ({ root, workbench, folder, picture }) => {
      const places = await sampleFolder(root, folder);
      // The extension is there once its sidebar is.
      await workbench.openMalla();
      await workbench.treeItem(/Canary/i).waitFor();
      await workbench.command('Calificar una clase');
      const panel = workbench.panel();
      await panel.getByText('Elige la carpeta con las entregas').waitFor();
      await picture('12-calificar-vacio');
      for (const [name, path] of Object.entries(places)) {
        await panel.getByRole('button', { name: `Elegir: ${name}` }).click();
        await answerPath(workbench, path);
      }
      await panel.locator('.count', { hasText: `${size} de ${size} alumnos` }).waitFor();
      if ((await rows(panel).count()) !== size) throw new Error(`${await rows(panel).count()} students, not ${size}.`);
      await picture('12-calificar-clase');
    },
  ],
  [
    'the table is put in order and narrowed by mouse and by keyboard',
    async ({ workbench }) => {
      const panel = workbench.panel();
      for (let twice = 0; twice < 2; twice += 1) await panel.getByRole('button', { name: /^Por revisar/ }).click();
      worst = await rows(panel).first().getByRole('rowheader').innerText();
      await panel.getByLabel('Buscar').fill('íñiguez');
      const found = await rows(panel).count();
      if (found === 0 || found === size) throw new Error(`Searching leaves ${found} students.`);
      await panel.getByLabel('Buscar').fill('');
      await panel.getByLabel('Causa').selectOption({ index: 1 });
      await panel.locator('.count', { hasText: / de 40 alumnos$/ }).waitFor();
      if ((await rows(panel).count()) === size) throw new Error('A cause leaves the whole class.');
      await panel.getByLabel('Causa').selectOption({ index: 0 });
    },
  ],
  [
    'a student’s work shows what is wrong at its line of YAML',
    async (scene) => {
      const { workbench, root, picture } = scene;
      const panel = workbench.panel();
      await panel.getByRole('button', { name: worst, exact: true }).click();
      await panel.locator('.detail h2').getByText(worst).waitFor();
      await panel.locator('.code .marked .note').first().waitFor();
      for (const theme of themes) {
        await workbench.theme(theme);
        await noBarriers(`the grading panel, ${theme}`, await workbench.panelFrame(), root);
        await picture(`12-calificar-alumno-${theme}`);
      }
      await panel.locator('.code .marked').first().scrollIntoViewIfNeeded();
      await picture('12-calificar-yaml');
      await fitsAtDoubleZoom('the grading panel', scene, '12-calificar-zoom');
    },
  ],
  [
    'a decision is not taken without its reason; with it, the mark changes and the record keeps it',
    async ({ workbench, folder, picture }) => {
      const panel = workbench.panel();
      const before = await panel.locator('.mark').innerText();
      const first = panel.locator('.detail .check', { hasText: 'Mal:' }).first();
      await first.getByText('Decidir otra cosa…').click();
      await first.getByRole('button', { name: 'Anotar' }).click();
      if (existsSync(recordOf(folder))) throw new Error('A decision without a reason was kept.');
      await first.getByLabel('Motivo').fill('El enunciado era ambiguo');
      await first.getByRole('button', { name: 'Anotar' }).click();
      await panel.getByText('Decidido: vale como correcta.').waitFor();
      await panel.getByText('El enunciado era ambiguo').first().waitFor();
      const after = await panel.locator('.mark').innerText();
      if (after === before) throw new Error(`The mark is still ${before}.`);
      const kept = JSON.parse(readFileSync(recordOf(folder), 'utf8').trim()) as { entry: { reason: string } };
      if (kept.entry.reason !== 'El enunciado era ambiguo') throw new Error(JSON.stringify(kept));
      await picture('12-calificar-ajuste');
    },
  ],
  [
    'a wrong rubric is told with what to do, and the marks stay',
    async ({ workbench, folder, picture }) => {
      const panel = workbench.panel();
      const wrong = join(folder, 'mal.yaml');
      writeFileSync(wrong, sampleRubric.replace('lab: mtls', 'lab: mtl'));
      await panel.getByRole('button', { name: 'Elegir: Rúbrica' }).click();
      await answerPath(workbench, wrong);
      await panel.getByRole('alert').getByText('MALLA-RUB-09').waitFor();
      await picture('12-calificar-problema');
      if ((await rows(panel).count()) !== size) throw new Error('The marks are gone.');
      await panel.getByRole('button', { name: 'Elegir: Rúbrica' }).click();
      await answerPath(workbench, join(folder, 'rubrica.yaml'));
      await panel.getByRole('alert').waitFor({ state: 'detached' });
    },
  ],
  [
    'after the window is loaded again the panel comes back with the class in it',
    async ({ workbench, picture }) => {
      // In a browser VS Code writes what it keeps every five seconds.
      await workbench.page.waitForTimeout(6000);
      await workbench.page.reload();
      const panel = workbench.panel();
      await panel.locator('.count', { hasText: `${size} de ${size} alumnos` }).waitFor();
      if ((await rows(panel).count()) !== size) throw new Error(`${await rows(panel).count()} students, not ${size}.`);
      await picture('12-calificar-recargada');
    },
  ],
  [
    'the reports are written',
    async ({ workbench, folder }) => {
      const panel = workbench.panel();
      await panel.getByRole('button', { name: 'Exportar informes' }).click();
      await panel.getByRole('button', { name: 'Abrir el informe de la clase' }).waitFor();
      const out = join(folder, 'entregas-notas/informe');
      for (const name of ['clase.html', 'moodle.csv', 'notas.csv', 'junit.xml', 'clase.json'])
        if (!existsSync(join(out, name))) throw new Error(`There is no ${name}.`);
    },
  ],
];

/** Hand-ins that were graded already, as `malla calificar` leaves them. Name of each source → its path. */
async function sampleFolder(root: string, folder: string): Promise<Record<string, string>> {
  const entregas = join(folder, 'entregas');
  mkdirSync(entregas);
  const header = { format: 'malla-correccion/1' as const, malla: '0.1.0', program: 'x', course: sha256('c'), key: '' };
  const results = await openResults(join(folder, 'entregas-notas'), header, 0);
  for (const graded of sampleGraded(await sampleLabs(root), size))
    await results.keep(graded.submission, graded.sha256, graded);
  writeFileSync(join(folder, 'rubrica.yaml'), sampleRubric);
  writeFileSync(join(folder, 'lista.csv'), sampleList(size));
  return { Entregas: entregas, Rúbrica: join(folder, 'rubrica.yaml'), Lista: join(folder, 'lista.csv') };
}

function recordOf(folder: string): string {
  return join(folder, 'entregas-notas/registro.jsonl');
}

function rows(panel: FrameLocator) {
  return panel.locator('.class tbody tr');
}

/**
 * In the editor's own list of files, which takes the place of the system's in a browser. It writes where it begins over what
 * was typed too soon, and goes into a folder before it is chosen: it is asked until it goes away.
 */
async function answerPath({ page }: Workbench, path: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('input[type="text"]');
  await input.waitFor();
  await widget.locator('.monaco-list-row').first().waitFor();
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await input.inputValue()).replace(/\/$/, '') !== path) await input.fill(path);
    await page.keyboard.press('Enter');
    try {
      return await widget.waitFor({ state: 'hidden', timeout: 6_000 });
    } catch {
      // Not yet.
    }
  }
  throw new Error(`${path} was not taken.`);
}
