// One trial of a lab: its solution, one of its mistakes or its clean-up, done on a cluster and judged there.
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
import { type StepResult, verifyStep } from '../verify-step.ts';
import { differences, type Snapshot, takeSnapshot } from './left-behind.ts';

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
  /** What the same state was worth to each of the place's other views, in their order. */
  beside: Outcome[];
  /** Of a mistake: the cause that it declares. */
  expected?: string;
}

/** Of one solution or mistake. */
export interface Outcome {
  found: Found[];
  /** Spanish; empty when it went as it must. */
  problem: string;
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

export interface View {
  cluster: Cluster;
  /** Of the student's commands. */
  env: Record<string, string | undefined>;
}

/** A cluster where a lab is tried, and the folder for the files of its labs. */
export interface Place extends View {
  host: Host;
  folder: string;
  /** The same cluster attached in other ways: what is done is judged there too. */
  beside?: readonly View[];
  /** Sees the part of the cluster that is compared and put back; by default, all of it. */
  looking?: KubeClient;
}

export function lookingAt({ looking, cluster }: Place): KubeClient {
  return looking ?? cluster.client;
}

/** The second time its commands go by the last view of the place. */
export async function trySolution(what: 'solucion' | 'otra-vez', lab: Lab, step: Step, place: Place): Promise<Trial> {
  const { cluster, host, folder: where, beside = [] } = place;
  const { env } = (what === 'otra-vez' ? beside.at(-1) : undefined) ?? place;
  return timed({ lab: lab.id, step: step.id, what, title: step.title }, async () => {
    const { actions, checks } = await solveStep(lab, step, cluster, host, { where, env });
    const failed = actions.find((a) => a.exitCode !== 0);
    const broken = failed && `«${failed.title}» terminó con ${failed.exitCode}: ${failed.output.trim().slice(-400)}`;
    const others: Outcome[] = [];
    for (const { cluster: other } of beside) {
      const answers = await readAnswers(mallaHome(host.env), lab.id);
      const seen = await whileStreaming(lab, other, host, () =>
        verifyStep(step, other, host.signal, undefined, answers),
      );
      others.push(solved(seen.checks, broken));
    }
    return { ...solved(checks, broken), beside: others };
  });
}

function solved(checks: StepResult['checks'], broken: string | undefined): Outcome {
  const found = checks.map((c) => foundBy(c.id, c.verdict));
  const wrong = checks.find((c) => c.verdict.state !== 'correcto');
  if (broken !== undefined || !wrong) return { found, problem: broken ?? '' };
  const { state, observed, cause } = wrong.verdict;
  return {
    found,
    problem: `${wrong.id} es ${state}: ${observed}${cause ? `; ${cause.message} [${cause.code}]` : ''}`,
  };
}

function foundBy(check: string, { state, cause, milliseconds }: Verdict): Found {
  return { check, state, ...(cause ? { cause: cause.code } : {}), milliseconds: Math.round(milliseconds) };
}

/** Instead of the solution. The cluster may refuse it, so exit codes do not matter: the verdict does. */
export async function commitMistake(lab: Lab, step: Step, mistake: Mistake, place: Place): Promise<Trial> {
  const { cluster, host, beside = [] } = place;
  const what = { lab: lab.id, step: step.id, what: 'error', title: mistake.title, expected: mistake.cause } as const;
  return timed(what, async () => {
    const check = step.checks.find((c) => c.id === mistake.check);
    const judge = async (seenBy: Cluster): Promise<Outcome> => {
      if (!check) return { found: [], problem: `no hay ninguna comprobación «${mistake.check}»` };
      const answers = await readAnswers(mallaHome(host.env), lab.id);
      const answer = answers.checks[answerKey(step.id, check.id)];
      return mistaken(mistake, await verifyCheck(check, { cluster: seenBy, signal: host.signal, answer }));
    };
    const first = await whileStreaming(lab, cluster, host, async () => {
      await doAll(mistake.actions, lab, place);
      return judge(cluster);
    });
    const others: Outcome[] = [];
    for (const { cluster: other } of beside) others.push(await whileStreaming(lab, other, host, () => judge(other)));
    return { ...first, beside: others };
  });
}

function mistaken(mistake: Mistake, verdict: Verdict): Outcome {
  const { state, cause, observed, check } = verdict;
  const found = [foundBy(check, verdict)];
  if (state === 'incorrecto' && cause?.code === mistake.cause) return { found, problem: '' };
  const why = cause ? ` por ${cause.code} (${cause.message})` : '';
  return { found, problem: `${check} debía ser incorrecto por ${mistake.cause}, y es ${state}${why}: ${observed}` };
}

async function whileStreaming<T>(lab: Lab, cluster: Cluster, host: Host, run: () => Promise<T>): Promise<T> {
  const stopped = new AbortController();
  createLabStream(lab, cluster, { signal: AbortSignal.any([stopped.signal, host.signal]) }).start();
  try {
    return await run();
  } finally {
    stopped.abort();
  }
}

export async function tryCleanup(lab: Lab, place: Place, before: Snapshot, title: string): Promise<Trial> {
  return timed({ lab: lab.id, what: 'limpieza', title }, async () => {
    await doAll(lab.cleanup, lab, place);
    const client = lookingAt(place);
    let left = differences(before, await takeSnapshot(client));
    for (const end = performance.now() + goingAway; left.length > 0 && performance.now() < end; ) {
      await wait(betweenLooks, undefined, { signal: place.host.signal });
      left = differences(before, await takeSnapshot(client));
    }
    const problem = left.slice(0, 8).join(', ');
    return { found: [], problem, beside: (place.beside ?? []).map(() => ({ found: [], problem })) };
  });
}

export async function doAll(actions: readonly Action[], lab: Lab, { env, host, folder: where }: Place): Promise<void> {
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
  run: () => Promise<Outcome & { beside: Outcome[] }>,
): Promise<Trial> {
  const begun = performance.now();
  const outcome = await run();
  return { ...of, passed: outcome.problem === '', ...outcome, milliseconds: Math.round(performance.now() - begun) };
}
