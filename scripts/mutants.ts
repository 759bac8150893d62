// Tries every mutant of the course, or of the labs named, prints what came of it and, when it was the whole course, writes the
// figures into docs/veredictos.md.   node scripts/mutants.ts [LAB…]
import { appendFileSync } from 'node:fs';
import { loadCourse } from '../src/cli/course.ts';
import { createStartingPoints } from '../src/cli/trial/starting-points.ts';
import { type MutantTrial, tryMutants } from '../test/integration/support/mutants/try-mutants.ts';
import { hostFor } from '../test/integration/support/sandbox.ts';
import { percent, table, writeFigures } from './figures-page.ts';

const named = process.argv.slice(2);
const log = process.env.MALLA_MUTANTES;
const host = hostFor('');
const course = await loadCourse(host);
const starting = createStartingPoints(course, host);
const trials: MutantTrial[] = [];
try {
  for (const lab of course) {
    if (named.length > 0 && !named.includes(lab.id)) continue;
    for await (const trial of tryMutants(lab, starting, () => true)) {
      trials.push(trial);
      const line = describe(trial);
      if (log) appendFileSync(log, `${line}\n`);
      if (trial.result === 'aceptado' || (trial.result === 'rechazado' && !trial.rightCause)) console.log(line);
    }
  }
} finally {
  await starting.remove();
}
const lines = figures();
console.log(lines.join('\n'));
if (named.length === 0) writeFigures('mutantes', lines);

function describe({ mutant, result, code, message, rightCause, milliseconds }: MutantTrial): string {
  const cause = code ? ` ${rightCause ? '' : 'OTRA CAUSA '}${code} ${message}` : ` ${message}`;
  return `${mutant.lab}/${mutant.step} [${mutant.operator}] ${mutant.what}: ${result}${cause} (${Math.round(milliseconds)} ms)`;
}

function figures(): string[] {
  const labs = [...new Set(trials.map((t) => t.mutant.lab))];
  const row = (title: string, own: MutantTrial[]) => {
    const count = (result: MutantTrial['result']) => own.filter((t) => t.result === result);
    const refused = count('rechazado');
    const right = refused.filter((t) => t.rightCause).length;
    return [
      title,
      String(own.length),
      String(refused.length),
      String(count('equivalente').length),
      String(count('aceptado').length),
      percent(refused.length === 0 ? 1 : right / refused.length, 1),
    ];
  };
  const rows = labs.map((lab) =>
    row(
      lab,
      trials.filter((t) => t.mutant.lab === lab),
    ),
  );
  return table(
    ['laboratorio', 'errores', 'rechazados', 'equivalentes', 'aceptados', 'causa acertada'],
    [...rows, row('**todos**', trials)],
  );
}
