// The course executed from its own text: every step's solution is right twice, every mistake that a lab names is incorrecto
// with its cause, and each lab leaves the cluster as it found it. In parts, which run at the same time.
import { afterAll, expect, test } from 'vitest';
import { loadCourse } from '../../../src/cli/course.ts';
import type { Host } from '../../../src/cli/host.ts';
import { describe as sentence } from '../../../src/cli/trial/matrix.ts';
import { createStartingPoints } from '../../../src/cli/trial/starting-points.ts';
import { type Trial, tryLab } from '../../../src/cli/trial/try-lab.ts';
import { createTurns } from '../../../src/cli/trial/turns.ts';
import type { Lab } from '../../../src/labs/lab.ts';
import { hostFor } from './sandbox.ts';

/** Clusters of one part at the same time: trials mostly wait, for pods, for answers that are slow on purpose, for Prometheus. */
const places = 3;

/** Defines the tests of every `parts`-th lab from `part`, which counts from 0. */
export async function tryCourse(part: number, parts: number): Promise<void> {
  const host = hostFor('');
  const course = await loadCourse(host);
  const starting = createStartingPoints(course, host);
  afterAll(() => starting.remove());

  const turns = createTurns(places);
  const labs = [...course, ...(await variedLabs(course, host))].filter((_, i) => i % parts === part);
  // The time of a lab begins while others have all the places.
  test.concurrent.each(labs.map((lab) => [lab.id, lab] as const))('%s', { timeout: 900_000 }, async (_id, lab) => {
    const trials: Trial[] = [];
    for await (const trial of tryLab(lab, starting, turns)) trials.push(trial);
    expect(trials.filter((t) => !t.passed).map(sentence)).toEqual([]);
    const tried = new Set(trials.map((t) => `${t.what} ${t.step ?? ''} ${t.what === 'error' ? t.title : ''}`));
    expect(tried.size).toBeGreaterThanOrEqual(trials.length / 2);
  });
}

/** The labs that vary, as another student gets them; their mistakes are tried once, with the course. */
async function variedLabs(course: readonly Lab[], host: Host): Promise<Lab[]> {
  const theirs = await loadCourse({ ...host, env: { ...host.env, MALLA_SEMILLA: 'Íñigo' } });
  return theirs
    .filter((lab, i) => JSON.stringify(lab) !== JSON.stringify(course[i]))
    .map((lab) => ({ ...lab, steps: lab.steps.map((step) => ({ ...step, mistakes: [] })) }));
}
