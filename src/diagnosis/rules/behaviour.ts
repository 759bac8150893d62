// Why a request does not meet the fault or the limit that a check expects on its way: for checks that name a flag of a
// proxy, a service, or an answer that no application gives by itself.
import type { HttpPattern } from '../../labs/check-kinds/http.ts';
import type { SplitPattern } from '../../labs/check-kinds/reparto.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { decideHop, findHop, type Hop, ruleAtWork } from '../hop.ts';
import { type EntryRequest, requestTo } from '../prediction.ts';
import type { Scene } from '../scene.ts';
import type { Symptom } from '../symptom.ts';
import { brokenRoute } from './destination.ts';
import { delayOf, faultCause, flagElsewhere, type WantedFault, wrongDelay } from './faults.ts';
import { flaggedApart } from './flagged-pods.ts';
import { overreach } from './matches.ts';
import { writtenRules } from './meant-rules.ts';
import { retriesCause } from './retries.ts';
import { strayRule } from './stray-rules.ts';
import { missingTimeout } from './timeouts.ts';

type HttpSymptom = Extract<Symptom, { type: 'http' }>;
type SplitSymptom = Extract<Symptom, { type: 'reparto' }>;

export function behaviourCause(scene: Scene, symptom: HttpSymptom): Diagnosis | undefined {
  const { pattern, url, answer, contrast, flags } = symptom;
  const hop = findHop(scene, requestTo(url, pattern, pattern.method), pattern.about);
  if (!hop || answer.failure) return undefined;
  const found = storedCause(scene, hop, pattern);
  if (found) return found;
  const tired = answer.status === pattern.status ? undefined : longerThanAnyoneWaits(scene, hop, answer.milliseconds);
  if (tired) return tired;
  if (pattern.contrast && contrast && contrast.status !== pattern.contrast.status)
    return outsideCause(scene, hop, symptom);
  if (pattern.flag && flags)
    return (
      strayRule(scene) ??
      flaggedApart(scene, requestTo(url, pattern, pattern.method), pattern) ??
      flagElsewhere(hop, pattern.flag.selector, pattern.flag.flags, flags)
    );
  return undefined;
}

/** Whether the stored rules by themselves cannot give what is expected; what chance gives once is not to be trusted. */
export function isForeseenWrong(scene: Scene, request: EntryRequest, pattern: HttpPattern): boolean {
  const hop = findHop(scene, request, pattern.about);
  if (!hop) return false;
  if (storedCause(scene, hop, pattern)) return true;
  return (
    pattern.contrast?.status !== pattern.status && outsideCause(scene, hop, { pattern, url: request.url }) !== undefined
  );
}

function storedCause(scene: Scene, hop: Hop, pattern: HttpPattern): Diagnosis | undefined {
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  // An abort never gets as far as the destination; a time limit does.
  const broken = cuts(pattern) && ruler && brokenRoute(scene, ruler, hop.service.metadata.namespace ?? 'default');
  if (broken) return broken;
  const fault = faultIn(pattern);
  return (fault && faultCause(scene, hop, fault)) ?? (cuts(pattern) ? missingTimeout(scene, hop) : undefined);
}

/** The right fault, and whoever calls gave up before it was over. */
function longerThanAnyoneWaits(scene: Scene, hop: Hop, waited: number): Diagnosis | undefined {
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  return ruler && delayOf(ruler) > waited ? wrongDelay(ruler) : undefined;
}

/** A fault that nobody asked for. */
export function leftoverFault(scene: Scene): Diagnosis | undefined {
  const [left] = writtenRules(scene, ({ fault }) => fault !== undefined);
  if (!left) return undefined;
  return diagnose('MALLA-FAL-09', `${nameOf(left.vs)} sigue inyectando un fallo`, {
    at: left.vs,
    path: `spec.http[${left.index}].fault`,
  });
}

/** For splits some of whose classes are failures: made by a rule, or left over by its retries. */
export function failureShareCause(
  scene: Scene,
  request: EntryRequest,
  { pattern, measured }: Pick<SplitSymptom, 'pattern' | 'measured'>,
): Diagnosis | undefined {
  const hop = findHop(scene, request, pattern.about);
  const failure = failureIn(pattern);
  if (!hop || !failure) return undefined;
  const { name, status, share } = failure;
  const seen = (measured.counts[name] ?? 0) / Math.max(1, measured.requests);
  const aborts = writtenRules(scene, ({ fault }) => fault?.abort !== undefined).length > 0;
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  const broken = ruler && brokenRoute(scene, ruler, hop.service.metadata.namespace ?? 'default');
  if (broken) return broken;
  const retries = writtenRules(scene, (rule) => rule.retries !== undefined).length > 0;
  // Failures with no rule that makes them are the application's own: what is at stake is whether they are tried again.
  if (!aborts && (seen > 0 || retries)) return retriesCause(scene, hop, { status, seen, expected: share });
  // Delays make failures of their own: those of whoever does not wait.
  const failed = Object.values(measured.failures).reduce((sum, n) => sum + n, 0);
  const late = !aborts && failed * 2 > measured.requests ? leftoverFault(scene) : undefined;
  return late ?? faultCause(scene, hop, { abort: status, share });
}

/** The class of failures that is expected, and its share. */
export function failureIn({ statuses = {}, expected }: SplitPattern) {
  const total = Object.values(expected).reduce((sum, w) => sum + w, 0) || 1;
  const found = Object.entries(statuses).find(([, status]) => status >= 400);
  return found && { name: found[0], status: found[1], share: (expected[found[0]] ?? 0) / total };
}

/** The fault that a check is about: by the flag that it names, or by an answer that only an abort gives. */
export function faultIn(pattern: HttpPattern): WantedFault | undefined {
  if (asksForFall(pattern)) return undefined;
  const { flag, status, about } = pattern;
  const flags = flag?.flags.split(',') ?? [];
  const abort = flags.includes('FI') || (!flag && about !== undefined && status >= 400 && !otherMakers.has(status));
  const delay = flags.includes('DI');
  if (!abort && !delay) return undefined;
  // The status that a page shows is the page's own: only an error passes through.
  return { ...(abort && { abort: status >= 400 ? status : true }), ...(delay && { delay }), share: 1 };
}

/** Statuses that policies and time limits give. */
const otherMakers = new Set([401, 403, 504]);

/** The answer of a proxy that has nobody left to send to, which no fault makes. */
export function asksForFall({ contains }: HttpPattern): boolean {
  return contains.some((text) => text.includes('no healthy upstream'));
}

function cuts({ flag, status, about }: HttpPattern): boolean {
  return flag ? flag.flags.split(',').includes('UT') : about !== undefined && status === 504;
}

function outsideCause(
  scene: Scene,
  hop: Hop,
  { pattern, url }: Pick<HttpSymptom, 'pattern' | 'url'>,
): Diagnosis | undefined {
  const { contrast, session, ...rest } = pattern;
  // Inside the mesh nobody knows which path a call has.
  if (!contrast || (contrast.path !== undefined && hop.caller)) return undefined;
  const there = contrast.path === undefined ? url : new URL(contrast.path, url);
  const request = requestTo(there, {
    ...rest,
    headers: contrast.headers,
    ...(contrast.session && session ? { session } : {}),
  });
  const outside = findHop(scene, request, pattern.about);
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  return outside && ruler && overreach(scene, outside, ruler);
}
