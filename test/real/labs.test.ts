// The matrix: every lab from its own solution and its own mistakes at each place to work. The cluster is given by
// MALLA_REAL_KUBECONFIG, or each its own by MALLA_REAL_KUBECONFIG_KIND and _KUBEADM; it is left with Istio, hello and
// Bookinfo. MALLA_REAL_PLACES chooses among the places and MALLA_REAL_LABS among the labs; with MALLA_REAL_DESDE, what was
// recorded since that commit stays, and is told apart.
import { afterAll, describe, expect, test } from 'vitest';
import { loadCourse, previousLabs } from '../../src/cli/course.ts';
import { createStartingPoints } from '../../src/cli/trial/starting-points.ts';
import { type Place, type Trial, tryLab, tryLabOn } from '../../src/cli/trial/try-lab.ts';
import type { Lab, Step } from '../../src/labs/lab.ts';
import { hostFor } from '../integration/support/sandbox.ts';
import { printedMatrix } from './support/matrix.ts';
import { createLacks, needsOf } from './support/needs.ts';
import { isDone, prepare, realPlace, versionsOf } from './support/places.ts';
import {
  currentLoad,
  type PlaceName,
  placeNames,
  type Row,
  readPlace,
  recordLab,
  rowOf,
  type Stamp,
} from './support/recordings.ts';
import { currentCommit, keptStamp } from './support/resume.ts';

const kubeconfigs = {
  kind: process.env.MALLA_REAL_KUBECONFIG_KIND ?? process.env.MALLA_REAL_KUBECONFIG,
  kubeadm: process.env.MALLA_REAL_KUBECONFIG_KUBEADM ?? process.env.MALLA_REAL_KUBECONFIG,
};
const only = process.env.MALLA_REAL_LABS?.split(',');
const wanted = (process.env.MALLA_REAL_PLACES ?? placeNames.join()).split(',');
const course = await loadCourse(hostFor(''));
// First those that begin without Bookinfo: once it is there, it stays.
const all = course.filter((lab) => !lab.chapter).toSorted((a, b) => Number(withBookinfo(a)) - Number(withBookinfo(b)));
const labs = all.filter((lab) => !only || only.includes(lab.id));

afterAll(() => console.log(printedMatrix(all.map((lab) => lab.id))));

describe.runIf(wanted.includes('embebido'))('embebido', () => {
  const starting = createStartingPoints(course, hostFor(''));
  afterAll(() => starting.remove());

  test.each(labs.map((lab) => [lab.id, lab] as const))('%s', async (_id, lab) => {
    const versions = { Kubernetes: 'v1.34 simulado' };
    if (isKept('embebido', lab, versions)) return;
    const rows: Row[] = [];
    const begun = performance.now();
    for await (const trial of tryLab(lab, starting)) rows.push(told(trial));
    recordLab('embebido', lab.id, stampOf(versions, begun), rows);
    expect(rows.filter((row) => !row.passed).map((row) => row.title)).toEqual([]);
  });
});

describe.each(['kind', 'kubeadm'] as const)('%s', (name) => {
  const kubeconfig = kubeconfigs[name];
  const tried = kubeconfig !== undefined && wanted.includes(name);
  if (!kubeconfig) console.warn(`MALLA_REAL_KUBECONFIG is not set: no lab is tried on ${name}.`);
  const place = tried ? realPlace(name, kubeconfig) : undefined;
  test.runIf(tried).each(labs.map((lab) => [lab.id, lab] as const))('%s', async (_id, lab) => {
    const there = await place;
    if (!there || isKept(name, lab, await versionsOf(there))) return;
    if ((await isDone(there.cluster.client, lab.id)) && readPlace(name)?.labs?.[lab.id]) {
      console.log(`= ${lab.id}, ${name}: el clúster ya lo tiene hecho, y se queda lo que se grabó`);
      return;
    }
    const begun = performance.now();
    const { rows, problems } = await tryOn(lab, there);
    recordLab(name, lab.id, stampOf(await versionsOf(there), begun), rows);
    expect(problems).toEqual([]);
  });
});

function isKept(place: PlaceName, lab: Lab, versions: Record<string, string>): boolean {
  const kept = keptStamp(place, lab.id, versions);
  if (kept) console.log(`= ${lab.id}, ${place}: se queda lo que se grabó el ${kept.date} (${kept.commit})`);
  return kept !== undefined;
}

function stampOf(versions: Record<string, string>, begun: number): Stamp {
  const seconds = Math.round((performance.now() - begun) / 1000);
  return { date: new Date().toISOString(), commit: currentCommit(), versions, seconds, load: currentLoad() };
}

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

test('something was recorded', () => {
  expect(placeNames.some((name) => readPlace(name) !== undefined)).toBe(true);
});
