// Why requests take longer, or less, than a check expects.
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { sickWorkload } from '../health.ts';
import { findHop, type Hop } from '../hop.ts';
import { requestTo } from '../prediction.ts';
import type { Scene } from '../scene.ts';
import type { Symptom } from '../symptom.ts';
import { delayOf, faultCause, wrongDelay } from './faults.ts';
import { applicationCause, entryCause, servicesBehind } from './http.ts';
import { namesService, type WrittenRule, writtenRules } from './meant-rules.ts';
import { interferingPolicy } from './policy.ts';
import { hiddenRule, misplacedRule, strayRule } from './stray-rules.ts';
import { earlyTimeout, limitOf, missingTimeout, print } from './timeouts.ts';

type LatencySymptom = Extract<Symptom, { type: 'latencia' }>;

/** Milliseconds. Of an API that is well, a few; a page of the application is several such steps. */
const slowAnswer = 40;
/** Of an answer that goes through a few proxies, what a machine where each step takes that long adds at the least. */
const steps = 4;

/** Whether an answer takes as long as it must only because the machine is slow: then its time says nothing of the rules. */
export function isOwedToSlowness(estimate: number, minimum: number, answering = 0): boolean {
  return answering > slowAnswer && minimum > 0 && estimate >= minimum && estimate - steps * answering < minimum;
}

export function latencyCause(scene: Scene, { pattern, url, measured, answering = 0 }: LatencySymptom): Diagnosis {
  const request = requestTo(url, pattern);
  const behind = servicesBehind(scene, request);
  const sick = sickWorkload(scene, behind);
  if (sick) return sick;
  const hop = findHop(scene, request, pattern.about);
  const { estimate, timed, decision, requests } = measured;
  const { minimum = 0, maximum = Number.POSITIVE_INFINITY } = pattern;
  if (timed === 0) return noAnswers(scene, hop, { pattern, url, measured });
  // No delay that is written explains it: a limit or a retry that is missing would not make it so slow.
  const tooSlowToTell = estimate > maximum && answering > slowAnswer && !heldFor(scene, maximum);
  if (tooSlowToTell || (decision === 'correcto' && isOwedToSlowness(estimate, minimum, answering)))
    return diagnose(
      'MALLA-SAL-12',
      `${url.pathname} tarda ${print(estimate)}, y el API del clúster, que no pasa por la malla, ${print(answering)}`,
    );
  const found =
    estimate < minimum
      ? (applicationCause(scene, request) ?? tooQuick(scene, hop, minimum))
      : estimate > maximum
        ? tooSlow(scene, hop, maximum)
        : undefined;
  if (found) return found;
  // Times of two kinds, and a quantile that falls now on one, now on the other.
  const sometimes = (hop && delayedSometimes(scene, hop, pattern.status)) ?? hiddenRule(scene, behind);
  if (sometimes) return sometimes;
  if (decision === 'seguir' || (estimate >= minimum && estimate <= maximum))
    return diagnose('MALLA-SAL-09', `Tras ${requests} peticiones (${print(estimate)}) aún no hay evidencia bastante`);
  return (
    interferingPolicy(scene, `La respuesta tarda ${print(estimate)}`) ??
    strayRule(scene) ??
    (estimate > maximum ? slowerThanWritten(scene, hop, maximum, estimate) : undefined) ??
    diagnose('MALLA-TIE-12', `${url.pathname} tarda ${print(estimate)}, y ninguna regla lo explica`)
  );
}

/** A fault that some requests escape. */
function delayedSometimes(scene: Scene, hop: Hop, status: number): Diagnosis | undefined {
  const own = writtenRules(scene, ({ fault }) => fault?.delay !== undefined).some(({ vs }) =>
    namesService(vs, hop.service),
  );
  return own ? faultCause(scene, hop, { delay: true, ...(status >= 400 && { abort: status }), share: 1 }) : undefined;
}

/** None had the status that is timed. */
function noAnswers(
  scene: Scene,
  hop: Hop | undefined,
  { pattern, url, measured }: Omit<LatencySymptom, 'type'>,
): Diagnosis {
  const [name = ''] = Object.entries(measured.statuses).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const seen = /^\d+$/.test(name) ? Number(name) : name;
  const wanted = hop && pattern.status >= 400 ? { abort: pattern.status, delay: true, share: 1 } : undefined;
  const own =
    hop &&
    writtenRules(scene, ({ fault }) => fault?.delay !== undefined).find(({ vs }) => namesService(vs, hop.service));
  return (
    (hop && wanted && faultCause(scene, hop, wanted)) ??
    (own && delayOf(own) > (pattern.maximum ?? Number.POSITIVE_INFINITY) ? wrongDelay(own) : undefined) ??
    (seen === 504 ? earlyTimeout(scene) : undefined) ??
    entryCause(scene, requestTo(url, pattern), seen) ??
    diagnose('MALLA-RED-04', `${url.pathname} responde ${seen}, y se espera ${pattern.status}`)
  );
}

function tooQuick(scene: Scene, hop: Hop | undefined, minimum: number): Diagnosis | undefined {
  const delays = writtenRules(scene, ({ fault }) => fault?.delay !== undefined);
  const longest = delays.toSorted((a, b) => delayOf(b) - delayOf(a))[0];
  const asked = hop && delayed(scene, hop);
  const wrong = asked && faultCause(scene, asked, { delay: true, share: 1 });
  if (wrong) return wrong;
  if (!longest) return undefined;
  const cut = writtenRules(scene, ({ timeout }) => timeout !== undefined).find(
    (limit) => limitOf(limit) < delayOf(longest) && limit.vs !== longest.vs,
  );
  if (delayOf(longest) < minimum) return wrongDelay(longest);
  return cut && (misplacedRule(scene) ?? earlyTimeout(scene, cut));
}

/** What waits is the service that the check names; what is held back may be another one, behind it. */
function delayed(scene: Scene, hop: Hop): Hop | undefined {
  const [other] = writtenRules(scene, ({ fault }) => fault?.delay !== undefined);
  if (!other || namesService(other.vs, hop.service) || !waitsFor(scene, hop)) return hop;
  return undefined;
}

/** The check is about a rule that cuts: it has a limit, and is not the one that delays. */
function waitsFor(scene: Scene, { service }: Hop): boolean {
  return writtenRules(scene, ({ timeout }) => timeout !== undefined).some(({ vs }) => namesService(vs, service));
}

function tooSlow(scene: Scene, hop: Hop | undefined, maximum: number): Diagnosis | undefined {
  const delays = writtenRules(scene, ({ fault }) => fault?.delay !== undefined);
  const own = hop && delays.find(({ vs }) => namesService(vs, hop.service));
  if (own && delayOf(own) > maximum) return wrongDelay(own);
  // Of a call that is to be late nobody expects a limit.
  const missing = hop && !own && missingTimeout(scene, hop);
  if (missing) return missing;
  const held = heldFor(scene, maximum);
  return held && wrongDelay(held);
}

/** The call is late as it should, and all delays together are not what makes it later still. */
function slowerThanWritten(
  scene: Scene,
  hop: Hop | undefined,
  maximum: number,
  estimate: number,
): Diagnosis | undefined {
  const delays = writtenRules(scene, ({ fault }) => fault?.delay !== undefined);
  const total = delays.reduce((sum, delay) => sum + delayOf(delay), 0);
  const own = hop && delays.find(({ vs }) => namesService(vs, hop.service));
  if (!own || delayOf(own) === 0 || total > maximum) return undefined;
  return diagnose('MALLA-SAL-14', `Las reglas retrasan ${print(total)}, y la respuesta tarda ${print(estimate)}`);
}

/** The longest delay that passes of that many milliseconds, with nobody who cuts it. */
function heldFor(scene: Scene, maximum: number): WrittenRule | undefined {
  const delays = writtenRules(scene, ({ fault }) => fault?.delay !== undefined);
  const longest = delays.toSorted((a, b) => delayOf(b) - delayOf(a))[0];
  return longest && delayOf(longest) > maximum && !cutShort(scene, longest) ? longest : undefined;
}

/** Somebody who calls does not wait for the end of the delay. */
function cutShort(scene: Scene, delay: WrittenRule): boolean {
  const limits = writtenRules(scene, ({ timeout }) => timeout !== undefined);
  return limits.some((limit) => limit.vs !== delay.vs && limitOf(limit) < delayOf(delay));
}
