// `malla calificar rubrica comprobar`: what is wrong with a rubric, before anybody is graded with it.
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { describeProblem, readRubricText } from '../../grading/rubric/load-rubric.ts';
import { planOf } from '../../grading/rubric/plan.ts';
import { readRubric } from '../../grading/rubric/read-rubric.ts';
import { highestMark } from '../../grading/rubric/score.ts';
import { exitCodes, type Invocation } from '../host.ts';
import { gradingCourse } from './class-marks.ts';
import { describePlan } from './describe-plan.ts';

export function rubricVerbs(grade: Command, { host, exit }: Invocation): void {
  const rubric = grade.command('rubrica').description('la rúbrica de una práctica');
  rubric
    .command('comprobar')
    .description('dice qué está mal en una rúbrica, con su línea y su arreglo, y si está bien, cuánto vale cada cosa')
    .argument('<FICHERO>', 'la rúbrica, en YAML')
    .option('--json', 'una línea de JSON')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const course = await gradingCourse(host);
      const text = await readRubricText(resolve(host.cwd, file));
      const { rubric: read, problems } = readRubric(text, basename(file), course);
      const right = read !== undefined && problems.length === 0;
      const plan = right ? planOf(read, course) : undefined;
      const named = new Set(plan?.units.map((u) => u.lab));
      const unreplayable = course.filter((l) => named.has(l.id) && !l.replayable).map((l) => l.id);
      if (json) {
        const worth = plan?.units.map((u) => ({
          lab: u.lab,
          title: u.title,
          points: u.weight * plan.rubric.nota.sobre,
        }));
        const highest = plan && highestMark({ nota: plan.rubric.nota, bonus: plan.bonus });
        host.stdout.write(
          `${JSON.stringify({ right, problems, ...(plan ? { worth, highest, unreplayable } : {}) })}\n`,
        );
      } else if (plan) host.stdout.write(describePlan(plan, unreplayable));
      else host.stdout.write(problems.map((p) => `${describeProblem(p)}\n`).join(''));
      exit(right ? exitCodes.right : exitCodes.wrong);
    });
}
