// Solves every step of the course again and again, each lab from the state where it begins, twice on each cluster, and counts
// the verdicts that are not correcto. Keeps the counts in test/verdicts/solutions.json and writes them into docs/veredictos.md.
//   node scripts/repeat-solutions.ts [--veces 1000] [--minutos 60] [--seguir] [LAB…]
// --minutos: no lab is begun after that. --seguir: adds to the counts that are kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCourse } from '../src/cli/course.ts';
import { createStartingPoints } from '../src/cli/trial/starting-points.ts';
import { type Trial, tryLab } from '../src/cli/trial/try-lab.ts';
import { createTurns } from '../src/cli/trial/turns.ts';
import type { Lab } from '../src/labs/lab.ts';
import { hostFor } from '../test/integration/support/sandbox.ts';
import { table, writeFigures } from './figures-page.ts';

interface Counts {
  /** By lab. */
  solved: Record<string, number>;
  /** Some check incorrecto, or a command that failed. */
  refused: Pick<Trial, 'lab' | 'step' | 'problem'>[];
  /** Some check that the cluster or the machine did not let judge. */
  undecided: Pick<Trial, 'lab' | 'step' | 'problem'>[];
}

const { values, positionals } = parseArgs({
  options: {
    veces: { type: 'string', default: '1000' },
    minutos: { type: 'string', default: '600' },
    seguir: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const kept = join(import.meta.dirname, '../test/verdicts/solutions.json');
const wanted = Number(values.veces);
const end = performance.now() + Number(values.minutos) * 60_000;
/** Labs that are tried at the same time. */
const places = 3;

const host = hostFor('');
const course = await loadCourse(host);
const labs = course.filter((l) => !l.chapter && (positionals.length === 0 || positionals.includes(l.id)));
const starting = createStartingPoints(course, host);
const counts: Counts =
  values.seguir && existsSync(kept)
    ? JSON.parse(readFileSync(kept, 'utf8'))
    : { solved: {}, refused: [], undecided: [] };
try {
  const queue = repeated(labs);
  const turns = createTurns(places);
  await Promise.all(Array.from({ length: places }, () => work(queue, turns)));
} finally {
  await starting.remove();
}
record();
console.log(`${total()} soluciones, ${counts.refused.length} rechazadas`);
process.exit(counts.refused.length === 0 ? 0 : 1);

async function work(queue: Iterator<Lab>, turns: ReturnType<typeof createTurns>): Promise<void> {
  while (total() < wanted && performance.now() < end) {
    const lab: Lab = queue.next().value;
    await repeat(lab, turns);
    record();
    console.error(`${lab.id}: ${total()} soluciones, ${counts.refused.length} rechazadas`);
  }
}

/** A cluster that stops answering is nobody's mistake: what is left of the lab is not counted. */
async function repeat(lab: Lab, turns: ReturnType<typeof createTurns>): Promise<void> {
  try {
    for await (const { what, step, passed, problem, found } of tryLab(withoutMistakes(lab), starting, turns)) {
      if (what !== 'solucion' && what !== 'otra-vez') continue;
      counts.solved[lab.id] = (counts.solved[lab.id] ?? 0) + 1;
      if (passed) continue;
      const states = found.map(({ state }) => state);
      const undecided = states.includes('no verificable') && !states.includes('incorrecto');
      counts[undecided ? 'undecided' : 'refused'].push({ lab: lab.id, ...(step && { step }), problem });
    }
  } catch (error) {
    counts.undecided.push({ lab: lab.id, problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Those with the fewest solutions so far go first, so that counts stay even. */
function* repeated(labs: readonly Lab[]): Generator<Lab> {
  for (;;) yield* labs.toSorted((a, b) => (counts.solved[a.id] ?? 0) - (counts.solved[b.id] ?? 0));
}

function withoutMistakes(lab: Lab): Lab {
  return { ...lab, steps: lab.steps.map((step) => ({ ...step, mistakes: [] })) };
}

function total(): number {
  return Object.values(counts.solved).reduce((sum, n) => sum + n, 0);
}

function record(): void {
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, `${JSON.stringify(counts, undefined, 2)}\n`);
  const rows = course.flatMap(({ id }) => {
    const solved = counts.solved[id];
    if (solved === undefined) return [];
    const of = ({ lab }: { lab: string }) => lab === id;
    return [[id, ...[solved, counts.refused.filter(of).length, counts.undecided.filter(of).length].map(String)]];
  });
  writeFigures(
    'soluciones',
    table(
      ['laboratorio', 'soluciones verificadas', 'rechazadas', 'no verificables'],
      [...rows, ['**todos**', ...[total(), counts.refused.length, counts.undecided.length].map(String)]],
    ),
  );
}
