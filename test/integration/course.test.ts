// The course executed from its own text: every step's solution is right twice, every mistake that a lab names is incorrecto
// with its cause, and each lab leaves the cluster as it found it.
import { afterAll, expect, test } from 'vitest';
import { loadCourse } from '../../src/cli/course.ts';
import { describe as sentence } from '../../src/cli/trial/matrix.ts';
import { createStartingPoints } from '../../src/cli/trial/starting-points.ts';
import { type Trial, tryLab } from '../../src/cli/trial/try-lab.ts';
import type { Lab } from '../../src/labs/lab.ts';
import { hostFor } from './support/sandbox.ts';

const host = hostFor('');
const course = await loadCourse(host);
/** The labs that vary, as other students get them; their mistakes are tried once, with the course. */
const others: Lab[] = [];
for (const seed of ['Íñigo']) {
  const theirs = await loadCourse({ ...host, env: { ...host.env, MALLA_SEMILLA: seed } });
  const varied = theirs.filter((lab, i) => JSON.stringify(lab) !== JSON.stringify(course[i]));
  others.push(...varied.map((lab) => ({ ...lab, steps: lab.steps.map((step) => ({ ...step, mistakes: [] })) })));
}
const starting = createStartingPoints(course, host);
afterAll(() => starting.remove());

test.each([...course, ...others].map((lab) => [lab.id, lab] as const))('%s', { timeout: 300_000 }, async (_id, lab) => {
  const trials: Trial[] = [];
  for await (const trial of tryLab(lab, starting)) trials.push(trial);
  expect(trials.filter((t) => !t.passed).map(sentence)).toEqual([]);
  const tried = new Set(trials.map((t) => `${t.what} ${t.step ?? ''} ${t.what === 'error' ? t.title : ''}`));
  expect(tried.size).toBeGreaterThanOrEqual(trials.length / 2);
});
