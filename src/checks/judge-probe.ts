// Checks that ask the mesh in ways that the engine cannot foresee: from a pod, from a proxy, in logs, metrics or traces.
// What is stored and wrong is said at once; anything else is given the time that a change takes to arrive.
import { diagnose } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { findCause } from '../diagnosis/find-cause.ts';
import { sickMesh } from '../diagnosis/health.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import { newestChange, waitUntilInForce } from './in-force.ts';
import { isSettling, patienceForStart } from './judge-resources.ts';
import type { JudgeContext, Judgement } from './judgement.ts';
import { kindOf } from './kinds.ts';
import type { Observation } from './observation.ts';

const pause = { simulated: 100, real: 500 };
/** Two scrapes of Prometheus, 15 s apart, with traffic between them; on a real cluster its pod starts meanwhile. */
const measuring = { simulated: 35_000, real: 120_000, pause: 1_000 };

export async function judgeProbe(check: CheckDeclaration, context: JudgeContext): Promise<Judgement> {
  const { clock, facts, signal, wait } = context;
  const sick = sickMesh(await context.scene());
  if (sick) return { observation: unobserved(check), cause: sick };
  const late = wait ? await waitUntilInForce(context) : [];
  const begun = clock.now();
  for (let attempt = 0; ; attempt++) {
    const sick = sickMesh(await context.scene());
    if (sick) return { observation: unobserved(check), cause: sick };
    const first = await kindOf(check).observe(check, { ...context, errorProbability });
    const observation = (wait && !first.symptom ? await missedAgain(check, context) : undefined) ?? first;
    const foreseen = kindOf(check).foresees?.(check, await context.scene()) ?? 'unknown';
    if (!observation.symptom) {
      const stale = wait && foreseen === 'wrong';
      if (!stale || clock.now() - begun >= facts.patience) return { observation };
      await clock.sleep(pauseOf(facts), signal);
      continue;
    }
    const cause = findCause(observation.symptom, await context.scene());
    // A proxy that has just been told of a collector loses its first spans: one trace alone says nothing of those who lack.
    if (wait && attempt === 0 && !facts.simulated && brokenTraces.has(cause.code)) continue;
    // A connection that was open when a policy changed serves one more request by the policy of before.
    if (!wait || (isStored(cause) && foreseen !== 'right')) return { observation, cause };
    if (clock.now() - begun >= patienceFor(cause, facts)) {
      return { observation, cause: late.length > 0 ? notInForce(late) : cause };
    }
    await clock.sleep(isUnmeasured(cause) ? measuring.pause : pauseOf(facts), signal);
  }
}

/**
 * A connection that was open when somebody changed what is written down in logs goes on as before for one request more: soon
 * after a change, a line that is there must come again, and again. Deletions leave no trace, and are not seen here.
 */
async function missedAgain(check: CheckDeclaration, context: JudgeContext): Promise<Observation | undefined> {
  if (check.type !== 'registro' || !check.pattern.request || context.facts.simulated) return undefined;
  const now = await context.cluster.client.serverTime();
  const changed = newestChange(await context.scene());
  if (now === undefined || changed === undefined || now - changed > freshChange) return undefined;
  for (let i = 0; i < again; i++) {
    const observation = await kindOf(check).observe(check, { ...context, errorProbability });
    if (observation.symptom) return observation;
  }
  return undefined;
}

/** Milliseconds. */
const freshChange = 60_000;
/** Connections that a pod and a proxy in front of it keep open between them. */
const again = 3;

const brokenTraces: ReadonlySet<string> = new Set(['MALLA-OBS-36', 'MALLA-OBS-37', 'MALLA-OBS-38', 'MALLA-OBS-39']);

/** Nothing stored is wrong, and these proxies do not follow it. */
function notInForce(proxies: readonly string[]): Diagnosis {
  const few = proxies.slice(0, 3).join(', ');
  const more = proxies.length > 3 ? ` y ${proxies.length - 3} más` : '';
  return diagnose('MALLA-SAL-07', `La configuración no ha llegado todavía a ${few}${more}`);
}

function patienceFor(cause: Diagnosis, { simulated, patience }: JudgeContext['facts']): number {
  if (isUnmeasured(cause)) return simulated ? measuring.simulated : measuring.real;
  return isSettling(cause) ? patienceForStart(simulated) : patience;
}

function pauseOf({ simulated }: JudgeContext['facts']): number {
  return simulated ? pause.simulated : pause.real;
}

/** Prometheus has no figures of it yet: nothing to count, or a first scrape that came too soon. */
function isUnmeasured({ code }: Diagnosis): boolean {
  return code === 'MALLA-OBS-19' || code === 'MALLA-OBS-18';
}

const errorProbability = 1e-3;

/** An object of the cluster is at fault: time will not cure it. */
function isStored(cause: Diagnosis): boolean {
  return cause.at !== undefined && !isSettling(cause) && !isUnmeasured(cause);
}

function unobserved(check: CheckDeclaration): Judgement['observation'] {
  return { expected: kindOf(check).expects(check), observed: 'no se ha preguntado', evidence: {} };
}
