// Follows a lab while the student works: each check's verdict changes by itself when the cluster does.
//
// Resource checks are judged from watches, a few milliseconds after an event. Checks by traffic are run only when the
// step's resource checks are right and there is reason to (see traffic-runs.ts): following never becomes a stream of
// requests. What a step shows is decided by step-state.ts.
import { createCachedClient } from '../cluster/cached-client.ts';
import { ClusterError } from '../cluster/cluster-error.ts';
import type { Cluster } from '../cluster/contract.ts';
import { readScene, type Scene, sceneKinds } from '../diagnosis/scene.ts';
import type { Lab } from '../labs/lab.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { type Clock, realClock } from './clock.ts';
import type { FollowEvent } from './follow-event.ts';
import { keepGlancing } from './glances.ts';
import { isSettling, patienceForStart } from './judge-resources.ts';
import { kindOf } from './kinds.ts';
import { createLabBoard, type FollowedCheck } from './lab-board.ts';
import { createTrafficRuns, isTraffic } from './traffic-runs.ts';
import type { Verdict } from './verdict.ts';
import { verifyCheck } from './verify.ts';

export type { FollowEvent } from './follow-event.ts';

export interface FollowOptions {
  onChange: (event: FollowEvent) => void;
  signal: AbortSignal;
  /** Ids of the steps that were once right. */
  passed?: readonly string[];
  clock?: Clock;
  /** What the student has typed for a check. */
  answerOf?: (step: string, check: string) => string | undefined;
  /** Ids of the steps that are known to have been right by now: asked before a failure is told. */
  passedElsewhere?: () => Promise<readonly string[]>;
}

export interface Follower {
  /** Verifies a step now, waiting for what is on its way, and tells whatever comes out. Empty for an unknown step. */
  verify(stepId: string): Promise<Verdict[]>;
  /** The student has answered something: `answerOf` says other than before. */
  answered(): void;
  /** `passedElsewhere` says other than before. */
  progressed(): Promise<void>;
}

/** A burst of events (a manifest with several objects) is judged once. */
const coalesce = 15;
/** Rules are being pushed and pods are changing hands: traffic is asked a moment later. */
const trafficDelay = { simulated: 60, real: 400 };

/** Resolves when all is being watched; rejects with ClusterError when the cluster cannot be reached. Ends with `signal`. */
export async function followLab(lab: Lab, cluster: Cluster, options: FollowOptions): Promise<Follower> {
  const { onChange, signal, passed = [], clock = realClock, answerOf = () => undefined } = options;
  const { passedElsewhere = async () => [] } = options;
  const facts = await cluster.facts();
  let changed: KubeObject[] = [];
  let ready = false;
  let alive = true;
  let timer: NodeJS.Timeout | undefined;
  let trafficTimer: NodeJS.Timeout | undefined;
  let passes = Promise.resolve();

  const cache = await createCachedClient({
    client: cluster.client,
    queries: [...sceneKinds, ...lab.steps.flatMap((s) => s.checks.flatMap((c) => kindOf(c).watches(c)))],
    onChange(object) {
      if (ready) changed.push(object);
      schedule();
    },
    onState(state) {
      alive = state === 'live';
      if (signal.aborted) return;
      onChange({ event: 'cluster', state });
      schedule();
    },
    onRefused: (_query, error) => report(error),
  });
  const stop = (): void => {
    clearTimeout(timer);
    clearTimeout(trafficTimer);
    cache.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();

  const cached: Cluster = { ...cluster, client: cache.client };
  const scene = (): Promise<Scene> => readScene(cache.client);
  const board = createLabBoard(lab, passed, onChange);
  const runs = createTrafficRuns({ board, cluster, facts, scene, clock, signal, onError: report, passedElsewhere });
  const settling = new Map<FollowedCheck, number>();
  const answers = new Map(board.checks.map((c) => [c, answerOf(c.step.id, c.check.id)]));

  ready = true;
  await pass();
  keepGlancing({ board, cluster, facts, scene, clock, signal }).catch(report);
  return { verify, answered, progressed };

  function schedule(delay = coalesce): void {
    if (!ready || signal.aborted || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      // One after another: a later look must not be overtaken by an earlier one.
      if (alive) passes = passes.then(pass).catch(report);
    }, delay);
  }

  async function pass(): Promise<void> {
    const news = changed;
    changed = [];
    let shared: Promise<Scene> | undefined;
    const sceneOfPass = (): Promise<Scene> => {
      shared ??= scene();
      return shared;
    };
    for (const followed of board.checks) {
      const touching = news.filter((object) => touches(object, followed));
      if (board.isActive(followed.step) && touching.length > 0) followed.touched = true;
      if (touching.some(isOffStage)) runs.forget(followed);
      if (!isTraffic(followed)) await judgeNow(followed, sceneOfPass);
    }
    if (!board.checks.some(isTraffic) || signal.aborted) return;
    trafficTimer ??= setTimeout(() => {
      trafficTimer = undefined;
      considerTraffic().catch(report);
    }, trafficPause());
  }

  async function judgeNow(followed: FollowedCheck, sceneOfPass: () => Promise<Scene>): Promise<void> {
    const verdict = await verifyCheck(followed.check, {
      cluster: cached,
      facts,
      clock,
      signal,
      scene: sceneOfPass,
      wait: false,
      answer: answerOf(followed.step.id, followed.check.id),
    });
    if (verdict.cause && isSettling(verdict.cause)) {
      const since = settling.get(followed) ?? clock.now();
      settling.set(followed, since);
      const left = patienceForStart(facts.simulated) - (clock.now() - since);
      if (left > 0) {
        if (board.isActive(followed.step)) board.working(followed);
        // Without more events this is the moment to say that it takes too long.
        later(left);
        return;
      }
    } else settling.delete(followed);
    if (verdict.state !== 'correcto' && board.isActive(followed.step)) board.learn(await passedElsewhere());
    board.see(followed, verdict);
  }

  async function considerTraffic(): Promise<void> {
    if (signal.aborted || !alive) return;
    const now = await scene();
    for (const followed of board.checks) runs.consider(followed, now);
  }

  async function verify(stepId: string): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const followed of board.checks.filter((c) => c.step.id === stepId)) {
      runs.cancel(followed);
      board.working(followed);
      const answer = answerOf(followed.step.id, followed.check.id);
      const verdict = await verifyCheck(followed.check, { cluster, clock, signal, answer });
      board.answer(followed, verdict);
      if (isTraffic(followed)) runs.remember(followed, await scene());
      verdicts.push(verdict);
    }
    return verdicts;
  }

  function answered(): void {
    for (const followed of board.checks) {
      const answer = answerOf(followed.step.id, followed.check.id);
      if (followed.check.type !== 'respuesta' || answer === undefined || answers.get(followed) === answer) continue;
      answers.set(followed, answer);
      // Whoever answers asks whether it is right.
      followed.asked = true;
    }
    schedule(0);
  }

  async function progressed(): Promise<void> {
    board.learn(await passedElsewhere());
  }

  function later(milliseconds: number): void {
    clock.sleep(milliseconds, signal).then(
      () => schedule(),
      () => {},
    );
  }

  function trafficPause(): number {
    return facts.simulated ? trafficDelay.simulated : trafficDelay.real;
  }

  function report(error: unknown): void {
    if (signal.aborted) return;
    if (!(error instanceof ClusterError)) throw error;
    onChange({ event: 'error', code: error.code, message: error.happened });
  }
}

/** Of a kind that scenes do not have: what it changes does not show in them. */
function isOffStage({ kind }: KubeObject): boolean {
  return sceneKinds.every((k) => k.kind !== kind);
}

/** Pods come and go by themselves, so for traffic they are no sign of the student's hand. */
function touches({ kind, metadata }: KubeObject, followed: FollowedCheck): boolean {
  if (isTraffic(followed) && kind === 'Pod') return false;
  return kindOf(followed.check)
    .watches(followed.check)
    .some((q) => q.kind === kind && (q.namespace === undefined || q.namespace === metadata.namespace));
}
