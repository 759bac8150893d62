// Mistakes planted in the solutions of the labs: a sample of them, another one for each day's seed would do as well. All of
// them are tried by `node scripts/mutants.ts`.
import { afterAll, expect, test } from 'vitest';
import { loadCourse } from '../../src/cli/course.ts';
import { createStartingPoints } from '../../src/cli/trial/starting-points.ts';
import { seeded } from '../../src/traffic/simulate.fixture.ts';
import { type Mutant, mutantsOf } from './support/mutants/mutants-of.ts';
import { type MutantTrial, tryMutants } from './support/mutants/try-mutants.ts';
import { hostFor } from './support/sandbox.ts';

const host = hostFor('');
const course = await loadCourse(host);
const starting = createStartingPoints(course, host);
afterAll(() => starting.remove());

/** Of labs that start from Bookinfo and change only configuration, so that a sample is quick. */
const sampled = ['canary', 'cabeceras', 'fallos', 'blue-green'];
const size = 60;

test('there are at least 200 planted mistakes in the course', () => {
  expect(course.flatMap((lab) => mutantsOf(lab)).length).toBeGreaterThanOrEqual(200);
});

test('of 60 planted mistakes every one is refused or equivalent, and 95 of 100 for their own cause', {
  timeout: 300_000,
}, async () => {
  const labs = course.filter((lab) => sampled.includes(lab.id));
  const chosen = new Set(sample(labs.flatMap((lab) => mutantsOf(lab)).map(keyOf), size));
  const trials: MutantTrial[] = [];
  for (const lab of labs)
    for await (const trial of tryMutants(lab, starting, (mutant) => chosen.has(keyOf(mutant)))) trials.push(trial);
  expect(trials).toHaveLength(size);
  expect(trials.filter((t) => t.result === 'aceptado').map((t) => keyOf(t.mutant))).toEqual([]);
  const refused = trials.filter((t) => t.result === 'rechazado');
  const otherwise = refused.filter((t) => !t.rightCause).map((t) => `${keyOf(t.mutant)}: ${t.code} ${t.message}`);
  expect(otherwise.length, otherwise.join('\n')).toBeLessThanOrEqual(refused.length * 0.05);
});

function keyOf({ lab, step, operator, what }: Mutant): string {
  return `${lab}/${step} ${operator}: ${what}`;
}

/** Without repetition, by a fixed seed. */
function sample(keys: string[], wanted: number): string[] {
  const random = seeded(2026);
  return [...new Set(keys)]
    .map((key) => ({ key, turn: random() }))
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, wanted)
    .map(({ key }) => key);
}
