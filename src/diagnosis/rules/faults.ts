// Why a fault that a check expects is not there, or is another: from the rule that should inject it to its fields.
import { fullHost } from '../../mesh/host-names.ts';
import { probabilityOf } from '../../mesh/percentage.ts';
import { milliseconds } from '../../mesh/upstream/duration.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { decideHop, type Hop, ruleAtWork } from '../hop.ts';
import { hasSidecar } from '../pods.ts';
import type { Scene } from '../scene.ts';
import type { FaultSpec } from '../specs.ts';
import { unreached } from './matches.ts';
import { hostPath, isMisplaced, namesService, type WrittenRule, writtenRules } from './meant-rules.ts';
import { ownerOf } from './owner.ts';

export interface WantedFault {
  /** Status that the proxy answers with; true: any. */
  abort?: number | true;
  /** Whether it holds requests back. */
  delay?: boolean;
  /** Share of the requests, from 0 to 1. */
  share: number;
}

export function faultCause(scene: Scene, hop: Hop, wanted: WantedFault): Diagnosis | undefined {
  const bare = bareCaller(scene, hop);
  if (bare) return bare;
  const all = writtenRules(scene, ({ fault }) => fault !== undefined);
  const own = all.filter(({ vs }) => namesService(vs, hop.service));
  const name = hop.service.metadata.name;
  const away = all.find(
    (written) => !own.includes(written) && isMisplaced(written, hop.service) && !wrongFault(written, wanted),
  );
  if (away) return onAnother(hop, away);
  if (own.length === 0) return all[0] ? onAnother(hop, all[0]) : noFault(scene, hop);
  const wrongs = own.map((written) => ({ written, wrong: wrongFault(written, wanted) }));
  // The fault that is right in all but its place explains more than the one at work.
  const right = wrongs.find(({ wrong }) => !wrong);
  if (right) return unreached(scene, hop, right.written);
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  const atWork = wrongs.find(({ written }) => written.vs === ruler?.vs && written.index === ruler.index);
  const first = atWork ?? wrongs[0];
  return first && (first.wrong ?? diagnose('MALLA-FAL-01', `Ninguna regla de ${name} inyecta el fallo`));
}

/** Rules are the caller's proxy's. */
export function bareCaller(scene: Scene, { caller, service }: Hop): Diagnosis | undefined {
  if (!caller || hasSidecar(caller)) return undefined;
  return diagnose('MALLA-INY-10', `${caller.metadata.name}, que llama a ${service.metadata.name}, no lleva sidecar`, {
    at: ownerOf(scene, caller),
  });
}

function noFault(scene: Scene, hop: Hop): Diagnosis {
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  return diagnose('MALLA-FAL-01', `Ninguna regla inyecta fallos en las llamadas a ${hop.service.metadata.name}`, {
    at: ruler?.vs ?? hop.service,
    path: ruler && `spec.http[${ruler.index}]`,
  });
}

function onAnother(hop: Hop, { vs }: WrittenRule): Diagnosis {
  const host = fullHost(vs.spec?.hosts?.[0] ?? '', vs.metadata.namespace ?? 'default');
  const { name, namespace = 'default' } = hop.service.metadata;
  return diagnose(
    'MALLA-FAL-04',
    `${nameOf(vs)} inyecta el fallo en las llamadas a «${host}», y debe ser en las que van a ${name} de ${namespace}`,
    { at: vs, path: hostPath(vs, hop.service) },
  );
}

/** What is wrong in the fields of the fault; undefined when they are as wanted. */
function wrongFault({ vs, rule, index }: WrittenRule, { abort, delay, share }: WantedFault): Diagnosis | undefined {
  const fault = rule.fault ?? {};
  const path = `spec.http[${index}].fault`;
  const has = { abort: fault.abort !== undefined, delay: fault.delay !== undefined };
  const lacking = [...(abort !== undefined && !has.abort ? ['abort'] : []), ...(delay && !has.delay ? ['delay'] : [])];
  const present = Object.entries(has).flatMap(([kind, there]) => (there ? [kind] : []));
  if (lacking.length > 0)
    return diagnose(
      'MALLA-FAL-07',
      `El fault de ${nameOf(vs)} tiene ${present.join(' y ') || 'nada'}, y hace falta ${lacking.join(' y ')}`,
      { at: vs, path },
    );
  for (const kind of ['delay', 'abort'] as const) {
    if (kind === 'abort' ? abort === undefined : !delay) continue;
    const wrong = wrongShare(fault, kind, share);
    if (wrong)
      return diagnose(wrong.code, `El ${kind} de ${nameOf(vs)} ${wrong.says}`, {
        at: vs,
        path: `${path}.${kind}${wrong.below}`,
      });
  }
  if (typeof abort === 'number' && fault.abort?.httpStatus !== abort)
    return diagnose(
      'MALLA-FAL-03',
      `El abort de ${nameOf(vs)} responde ${fault.abort?.httpStatus ?? 'otra cosa'}, y se espera ${abort}`,
      { at: vs, path: `${path}.abort.httpStatus` },
    );
  return undefined;
}

function wrongShare(fault: FaultSpec, kind: 'abort' | 'delay', share: number) {
  const actual = shareOf(fault, kind);
  const written = fault[kind]?.percentage;
  if (actual === 0 && share > 0)
    return written === undefined
      ? { code: 'MALLA-FAL-02' as const, says: 'no tiene percentage: no le toca a nadie', below: '' }
      : { code: 'MALLA-FAL-02' as const, says: 'tiene un porcentaje de 0: no le toca a nadie', below: '.percentage' };
  if (Math.abs(actual - share) < 1e-4) return undefined;
  return {
    code: 'MALLA-FAL-05' as const,
    says: `alcanza al ${percent(actual)} de las peticiones, y se espera el ${percent(share)}`,
    below: '.percentage.value',
  };
}

export function shareOf({ abort, delay }: FaultSpec, kind: 'abort' | 'delay'): number {
  return kind === 'abort'
    ? probabilityOf(abort?.percentage, undefined, 0)
    : probabilityOf(delay?.percentage, delay?.percent, 0);
}

/** Milliseconds for which the rule holds back the requests that it takes; 0 for none. */
export function delayOf({ rule }: WrittenRule): number {
  const { delay } = rule.fault ?? {};
  return rule.fault && shareOf(rule.fault, 'delay') > 0 ? (milliseconds(delay?.fixedDelay) ?? 0) : 0;
}

/** It holds requests back, and not for as long as it should. */
export function wrongDelay(written: WrittenRule): Diagnosis {
  const { vs, rule, index } = written;
  const nobody =
    rule.fault?.delay && shareOf(rule.fault, 'delay') === 0 && wrongFault(written, { delay: true, share: 1 });
  if (nobody) return nobody;
  return diagnose('MALLA-FAL-06', `El retraso de ${nameOf(vs)} es de ${rule.fault?.delay?.fixedDelay}`, {
    at: vs,
    path: `spec.http[${index}].fault.delay.fixedDelay`,
  });
}

/** The right fault, and the flag in another log: who calls is not who the check asks. */
export function flagElsewhere(hop: Hop, selector: string, wanted: string, seen: readonly string[]): Diagnosis {
  const found = [...new Set(seen)].join(' y ');
  return diagnose(
    'MALLA-FAL-08',
    `El proxy de ${selector} anota ${found || 'nada'} en esa petición, y no ${wanted}: los fallos de las llamadas a ${hop.service.metadata.name} los anota quien llama`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString('es', { maximumFractionDigits: 4 })} %`;
}
