// An exam in the real VS Code, after some work: its clock is in the status bar, and when the time is up the work is handed
// in by itself.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepExam, readExam } from '../../src/grading/exam/exam-state.ts';
import { malla } from './malla.ts';
import type { Story } from './story.ts';

const hour = 3_600_000;
const patience = 120_000;

export const examPart: Story[number] = [
  'the clock of an exam is in the status bar, and when the time is up the work is handed in',
  async ({ root, workbench, folder, scratch, picture }) => {
    const home = join(scratch, 'malla');
    const sheet = join(scratch, 'hoja.json');
    const said = { format: 'malla-examen/1', id: 'final', title: 'Final', labs: ['canary'], minutes: 9 };
    const rules = { hints: false, solutions: false, seed: 'final', rehearsal: false };
    writeFileSync(sheet, JSON.stringify({ ...said, ...rules }));
    malla(root, home, 'examen', 'empezar', sheet, '--alumno', 'ana');
    await workbench.statusBar(/[0-8]:\d\d/).waitFor({ timeout: patience });
    await picture('8-examen-reloj');
    // Nobody waits nine minutes: it was begun an hour ago.
    const exam = readExam(home);
    if (!exam) throw new Error('There is no exam.');
    await keepExam(home, { ...exam, begun: new Date(Date.now() - hour).toISOString() });
    await workbench.page.getByText('El tiempo de Final se ha acabado').first().waitFor({ timeout: patience });
    await picture('8-examen-entregado');
    if (!existsSync(join(folder, 'entrega-ana.zip'))) throw new Error('There is no hand-in.');
    await workbench.statusBar(/[0-8]:\d\d/).waitFor({ state: 'hidden' });
  },
];
