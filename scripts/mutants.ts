// Tries every mutant of the course, or of the labs named, prints what came of it, keeps the counts of those labs in
// test/verdicts/mutants.json and writes all that is there into docs/veredictos.md.   node scripts/mutants.ts [LAB…]
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
interface Counts {
  tried: number;
  refused: number;
  equivalent: number;
  accepted: number;
  rightCause: number;
}

const kept = join(import.meta.dirname, '../test/verdicts/mutants.json');
const known: Record<string, Counts> = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
for (const id of new Set(trials.map((t) => t.mutant.lab))) known[id] = count(trials.filter((t) => t.mutant.lab === id));
mkdirSync(dirname(kept), { recursive: true });
writeFileSync(kept, `${JSON.stringify(known, undefined, 2)}\n`);
const lines = figures();
console.log(lines.join('\n'));
writeFigures('mutantes', lines);

function describe({ mutant, result, code, message, rightCause, milliseconds }: MutantTrial): string {
  const cause = code ? ` ${rightCause ? '' : 'OTRA CAUSA '}${code} ${message}` : ` ${message}`;
  return `${mutant.lab}/${mutant.step} [${mutant.operator}] ${mutant.what}: ${result}${cause} (${Math.round(milliseconds)} ms)`;
}

function count(own: readonly MutantTrial[]): Counts {
  const of = (result: MutantTrial['result']) => own.filter((t) => t.result === result);
  return {
    tried: own.length,
    refused: of('rechazado').length,
    equivalent: of('equivalente').length,
    accepted: of('aceptado').length,
    rightCause: of('rechazado').filter((t) => t.rightCause).length,
  };
}

function figures(): string[] {
  const rows = course.flatMap(({ id }) => (known[id] ? [{ id, counts: known[id] }] : []));
  const sum = (key: keyof Counts) => rows.reduce((total, { counts }) => total + counts[key], 0);
  const all: Counts = {
    tried: sum('tried'),
    refused: sum('refused'),
    equivalent: sum('equivalent'),
    accepted: sum('accepted'),
    rightCause: sum('rightCause'),
  };
  const cells = (title: string, { tried, refused, equivalent, accepted, rightCause }: Counts) => [
    title,
    ...[tried, refused, equivalent, accepted].map(String),
    percent(refused === 0 ? 1 : rightCause / refused, 1),
  ];
  return table(
    ['laboratorio', 'errores', 'rechazados', 'equivalentes', 'aceptados', 'causa acertada'],
    [...rows.map(({ id, counts }) => cells(id, counts)), cells('**todos**', all)],
  );
}
