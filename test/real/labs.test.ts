// The matrix: every lab from its own solution and its own mistakes at each place to work. The cluster is given by
// MALLA_REAL_KUBECONFIG and attached in two ways, which judge the same states; it is left with Istio, hello and
// Bookinfo. MALLA_REAL_PLACES chooses among the places and MALLA_REAL_LABS among the labs; with MALLA_REAL_DESDE, what was
// recorded since that commit stays, and is told apart.
import { afterAll, describe, expect, test } from 'vitest';
import { loadCourse, previousLabs } from '../../src/cli/course.ts';
import { createStartingPoints } from '../../src/cli/trial/starting-points.ts';
import type { Place, Trial } from '../../src/cli/trial/trial.ts';
import { tryLab } from '../../src/cli/trial/try-lab.ts';
import { tryLabOn } from '../../src/cli/trial/try-lab-on.ts';
import type { Lab, Step } from '../../src/labs/lab.ts';
import { hostFor } from '../integration/support/sandbox.ts';
import { printedMatrix } from './support/matrix.ts';
import { createLacks, needsOf } from './support/needs.ts';
import { prepare, realPlace, versionsOf } from './support/places.ts';
import {
  currentLoad,
  type PlaceName,
  placeNames,
  type Row,
  readPlace,
  recordLab,
  rowOf,
  rowsBeside,
  type Stamp,
} from './support/recordings.ts';
import { currentCommit, keptStamp } from './support/resume.ts';

const kubeconfig = process.env.MALLA_REAL_KUBECONFIG;
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

if (!kubeconfig) console.warn('MALLA_REAL_KUBECONFIG is not set: no lab is tried on a real cluster.');

const ways = (['kind', 'kubeadm'] as const).filter((way) => wanted.includes(way));
const place = kubeconfig && ways.length > 0 ? realPlace(ways, kubeconfig) : undefined;

describe.runIf(place)(`a real cluster, attached as ${ways.join(' and as ')}`, () => {
  test.each(labs.map((lab) => [lab.id, lab] as const))('%s', async (_id, lab) => {
    const there = await place;
    if (!there) return;
    const versions = await versionsOf(there);
    if (ways.every((way) => isKept(way, lab, versions))) return;
    const begun = performance.now();
    const { rows, problems } = await tryOn(lab, there);
    const stamp = stampOf(await versionsOf(there), begun);
    for (const [i, way] of ways.entries()) recordLab(way, lab.id, stamp, rows[i] ?? []);
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

/** The rows of each way, in their order. */
async function tryOn(lab: Lab, place: Place): Promise<{ rows: Row[][]; problems: string[] }> {
  const rows: Row[][] = ways.map(() => []);
  const add = (each: readonly Row[]): void => {
    for (const [i, own] of rows.entries()) own.push(...each.slice(i, i + 1));
  };
  const problems: string[] = [];
  const missing = await prepare(lab, course, place);
  const lacks = createLacks(place.cluster.client);
  const steps: Step[] = [];
  for (const step of lab.steps.filter((s) => s.checks.length > 0 || s.solution.length > 0)) {
    const why = await lacks(needsOf(lab, step));
    if (why === undefined) steps.push(step);
    else for (const row of skipped(lab, step, why)) add(ways.map(() => row));
  }
  if (steps.length === 0) return { rows, problems };
  for await (const trial of tryLabOn({ ...lab, steps }, place, { missing, mistakes: true })) {
    add([told(trial), ...rowsBeside(trial)]);
    for (const [i, problem] of [trial.problem, ...trial.beside.map((o) => o.problem)].entries())
      if (problem) problems.push(`${ways[i]}: ${trial.step ?? ''} ${trial.what} «${trial.title}»: ${problem}`);
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
  const { lab, step = '', what, title, milliseconds, beside } = trial;
  const problems = [trial.problem, ...beside.map((o) => o.problem)].filter((problem) => problem !== '');
  const seconds = (milliseconds / 1000).toFixed(1);
  console.log(
    [
      `${problems.length === 0 ? '✔' : '✘'} ${lab} ${step} ${what} «${title}» ${seconds} s`,
      ...problems.map((problem) => `    ${problem}`),
    ].join('\n'),
  );
  return rowOf(trial);
}

test('something was recorded', () => {
  expect(placeNames.some((name) => readPlace(name) !== undefined)).toBe(true);
});
