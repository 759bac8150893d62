// An exam in the real VS Code, after some work: its clock is in the status bar, and when the time is up the work is handed
// in by itself.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { malla } from './malla.ts';
import type { Story } from './story.ts';

/** Of the exam, milliseconds: the clock is seen, and nobody waits long. */
const length = 14_000;
const patience = 120_000;

export const examPart: Story[number] = [
  'the clock of an exam is in the status bar, and when the time is up the work is handed in',
  async ({ root, workbench, folder, scratch, picture }) => {
    const sheet = join(scratch, 'hoja.json');
    const until = new Date(Date.now() + length).toISOString();
    const said = { format: 'malla-examen/1', id: 'final', title: 'Final', labs: ['canary'], until };
    const rules = { hints: false, solutions: false, seed: 'final', rehearsal: false };
    writeFileSync(sheet, JSON.stringify({ ...said, ...rules }));
    malla(root, join(scratch, 'malla'), 'examen', 'empezar', sheet, '--alumno', 'ana');
    await workbench.statusBar(/\d+:\d\d/).waitFor();
    await picture('8-examen-reloj');
    await workbench.page.getByText('El tiempo de Final se ha acabado').first().waitFor({ timeout: patience });
    await picture('8-examen-entregado');
    if (!existsSync(join(folder, 'entrega-ana.zip'))) throw new Error('There is no hand-in.');
    await workbench.statusBar(/\d+:\d\d/).waitFor({ state: 'hidden' });
  },
];
