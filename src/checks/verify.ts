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
import { kindOf } from './kinds.ts';
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
    const judge = judges[kind.looksAt];
    const { observation, cause } = await judge(check, {
      cluster,
      signal,
      clock,
      scene,
      facts,
      wait,
      answer: context.answer,
    });
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

const judges = { resources: judgeResources, traffic: judgeTraffic, probe: judgeProbe };

function causeOfFailure(error: unknown): Diagnosis {
  if (error instanceof UnknownEntryError) return diagnose('MALLA-SAL-08', 'No se sabe por dónde entrar al clúster');
  if (!(error instanceof ClusterError)) throw error;
  if (error.reason === 'unreachable') return diagnose('MALLA-SAL-01', error.happened);
  return { code: error.code, message: error.happened, hint: error.todo };
}
