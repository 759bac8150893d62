// A lab tried from its own text: each written solution is right twice, each declared mistake is wrong for the cause that it
// declares, and the clean-up leaves the cluster as it was found.
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createLabStream } from '../../checks/lab-stream.ts';
import type { Verdict, VerdictState } from '../../checks/verdict.ts';
import { verifyCheck } from '../../checks/verify.ts';
import type { Cluster, KubeClient } from '../../cluster/contract.ts';
import { mallaHome } from '../../cluster/home.ts';
import { answerKey } from '../../labs/answers.ts';
import type { Action, Lab, Mistake, Step } from '../../labs/lab.ts';
import { readAnswers } from '../answers-file.ts';
import type { Host } from '../host.ts';
import { perform } from '../perform.ts';
import { solveStep } from '../solve-step.ts';
import { differences, type Snapshot, takeSnapshot } from './left-behind.ts';
import { putBack, save } from './put-back.ts';
import type { Sandbox } from './sandbox.ts';
import type { StartingPoints } from './starting-points.ts';
import { createTurns, inOrder, type Turns } from './turns.ts';

export interface Trial {
  lab: string;
  /** Undefined: of the whole lab. */
  step?: string;
  what: 'solucion' | 'otra-vez' | 'error' | 'limpieza';
  /** Spanish: which solution or mistake. */
  title: string;
  passed: boolean;
  /** Spanish: what went otherwise; empty when it passed. */
  problem: string;
  milliseconds: number;
  /** The checks that were verified: all of the step, or the one that the mistake names. */
  found: Found[];
  /** Of a mistake: the cause that it declares. */
  expected?: string;
}

/** A verdict as figures need it. */
export interface Found {
  check: string;
  state: VerdictState;
  cause?: string;
  milliseconds: number;
}

/** How long what a clean-up deletes may take to go. */
const goingAway = 30_000;
/** Each look lists every kind that the cluster serves. */
const betweenLooks = 400;

/** A cluster where a lab is tried, and the folder for the files of its labs. */
export interface Place {
  cluster: Cluster;
  /** Of the student's commands. */
  env: Record<string, string | undefined>;
  host: Host;
  folder: string;
  /** Sees the part of the cluster that is compared and put back; by default, all of it. */
  looking?: KubeClient;
}

/** Clusters at the same time when nobody says how many. */
const usualPlaces = 3;

/**
 * In the order in which things are begun: mistakes are committed on copies of the cluster, while the solutions go on. Rejects
 * when aborted, or when a lab before this one cannot be solved.
 */
export async function* tryLab(
  lab: Lab,
  starting: StartingPoints,
  turns: Turns = createTurns(usualPlaces),
): AsyncGenerator<Trial> {
  // The rest is to be read: there is nothing that could go wrong.
  const steps = lab.steps.filter((s) => s.checks.length > 0 || s.solution.length > 0);
  if (steps.length === 0) return;
  yield* inOrder<Trial>(async (begin) => {
    const copies: Promise<void>[] = [];
    try {
      await turns.take(() => tryChain(lab, steps, starting, { begin, turns, copies }));
    } finally {
      await Promise.all(copies);
    }
  });
}

interface Chain {
  begin(trial: Promise<Trial>): void;
  turns: Turns;
  /** Of mistakes that go on by themselves; each resolves when its cluster is gone. */
  copies: Promise<void>[];
}

async function tryChain(lab: Lab, steps: readonly Step[], starting: StartingPoints, chain: Chain): Promise<void> {
  const sandbox = await starting.of(lab);
  const did = async (trial: Promise<Trial>): Promise<void> => {
    chain.begin(trial);
    await trial;
  };
  try {
    const before = await takeSnapshot((await sandbox.start(lab)).cluster.client);
    const alone = steps.findIndex(asksNodePort);
    for (const [index, step] of steps.entries()) {
      if (alone < 0 || index < alone) await copyFor(lab, step, sandbox, chain);
      else for (const mistake of step.mistakes) await did(tryMistake(lab, step, mistake, sandbox));
      await did(trySolution('solucion', lab, step, await placeIn(sandbox, lab)));
    }
    await did(tryCleanup(lab, await placeIn(sandbox, lab), before, 'la primera vez'));
    for (const step of steps) await did(trySolution('otra-vez', lab, step, await placeIn(sandbox, lab)));
    await did(tryCleanup(lab, await placeIn(sandbox, lab), before, 'la segunda'));
  } finally {
    await sandbox.remove();
  }
}

/** The step's mistakes begin on copies of the cluster as it is now. */
async function copyFor(lab: Lab, step: Step, sandbox: Sandbox, { begin, turns, copies }: Chain): Promise<void> {
  if (step.mistakes.length === 0) return;
  const copy = await sandbox.branch();
  const trials = step.mistakes.map((mistake) => turns.take(() => tryMistake(lab, step, mistake, copy)));
  trials.forEach(begin);
  copies.push(Promise.allSettled(trials).then(() => copy.remove()));
}

/** Clusters that are copies of one another share their NodePorts: the first to run would answer for all. */
function asksNodePort({ checks }: Step): boolean {
  return checks.some(({ pattern }) => 'service' in pattern && pattern.service !== undefined);
}

export interface TryOnOptions {
  /** The labs that this one starts from and that the cluster has not got: solved before, and cleaned up after. */
  missing?: readonly Lab[];
  /** Commits the mistakes too, and undoes each by its objects: only where nobody else works meanwhile. */
  mistakes?: boolean;
}

/** The same on a cluster that cannot be copied. */
export async function* tryLabOn(lab: Lab, place: Place, options: TryOnOptions = {}): AsyncGenerator<Trial> {
  const { missing = [], mistakes = false } = options;
  const steps = lab.steps.filter((s) => s.checks.length > 0 || s.solution.length > 0);
  for (const earlier of missing) {
    for (const step of earlier.steps) await trySolution('solucion', earlier, step, place);
  }
  const before = await takeSnapshot(lookingAt(place));
  for (const what of ['solucion', 'otra-vez'] as const) {
    for (const step of steps) {
      if (mistakes && what === 'solucion') yield* tryMistakesOn(lab, step, place);
      yield await trySolution(what, lab, step, place);
    }
    yield await tryCleanup(lab, place, before, what === 'solucion' ? 'la primera vez' : 'la segunda');
  }
  for (const earlier of missing.toReversed()) await doAll(earlier.cleanup, earlier, place);
}

function lookingAt({ looking, cluster }: Place): KubeClient {
  return looking ?? cluster.client;
}

async function* tryMistakesOn(lab: Lab, step: Step, place: Place): AsyncGenerator<Trial> {
  if (step.mistakes.length === 0) return;
  const client = lookingAt(place);
  const saved = await save(client);
  for (const mistake of step.mistakes) {
    const aside = await mkdtemp(join(tmpdir(), 'malla-prueba-'));
    try {
      const folder = join(aside, 'trabajo');
      if (existsSync(place.folder)) await cp(place.folder, folder, { recursive: true });
      const host = { ...place.host, env: { ...place.host.env, MALLA_HOME: aside } };
      const trial = await commitMistake(lab, step, mistake, { ...place, host, folder });
      const left = await putBack(client, saved, { signal: place.host.signal });
      const undone = left.length === 0 ? '' : `no he podido deshacerlo: ${left.slice(0, 8).join(', ')}`;
      yield { ...trial, passed: trial.passed && undone === '', problem: trial.problem || undone };
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
}

async function placeIn(sandbox: Sandbox, lab: Lab): Promise<Place> {
  return { ...(await sandbox.start(lab)), host: sandbox.host, folder: join(sandbox.home, 'trabajo') };
}

async function trySolution(what: 'solucion' | 'otra-vez', lab: Lab, step: Step, place: Place): Promise<Trial> {
  const { cluster, env, host, folder: where } = place;
  return timed({ lab: lab.id, step: step.id, what, title: step.title }, async () => {
    const { actions, checks } = await solveStep(lab, step, cluster, host, { where, env });
    const found = checks.map((c) => foundBy(c.id, c.verdict));
    const failed = actions.find((a) => a.exitCode !== 0);
    if (failed)
      return {
        found,
        problem: `«${failed.title}» terminó con ${failed.exitCode}: ${failed.output.trim().slice(-400)}`,
      };
    const wrong = checks.find((c) => c.verdict.state !== 'correcto');
    if (!wrong) return { found, problem: '' };
    const { state, observed, cause } = wrong.verdict;
    return {
      found,
      problem: `${wrong.id} es ${state}: ${observed}${cause ? `; ${cause.message} [${cause.code}]` : ''}`,
    };
  });
}

function foundBy(check: string, { state, cause, milliseconds }: Verdict): Found {
  return { check, state, ...(cause ? { cause: cause.code } : {}), milliseconds: Math.round(milliseconds) };
}

/** Instead of the solution, on a copy. The cluster may refuse it, so exit codes do not matter: the verdict does. */
async function tryMistake(lab: Lab, step: Step, mistake: Mistake, sandbox: Sandbox): Promise<Trial> {
  const branch = await sandbox.branch();
  try {
    return await commitMistake(lab, step, mistake, await placeIn(branch, lab));
  } finally {
    await branch.remove();
  }
}

async function commitMistake(lab: Lab, step: Step, mistake: Mistake, place: Place): Promise<Trial> {
  const { cluster, host } = place;
  const stopped = new AbortController();
  createLabStream(lab, cluster, { signal: AbortSignal.any([stopped.signal, host.signal]) }).start();
  const what = { lab: lab.id, step: step.id, what: 'error', title: mistake.title, expected: mistake.cause } as const;
  try {
    return await timed(what, async () => {
      await doAll(mistake.actions, lab, place);
      const check = step.checks.find((c) => c.id === mistake.check);
      if (!check) return { found: [], problem: `no hay ninguna comprobación «${mistake.check}»` };
      const answers = await readAnswers(mallaHome(host.env), lab.id);
      const answer = answers.checks[answerKey(step.id, check.id)];
      const verdict = await verifyCheck(check, { cluster, signal: host.signal, answer });
      const { state, cause, observed } = verdict;
      const found = [foundBy(check.id, verdict)];
      if (state === 'incorrecto' && cause?.code === mistake.cause) return { found, problem: '' };
      const why = cause ? ` por ${cause.code} (${cause.message})` : '';
      return {
        found,
        problem: `${check.id} debía ser incorrecto por ${mistake.cause}, y es ${state}${why}: ${observed}`,
      };
    });
  } finally {
    stopped.abort();
  }
}

async function tryCleanup(lab: Lab, place: Place, before: Snapshot, title: string): Promise<Trial> {
  return timed({ lab: lab.id, what: 'limpieza', title }, async () => {
    await doAll(lab.cleanup, lab, place);
    const client = lookingAt(place);
    let left = differences(before, await takeSnapshot(client));
    for (const end = performance.now() + goingAway; left.length > 0 && performance.now() < end; ) {
      await wait(betweenLooks, undefined, { signal: place.host.signal });
      left = differences(before, await takeSnapshot(client));
    }
    return { found: [], problem: left.slice(0, 8).join(', ') };
  });
}

async function doAll(actions: readonly Action[], lab: Lab, { env, host, folder: where }: Place): Promise<void> {
  const folder = join(where, lab.id);
  const { signal } = host;
  for (const action of actions) {
    for await (const _done of perform([action], { folder, env, signal, home: mallaHome(host.env) })) {
      // Each action runs as the loop asks for it.
    }
  }
  signal.throwIfAborted();
}

async function timed(
  of: Pick<Trial, 'lab' | 'step' | 'what' | 'title' | 'expected'>,
  run: () => Promise<Pick<Trial, 'problem' | 'found'>>,
): Promise<Trial> {
  const begun = performance.now();
  const { problem, found } = await run();
  return { ...of, passed: problem === '', problem, found, milliseconds: Math.round(performance.now() - begun) };
}
