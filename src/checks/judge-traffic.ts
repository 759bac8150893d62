// Checks by traffic. Three things are told apart: traffic that is wrong because the stored rules are wrong (known at
// once), rules that are right and not yet in force (waited for), and a cluster that is too sick to judge.
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { findCause } from '../diagnosis/find-cause.ts';
import { sickMesh, sickWorkload } from '../diagnosis/health.ts';
import { servicesBehind } from '../diagnosis/rules/http.ts';
import type { Scene } from '../diagnosis/scene.ts';
import { findSplitTarget } from '../diagnosis/split-target.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import { forecastOf, requestOf, type TrafficCheck, trafficCheck } from './forecast-check.ts';
import { newestChange, waitUntilInForce } from './in-force.ts';
import { isSettling, patienceForStart } from './judge-resources.ts';
import type { JudgeContext, Judgement } from './judgement.ts';
import { kindOf } from './kinds.ts';
import type { Observation } from './observation.ts';

/**
 * A split may be measured again when the first measure says that rules are not yet in force. The error of 10⁻³ is
 * shared out among the measures (Bonferroni), most of it for the first, which is nearly always the only one.
 */
const splitErrors = [0.8e-3, 0.1e-3, 0.1e-3];
/** Shares of the cluster's patience: most changes are in force after the first, and the last is for the slow ones. */
const splitPauses = [0.15, 0.85];
const requestPause = { simulated: 100, real: 250 };
const startPause = { simulated: 100, real: 500 };

export async function judgeTraffic(declaration: CheckDeclaration, context: JudgeContext): Promise<Judgement> {
  const check = trafficCheck(declaration);
  const { clock, facts, signal } = context;
  const started = await waitForWorkloads(check, context);
  if (started.sick) return { observation: unobserved(check), cause: started.sick };
  // Where nobody can tell beforehand what is right, nobody can tell later whether it was measured by the rules of before.
  const unforeseen = forecastOf(check, started.scene, context.cluster).says === 'unknown';
  if (unforeseen && context.wait && (await isFresh(started.scene, context))) await waitUntilInForce(context);

  const begun = clock.now();
  let scene = started.scene;
  for (let attempt = 0; ; scene = await context.scene()) {
    const sick = sickMesh(scene);
    if (sick) return { observation: unobserved(check), cause: sick };
    const forecast = forecastOf(check, scene, context.cluster);
    const first = await kindOf(check).observe(check, {
      ...context,
      errorProbability: splitErrors[attempt] ?? 1e-4,
    });
    const doubtful = !first.symptom && forecast.says === 'unknown';
    const observation = (doubtful ? await endOfRefusal(check, context) : undefined) ?? first;
    const outOfTime = check.type === 'http' && clock.now() - begun >= facts.patience;
    const last = isLast(check, attempt) || !context.wait || outOfTime;
    // What is still being born may be cured by time alone, and has as much as pods have.
    const unborn = context.wait && clock.now() - begun < patienceForStart(facts.simulated);
    if (!observation.symptom) {
      // Right by the rules of a moment ago: what is stored now says otherwise, and is on its way.
      if (forecast.says !== 'wrong' || last) return { observation };
    } else if (last || (forecast.says === 'wrong' && forecast.explains(observation.symptom))) {
      const cause = findCause(observation.symptom, await context.scene());
      if (!isSettling(cause) || !unborn || isLast(check, attempt)) return { observation, cause };
    } else if (forecast.says === 'unknown') {
      const cause = findCause(observation.symptom, await context.scene());
      if (isWritten(cause)) return { observation, cause };
      // Without one good answer there was no measure that could err.
      if (isSettling(cause) && unborn && check.type === 'reparto') {
        await clock.sleep(facts.simulated ? startPause.simulated : startPause.real, signal);
        continue;
      }
    }
    await clock.sleep(pauseOf(check, facts, attempt), signal);
    attempt++;
  }
}

async function isFresh(scene: Scene, { cluster }: JudgeContext): Promise<boolean> {
  const [now, changed] = [await cluster.client.serverTime(), newestChange(scene)];
  return now !== undefined && changed !== undefined && now - changed < FRESH;
}

/** Milliseconds in which even a machine that is busy has sent a change to its proxies. Changes are known to the second. */
const FRESH = 4_000;

/**
 * A connection between two proxies that was open when a policy changed serves one more request by the policy of before, and
 * another such connection the next. A refusal that nothing stored explains is only believed when it goes on: resolves to the
 * first answer that is none.
 */
async function endOfRefusal(check: TrafficCheck, context: JudgeContext): Promise<Observation | undefined> {
  if (check.type !== 'http' || !refusals.includes(check.pattern.status)) return undefined;
  for (let i = 0; i < oldConnections; i++) {
    const observation = await kindOf(check).observe(check, { ...context, errorProbability: 0 });
    if (observation.symptom) return observation;
  }
  return undefined;
}

const refusals = [401, 403];
/** As many as a pool holds after a split was measured, and some more. */
const oldConnections = 20;

/** An object says by itself that it is wrong, where the engine cannot tell beforehand what comes of it. */
function isWritten({ code, at }: Diagnosis): boolean {
  return at !== undefined && /^MALLA-(?:FAL-0[1-7]|TIE-(?:0[1-46-79]|1[01])|RUT-\d\d)$/.test(code);
}

/** Pods on the way of the traffic that are starting are given time before anything is measured. */
async function waitForWorkloads(
  check: TrafficCheck,
  context: JudgeContext,
): Promise<{ scene: Scene; sick: Diagnosis | undefined }> {
  const { clock, facts, signal, wait } = context;
  const deadline = clock.now() + patienceForStart(facts.simulated);
  for (;;) {
    const scene = await context.scene();
    const sick = sickMesh(scene) ?? startingWorkload(check, scene, context);
    if (!wait || !sick || clock.now() >= deadline || !isSettling(sick)) return { scene, sick };
    await clock.sleep(facts.simulated ? startPause.simulated : startPause.real, signal);
  }
}

function startingWorkload(check: TrafficCheck, scene: Scene, { cluster }: JudgeContext): Diagnosis | undefined {
  const target = check.type === 'reparto' ? findSplitTarget(scene, check.pattern) : undefined;
  const behind = servicesBehind(scene, requestOf(check, cluster, scene));
  const sick = sickWorkload(scene, target ? [target.service, ...behind] : behind);
  return sick && isSettling(sick) ? sick : undefined;
}

function isLast(check: TrafficCheck, attempt: number): boolean {
  return check.type === 'reparto' && attempt === splitErrors.length - 1;
}

function pauseOf(check: TrafficCheck, facts: JudgeContext['facts'], attempt: number): number {
  if (check.type === 'reparto') return facts.patience * (splitPauses[attempt] ?? 0);
  return facts.simulated ? requestPause.simulated : requestPause.real;
}

function unobserved(check: TrafficCheck): Observation {
  return { expected: kindOf(check).expects(check), observed: 'no se ha enviado tráfico', evidence: {} };
}
