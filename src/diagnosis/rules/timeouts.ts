// Why a slow call is not cut, or a good one is: the time limit of the rule, against the delays behind it.
import { fullHost } from '../../mesh/host-names.ts';
import { milliseconds } from '../../mesh/upstream/duration.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { decideHop, type Hop, ruleAtWork } from '../hop.ts';
import type { Scene } from '../scene.ts';
import { bareCaller, delayOf } from './faults.ts';
import { unreached } from './matches.ts';
import { isMisplaced, namesService, type WrittenRule, writtenRules } from './meant-rules.ts';

/** The call should be cut, and is not. */
export function missingTimeout(scene: Scene, hop: Hop): Diagnosis | undefined {
  const bare = bareCaller(scene, hop);
  if (bare) return bare;
  const { service } = hop;
  const all = writtenRules(scene, ({ timeout }) => timeout !== undefined);
  const own = all.filter(({ vs }) => namesService(vs, service));
  const [first] = own;
  const away = all.find((written) => isMisplaced(written, service));
  if (away) return wrongHop(hop, away);
  if (!first) {
    const [other] = all;
    return other ? wrongHop(hop, other) : noTimeout(scene, hop);
  }
  const outcome = decideHop(scene, hop)?.outcome;
  const limit = outcome?.kind === 'forward' ? outcome.timeout : undefined;
  if (limit === undefined) return unreached(scene, hop, first) ?? noTimeout(scene, hop);
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  if (!ruler) return undefined;
  const at = { at: ruler.vs, path: `spec.http[${ruler.index}].timeout` };
  if (delayOf(ruler) > 0)
    return diagnose('MALLA-TIE-02', `En ${nameOf(ruler.vs)}, timeout y delay están en la misma regla`, at);
  const slowest = Math.max(0, ...delaysBehind(scene, hop).map(delayOf));
  if (slowest > 0 && limit >= slowest)
    return diagnose(
      'MALLA-TIE-03',
      `El límite de ${nameOf(ruler.vs)} es de ${print(limit)}, y lo que espera tarda ${print(slowest)}`,
      at,
    );
  return undefined;
}

/** The call is cut, and should not be: by this rule, or by the one that waits least. */
export function earlyTimeout(scene: Scene, cutting?: WrittenRule): Diagnosis | undefined {
  const limits = writtenRules(scene, ({ timeout }) => timeout !== undefined);
  const shortest = cutting ?? limits.toSorted((a, b) => limitOf(a) - limitOf(b))[0];
  if (!shortest) return undefined;
  const { vs, index, rule } = shortest;
  return diagnose('MALLA-TIE-05', `${nameOf(vs)} corta a los ${rule.timeout} las llamadas de su regla ${index + 1}`, {
    at: vs,
    path: `spec.http[${index}].timeout`,
  });
}

/** Rules that delay calls to other services of the same namespace, or to others that its pods may call. */
export function delaysBehind(scene: Scene, { service }: Hop): WrittenRule[] {
  return writtenRules(scene, ({ fault }) => fault?.delay !== undefined).filter(({ vs }) => !namesService(vs, service));
}

export function limitOf({ rule }: WrittenRule): number {
  return milliseconds(rule.timeout) ?? Number.POSITIVE_INFINITY;
}

function noTimeout(scene: Scene, hop: Hop): Diagnosis {
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  return diagnose('MALLA-TIE-01', `Ninguna regla limita el tiempo de las llamadas a ${hop.service.metadata.name}`, {
    at: ruler?.vs ?? hop.service,
    path: ruler && `spec.http[${ruler.index}]`,
  });
}

/** A limit beside the delay is told first: it looks right, and cannot work. */
function wrongHop(hop: Hop, other: WrittenRule): Diagnosis {
  const { vs, index } = other;
  const at = { at: vs, path: `spec.http[${index}].timeout` };
  if (delayOf(other) > 0)
    return diagnose(
      'MALLA-TIE-02',
      `En ${nameOf(vs)}, timeout y delay están en la misma regla; las llamadas a ${hop.service.metadata.name} no tienen límite`,
      at,
    );
  const host = fullHost(vs.spec?.hosts?.[0] ?? '', vs.metadata.namespace ?? 'default');
  return diagnose(
    'MALLA-TIE-04',
    `${nameOf(vs)} limita las llamadas a «${host}», y las de ${hop.service.metadata.name} no tienen límite`,
    isMisplaced(other, hop.service) ? { at: vs, path: 'metadata.namespace' } : at,
  );
}

export function print(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toLocaleString('es', { maximumFractionDigits: 3 })} s`;
}
