// Why failures of a service are not tried again as asked.
import { fullHost } from '../../mesh/host-names.ts';
import { milliseconds } from '../../mesh/upstream/duration.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { decideHop, type Hop, ruleAtWork } from '../hop.ts';
import type { Scene } from '../scene.ts';
import { bareCaller } from './faults.ts';
import { unreached } from './matches.ts';
import { isMisplaced, namesService, writtenRules } from './meant-rules.ts';
import { print } from './timeouts.ts';

export interface FailureSeen {
  /** Of the failures that should be tried again. */
  status: number;
  /** Shares of them, from 0 to 1. */
  seen: number;
  expected: number;
}

export function retriesCause(scene: Scene, hop: Hop, failure: FailureSeen): Diagnosis | undefined {
  const bare = bareCaller(scene, hop);
  if (bare) return bare;
  const all = writtenRules(scene, ({ retries }) => retries !== undefined);
  const own = all.filter(({ vs }) => namesService(vs, hop.service));
  const decision = decideHop(scene, hop);
  const ruler = ruleAtWork(scene, decision);
  const name = hop.service.metadata.name;
  const away = all.find((written) => isMisplaced(written, hop.service));
  if (own.length === 0 || away) {
    const other = away ?? all[0];
    if (other)
      return diagnose(
        'MALLA-TIE-10',
        `${nameOf(other.vs)} reintenta las llamadas a «${fullHost(other.vs.spec?.hosts?.[0] ?? '', other.vs.metadata.namespace ?? 'default')}», y las de ${name} no`,
        { at: other.vs, path: away ? 'metadata.namespace' : `spec.http[${other.index}].retries` },
      );
    return noRetries(hop, ruler);
  }
  if (!ruler?.rule.retries) return (own[0] && unreached(scene, hop, own[0])) ?? noRetries(hop, ruler);
  const { vs, index, rule } = ruler;
  const { attempts = 0, perTryTimeout, retryOn } = rule.retries ?? {};
  const path = `spec.http[${index}].retries`;
  if (attempts === 0)
    return diagnose('MALLA-TIE-09', `${nameOf(vs)} tiene attempts: 0`, { at: vs, path: `${path}.attempts` });
  if (!covers(decision?.outcome, failure.status))
    return diagnose(
      'MALLA-TIE-06',
      `${nameOf(vs)} ${retryOn ? `reintenta con «${retryOn}»` : 'no dice retryOn'}, y eso no incluye ${failure.status === 504 ? 'los intentos agotados' : `las respuestas ${failure.status}`}`,
      { at: vs, path: retryOn ? `${path}.retryOn` : path },
    );
  const limit = milliseconds(rule.timeout);
  const own1 = milliseconds(perTryTimeout);
  if (limit !== undefined && own1 !== undefined && limit < own1 * 2)
    return diagnose(
      'MALLA-TIE-07',
      `En ${nameOf(vs)}, timeout es ${print(limit)} y cada intento puede durar ${print(own1)}: no hay tiempo para otro`,
      { at: vs, path: `spec.http[${index}].timeout` },
    );
  if (failure.status >= 500 && failure.status !== 503 && own1 === undefined)
    return diagnose('MALLA-TIE-11', `En ${nameOf(vs)}, los intentos no tienen perTryTimeout`, { at: vs, path });
  return diagnose(
    'MALLA-TIE-08',
    `${nameOf(vs)} reintenta ${attempts} ${attempts === 1 ? 'vez' : 'veces'}, y quedan ${failure.seen > failure.expected ? 'más' : 'menos'} fallos de los esperados`,
    { at: vs, path: `${path}.attempts` },
  );
}

type Outcome = NonNullable<ReturnType<typeof decideHop>>['outcome'];

/** Whether the proxy tries again after an answer with that status. A try that runs out counts as 504. */
function covers(outcome: Outcome | undefined, status: number): boolean {
  if (outcome?.kind !== 'forward' || !outcome.retry) return false;
  const { on, statuses } = outcome.retry;
  return (
    (on.has('5xx') && status >= 500) ||
    (on.has('gateway-error') && status >= 502 && status <= 504) ||
    (on.has('reset') && status === 504) ||
    (on.has('retriable-4xx') && status === 409) ||
    statuses.has(status)
  );
}

function noRetries({ service }: Hop, ruler: ReturnType<typeof ruleAtWork>): Diagnosis {
  return diagnose('MALLA-TIE-09', `Ninguna regla reintenta las llamadas a ${service.metadata.name}`, {
    at: ruler?.vs ?? service,
    path: ruler && `spec.http[${ruler.index}]`,
  });
}
