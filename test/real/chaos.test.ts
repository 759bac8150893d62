// Twenty verdicts while pods are being killed: each is right, incorrecto for the reason that the lab declares, or no
// verificable. Solutions and mistakes alternate; the moments and the victims come from a seed, MALLA_CHAOS_SEED.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { verifyCheck } from '../../src/checks/verify.ts';
import { loadCourse } from '../../src/cli/course.ts';
import { perform } from '../../src/cli/perform.ts';
import { solveStep } from '../../src/cli/solve-step.ts';
import { putBack, type Saved, save } from '../../src/cli/trial/put-back.ts';
import { createStartingPoints } from '../../src/cli/trial/starting-points.ts';
import type { Place } from '../../src/cli/trial/trial.ts';
import type { Action, CheckDeclaration, Lab, Step } from '../../src/labs/lab.ts';
import { hostFor } from '../integration/support/sandbox.ts';
import { killPods, seeded } from './support/chaos.ts';
import { prepare, realPlace } from './support/places.ts';
import { type ChaosRun, type PlaceName, recordChaos } from './support/recordings.ts';

const runs = Number(process.env.MALLA_CHAOS_RUNS ?? 20);
const seed = Number(process.env.MALLA_CHAOS_SEED ?? 1);
const kubeconfig = process.env.MALLA_REAL_KUBECONFIG;
const wanted = (process.env.MALLA_REAL_PLACES ?? 'embebido,kind').split(',');
const course = await loadCourse(hostFor(''));
const signal = new AbortController().signal;

/** First steps that begin where `canary` does, with the subsets declared, and whose checks send traffic. */
const subjects: [lab: string, step: string][] = [
  ['canary', 'noventa'],
  ['fallos', 'diez'],
  ['timeouts', 'retraso'],
  ['autorizacion', 'cerrar'],
];

interface Subject {
  lab: Lab;
  step: Step;
  title: string;
  actions: readonly Action[];
  checks: readonly CheckDeclaration[];
  /** Undefined: the solution. */
  cause?: string;
}

const all = subjects.flatMap(([id, name]): Subject[] => {
  const lab = course.find((l) => l.id === id);
  const step = lab?.steps.find((s) => s.id === name);
  if (!lab || !step) throw new Error(`${id}/${name} is not in the course any more.`);
  return [
    { lab, step, title: 'solución', actions: step.solution, checks: step.checks },
    ...step.mistakes.map(({ title, actions, cause, check }) => ({
      lab,
      step,
      title,
      actions,
      checks: step.checks.filter((c) => c.id === check),
      cause,
    })),
  ];
});

describe.runIf(wanted.includes('embebido'))('embebido', () => {
  const starting = createStartingPoints(course, hostFor(''));
  afterAll(() => starting.remove());

  test('no verdict is wrong', async () => {
    const canary = course.find((l) => l.id === 'canary');
    if (!canary) throw new Error('no canary');
    const sandbox = await starting.of(canary);
    try {
      const started = await sandbox.start(canary);
      await judge('embebido', { ...started, host: sandbox.host, folder: join(sandbox.home, 'trabajo') });
    } finally {
      await sandbox.remove();
    }
  });
});

if (!kubeconfig) console.warn('MALLA_REAL_KUBECONFIG is not set: no pod of a real cluster is killed.');

describe.runIf(kubeconfig && wanted.includes('kind'))('kind', () => {
  test('no verdict is wrong', async () => {
    const place = await realPlace(['kind'], kubeconfig ?? '');
    const canary = course.find((l) => l.id === 'canary');
    if (!canary) throw new Error('no canary');
    const before = await save(place.cluster.client);
    for (const earlier of await prepare(canary, course, place)) {
      for (const step of earlier.steps)
        await solveStep(earlier, step, place.cluster, place.host, { where: place.folder, env: place.env });
    }
    await judge('kind', place);
    await putBack(place.cluster.client, before, { signal });
  });
});

async function judge(name: PlaceName, place: Place): Promise<void> {
  const random = seeded(seed);
  const saved = await save(place.cluster.client);
  const done: ChaosRun[] = [];
  for (let i = 0; i < runs; i++) {
    const pool = all.filter(({ cause }) => (cause === undefined) === (i % 2 === 0));
    const subject = pool[Math.floor(random() * pool.length)];
    if (!subject) throw new Error('no subject');
    done.push(await oneRun(subject, place, saved, random));
    console.log(JSON.stringify(done.at(-1)));
    // As it goes: whoever stops it in the middle has what was seen.
    recordChaos(name, { date: new Date().toISOString(), seed, runs: done });
  }
  expect(done.filter((run) => !run.fair)).toEqual([]);
}

async function oneRun(subject: Subject, place: Place, saved: Saved, random: () => number): Promise<ChaosRun> {
  const { lab, step, title, actions, checks, cause } = subject;
  const { cluster, env, folder: where } = place;
  const folder = join(where, existsSync(where) ? `caos-${lab.id}` : lab.id);
  for await (const _done of perform(actions, { folder, env, home: folder, signal }));
  const chaos = killPods(cluster.client, random);
  const verdicts: ChaosRun['verdicts'] = [];
  try {
    for (const check of checks) {
      const { state, cause: found, milliseconds } = await verifyCheck(check, { cluster, signal });
      verdicts.push({
        check: check.id,
        state,
        ...(found ? { cause: found.code } : {}),
        milliseconds: Math.round(milliseconds),
      });
    }
  } finally {
    await chaos.stop();
  }
  const left = await putBack(cluster.client, saved, { signal });
  if (left.length > 0) throw new Error(`not put back: ${left.join(', ')}`);
  const fair = verdicts.every((v) =>
    cause === undefined
      ? v.state !== 'incorrecto'
      : v.state === 'no verificable' || (v.state === 'incorrecto' && v.cause === cause),
  );
  return {
    lab: lab.id,
    step: step.id,
    title,
    ...(cause ? { cause } : {}),
    killed: chaos.killed.length,
    verdicts,
    fair,
  };
}
