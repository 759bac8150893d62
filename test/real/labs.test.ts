// The matrix: every lab from its own solution and its own mistakes at each place to work. The cluster is given by
// MALLA_REAL_KUBECONFIG; it is left with Istio, hello and Bookinfo. MALLA_REAL_PLACES chooses among the places.
import { afterAll, describe, expect, test } from 'vitest';
import { loadCourse, previousLabs } from '../../src/cli/course.ts';
import { createStartingPoints } from '../../src/cli/trial/starting-points.ts';
import { type Place, type Trial, tryLab, tryLabOn } from '../../src/cli/trial/try-lab.ts';
import type { Lab, Step } from '../../src/labs/lab.ts';
import { hostFor } from '../integration/support/sandbox.ts';
import { printedMatrix } from './support/matrix.ts';
import { createLacks, needsOf } from './support/needs.ts';
import { isDone, prepare, realPlace, versionsOf } from './support/places.ts';
import { placeNames, type Row, readPlace, recordLab, rowOf } from './support/recordings.ts';

const kubeconfig = process.env.MALLA_REAL_KUBECONFIG;
const wanted = (process.env.MALLA_REAL_PLACES ?? placeNames.join()).split(',');
const course = await loadCourse(hostFor(''));
// First those that begin without Bookinfo: once it is there, it stays.
const labs = course.filter((lab) => !lab.chapter).toSorted((a, b) => Number(withBookinfo(a)) - Number(withBookinfo(b)));

afterAll(() => console.log(printedMatrix(labs.map((lab) => lab.id))));

describe.runIf(wanted.includes('embebido'))('embebido', () => {
  const starting = createStartingPoints(course, hostFor(''));
  afterAll(() => starting.remove());

  test.each(labs.map((lab) => [lab.id, lab] as const))('%s', async (_id, lab) => {
    const rows: Row[] = [];
    for await (const trial of tryLab(lab, starting)) rows.push(told(trial));
    recordLab('embebido', lab.id, { date: today(), versions: { Kubernetes: 'v1.34 simulado' }, rows });
    expect(rows.filter((row) => !row.passed).map((row) => row.title)).toEqual([]);
  });
});

if (!kubeconfig) console.warn('MALLA_REAL_KUBECONFIG is not set: no lab is tried on a real cluster.');

describe.each(['kind', 'kubeadm'] as const)('%s', (name) => {
  const place = kubeconfig ? realPlace(name, kubeconfig) : undefined;
  test.runIf(kubeconfig && wanted.includes(name)).each(labs.map((lab) => [lab.id, lab] as const))(
    '%s',
    async (_id, lab) => {
      const there = await place;
      if (!there) return;
      const { rows, problems } = await tryOn(lab, there);
      recordLab(name, lab.id, { date: today(), versions: await versionsOf(there), rows });
      expect(problems).toEqual([]);
    },
  );
});

function withBookinfo(lab: Lab): boolean {
  return lab.id === 'bookinfo' || previousLabs(course, lab).some(({ id }) => id === 'bookinfo');
}

async function tryOn(lab: Lab, place: Place): Promise<{ rows: Row[]; problems: string[] }> {
  const rows: Row[] = [];
  const problems: string[] = [];
  const missing = await prepare(lab, course, place);
  const lacks = createLacks(place.cluster.client);
  const steps: Step[] = [];
  for (const step of lab.steps.filter((s) => s.checks.length > 0 || s.solution.length > 0)) {
    const done = await isDone(place.cluster.client, lab.id);
    const why = done
      ? 'otros laboratorios parten de él, y el clúster ya lo tiene hecho'
      : await lacks(needsOf(lab, step));
    if (why === undefined) steps.push(step);
    else rows.push(...skipped(lab, step, why));
  }
  if (steps.length === 0) return { rows, problems };
  for await (const trial of tryLabOn({ ...lab, steps }, place, { missing, mistakes: true })) {
    rows.push(told(trial));
    if (!trial.passed) problems.push(`${trial.step ?? ''} ${trial.what} «${trial.title}»: ${trial.problem}`);
  }
  return { rows, problems };
}

function skipped(lab: Lab, step: Step, why: string): Row[] {
  const of = { lab: lab.id, step: step.id, found: [], passed: false, skipped: why };
  return [
    ...step.mistakes.map(({ title, cause }) => ({ ...of, what: 'error' as const, title, expected: cause })),
    { ...of, what: 'solucion', title: step.title },
  ];
}

function told(trial: Trial): Row {
  const { lab, step = '', what, title, passed, problem, milliseconds } = trial;
  const seconds = (milliseconds / 1000).toFixed(1);
  console.log(
    `${passed ? '✔' : '✘'} ${lab} ${step} ${what} «${title}» ${seconds} s${passed ? '' : `\n    ${problem}`}`,
  );
  return rowOf(trial);
}

function today(): string {
  return new Date().toISOString();
}

test('something was recorded', () => {
  expect(placeNames.some((name) => readPlace(name) !== undefined)).toBe(true);
});
