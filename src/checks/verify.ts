// From a check's declaration to its verdict: health, observation, and for what fails the first broken link.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { Cluster, ClusterFacts } from '../cluster/contract.ts';
import { diagnose, isClusterFault } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { wrongClock } from '../diagnosis/health.ts';
import { readScene, type Scene } from '../diagnosis/scene.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import { type Clock, realClock } from './clock.ts';
import { UnknownEntryError } from './entry.ts';
import { judgeProbe } from './judge-probe.ts';
import { judgeResources } from './judge-resources.ts';
import { judgeTraffic } from './judge-traffic.ts';
import type { JudgeContext, Judgement } from './judgement.ts';
import { kindOf } from './kinds.ts';
import { restlessPod } from './restless-pods.ts';
import type { Verdict } from './verdict.ts';

export interface VerifyContext {
  cluster: Cluster;
  signal: AbortSignal;
  clock?: Clock;
  /** Reads what diagnoses look at; by default, afresh from the cluster each time. */
  scene?: () => Promise<Scene>;
  facts?: ClusterFacts;
  /** False: says what is seen now. By default what is still on its way (pods that start, rules in the air) is waited for. */
  wait?: boolean;
  /** What the student has typed for this check, when it is a question. */
  answer?: string | undefined;
}

/** Rejects only when `signal` aborts. A cluster that cannot be asked gives "no verificable". */
export async function verifyCheck(check: CheckDeclaration, context: VerifyContext): Promise<Verdict> {
  const { cluster, signal, clock = realClock, wait = true } = context;
  const begun = clock.now();
  let simulated = cluster.access.kind === 'embebido';
  const finish = (part: Omit<Verdict, 'check' | 'milliseconds' | 'simulated'>): Verdict => ({
    check: check.id,
    ...part,
    milliseconds: clock.now() - begun,
    simulated,
  });
  try {
    const facts = context.facts ?? (await cluster.facts());
    simulated = facts.simulated;
    const scene = context.scene ?? (() => readScene(cluster.client));
    const kind = kindOf(check);
    if (kind.looksAt !== 'resources' && facts.skewedClock) {
      const expected = kind.expects(check as never);
      const cause = wrongClock(facts.skewedClock);
      return finish({ state: 'no verificable', expected, observed: 'no se ha preguntado', cause, evidence: {} });
    }
    if (kind.looksAt !== 'resources') await cluster.refreshEntry?.();
    const judging = { cluster, signal, clock, scene, facts, wait, answer: context.answer };
    const { observation, cause } = await judgeInPeace(check, judging);
    const { expected, observed, evidence } = observation;
    if (!cause) return finish({ state: 'correcto', expected, observed, evidence });
    const state = isClusterFault(cause) ? 'no verificable' : 'incorrecto';
    return finish({ state, expected, observed, cause, evidence });
  } catch (error) {
    signal.throwIfAborted();
    const cause = causeOfFailure(error);
    return finish({
      state: 'no verificable',
      expected: kindOf(check).expects(check),
      observed: 'no se ha podido mirar',
      cause,
      evidence: {},
    });
  }
}

/**
 * A failure that no object explains may be that of pods which were dying or being born meanwhile: then it is judged again,
 * and where they do not rest nothing is said of the student's work.
 */
async function judgeInPeace(check: CheckDeclaration, context: JudgeContext): Promise<Judgement> {
  const { cluster, clock, scene, wait } = context;
  const { looksAt } = kindOf(check);
  for (let round = 1; ; round++) {
    const begun = clock.now();
    const judgement = await judges[looksAt](check, context);
    const { cause, observation } = judgement;
    if (looksAt === 'resources' || !wait || !cause || isWritten(cause) || isClusterFault(cause)) return judgement;
    const now = await cluster.client.serverTime();
    // Times of objects are in whole seconds.
    const restless = now === undefined ? undefined : restlessPod(await scene(), now - (clock.now() - begun) - 1_000);
    if (restless === undefined) return judgement;
    if (round === rounds)
      return { observation, cause: diagnose('MALLA-SAL-13', `El pod ${restless} ha cambiado mientras se comprobaba`) };
    // A check that fails at once would spend its rounds before the pods of a moment ago could be seen to rest.
    await clock.sleep(rest, context.signal);
  }
}

const rounds = 3;
/** Milliseconds; over the second in which the times of objects count. */
const rest = 1_200;

/** An object says it by itself, whatever traffic did. A Service alone is only where it happened. */
function isWritten({ at }: Diagnosis): boolean {
  return at !== undefined && (at.kind !== 'Service' || at.path !== undefined);
}

const judges = { resources: judgeResources, traffic: judgeTraffic, probe: judgeProbe };

function causeOfFailure(error: unknown): Diagnosis {
  if (error instanceof UnknownEntryError) return diagnose('MALLA-SAL-08', 'No se sabe por dónde entrar al clúster');
  if (!(error instanceof ClusterError)) throw error;
  if (error.reason === 'unreachable') return diagnose('MALLA-SAL-01', error.happened);
  return { code: error.code, message: error.happened, hint: error.todo };
}
