import type { Command } from 'commander';
import { mallaHome } from '../../cluster/home.ts';
import { answeredSteps, noAnswers } from '../../labs/answers.ts';
import { readAnswers } from '../answers-file.ts';
import { loadCourse } from '../course.ts';
import type { Invocation } from '../host.ts';
import { readProgress } from '../progress-file.ts';
import { paintFor } from '../style.ts';

export function labsCommand(program: Command, { host }: Invocation): void {
  program
    .command('labs')
    .description('lista los laboratorios')
    .option('--json', 'una línea de JSON')
    .action(async (options: { json?: boolean }) => {
      const labs = await loadCourse(host);
      if (options.json) {
        const home = mallaHome(host.env);
        const progress = await readProgress(home);
        const answers = await Promise.all(labs.map((lab) => readAnswers(home, lab.id)));
        const rows = labs.map((lab, i) => {
          const { id, title, chapter, minutes, requires, clusters, steps, notHere } = lab;
          const own = answers[i] ?? noAnswers;
          return {
            id,
            title,
            chapter,
            minutes,
            requires,
            clusters,
            ...(notHere === undefined ? {} : { notHere }),
            // Steps that were once right, in any session.
            passed: [...(progress[id] ?? []), ...answeredSteps(lab, own)],
            answers: own,
            steps: steps.map((s) => ({
              id: s.id,
              title: s.title,
              checks: s.checks.map((c) => ({ id: c.id, title: c.title })),
              questions: s.questions.map((q) => ({ id: q.id, text: q.text })),
            })),
          };
        });
        host.stdout.write(`${JSON.stringify(rows)}\n`);
        return;
      }
      const paint = paintFor(host);
      const width = Math.max(...labs.map((l) => l.id.length));
      for (const lab of labs) {
        const here = lab.notHere === undefined ? '' : ` ${paint('dim', `[no en tu espacio: ${lab.notHere}]`)}`;
        const needs = lab.requires.length > 0 ? `, después de ${lab.requires.join(', ')}` : '';
        host.stdout.write(
          `${paint('bold', lab.id.padEnd(width))}  ${lab.chapter ? 'Teoría: ' : ''}${lab.title} ${paint('dim', `(${lab.minutes} min${needs})`)}${here}\n`,
        );
      }
    });
}
