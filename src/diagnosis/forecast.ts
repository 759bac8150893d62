// Should the stored configuration give what a check expects, and can what was seen come from that configuration?
import type { HttpPattern } from '../labs/check-kinds/http.ts';
import type { SplitPattern } from '../labs/check-kinds/reparto.ts';
import type { Outcome } from '../mesh/decision.ts';
import { otherClass } from '../traffic/classify.ts';
import { entryService, proxyBehind } from './gateway-pods.ts';
import { decideHop, findHop } from './hop.ts';
import { hasSidecar } from './pods.ts';
import { decideAtEntry, type EntryRequest, fairChance, firstPod, predictPods } from './prediction.ts';
import { headersBehind } from './propagation.ts';
import { isForeseenWrong } from './rules/behaviour.ts';
import { brokenTls } from './rules/gateway-tls.ts';
import type { Scene } from './scene.ts';
import { journeyFromEntry } from './security/journey.ts';
import { findSplitTarget, naturalShares, type SplitTarget } from './split-target.ts';
import { podsBehind } from './subsets.ts';
import type { Symptom } from './symptom.ts';

export interface Forecast {
  /** Whether the stored configuration gives what is expected. */
  says: 'right' | 'wrong' | 'unknown';
  /** False when what was seen cannot come from the stored configuration: it is not in force yet. */
  explains(symptom: Symptom): boolean;
}

/** Shares are drawn some thousand times, and a class with less than this was drawn by nobody. */
const nothing = 0.001;
/** Between the noise of those draws and the difference that a traffic test cares for. */
const noise = 0.03;

/** An answer of the application itself cannot be foreseen, but that there is one is good news for a 2xx. */
export function forecastHttp(scene: Scene, request: EntryRequest, pattern: HttpPattern): Forecast {
  const { status, contains } = pattern;
  if (withoutGateway(scene, request)) return unforeseen;
  // The engine takes certificates for present.
  if (brokenTls(scene, request))
    return { says: 'wrong', explains: (s) => s.type !== 'http' || s.answer.failure !== undefined };
  const outcome = guardedOutcome(scene, request);
  const says = outcome?.kind === 'forward' && isForeseenWrong(scene, request, pattern) ? 'wrong' : sayOf(outcome);
  return { says, explains: (s) => s.type !== 'http' || canGive(outcome, s) };

  function sayOf(of: Guarded | undefined): Forecast['says'] {
    if (!of || of.kind === 'refused') return 'wrong';
    if (of.kind === 'reply')
      return of.status === status && contains.every((text) => of.body.includes(text)) ? 'right' : 'wrong';
    // What a proxy notes of it, further in, is another matter.
    return status < 400 && !pattern.flag && !pattern.contrast ? 'right' : 'unknown';
  }
}

export function forecastSplit(scene: Scene, request: EntryRequest, split: SplitPattern): Forecast {
  if (withoutGateway(scene, request)) return unforeseen;
  const shares = split.statuses ? predictFailures(scene, request, split) : predictShares(scene, request, split);
  if (!shares) return unforeseen;
  return {
    says: isClose(shares, split) ? 'right' : 'wrong',
    explains: (s) =>
      s.type !== 'reparto' ||
      Object.entries(s.measured.counts).every(([name, count]) => count === 0 || (shares[name] ?? 0) >= nothing),
  };
}

const unforeseen: Forecast = { says: 'unknown', explains: () => true };

/** By a NodePort of the application itself: no proxy decides on the way in. */
function withoutGateway(scene: Scene, { service }: EntryRequest): boolean {
  const object = service && entryService(scene, service);
  return object !== undefined && podsBehind(scene, object).length > 0 && !proxyBehind(scene, object);
}

type Guarded = Exclude<Outcome, { kind: 'reply' }> | { kind: 'reply'; status: number; body: string };

/** What the gateway decides, unless somebody on the way in does not let it through. */
function guardedOutcome(scene: Scene, request: EntryRequest): Guarded | undefined {
  const journey = journeyFromEntry(scene, request);
  return journey?.end.kind === 'reply' ? journey.end : journey?.decision?.outcome;
}

/** Whatever stands between may turn a closed port into another failure of the connection. */
function canGive(outcome: Guarded | undefined, { answer }: Extract<Symptom, { type: 'http' }>): boolean {
  if (!outcome || outcome.kind === 'refused') return answer.failure !== undefined;
  if (outcome.kind === 'reply') return answer.status === outcome.status;
  return answer.failure !== 'refused';
}

/** Class → share of the answers, failures under `otro`; undefined when it cannot be known. */
function predictShares(scene: Scene, request: EntryRequest, split: SplitPattern): Record<string, number> | undefined {
  const outcome = decideAtEntry(scene, request)?.outcome;
  if (!outcome || outcome.kind === 'refused' || outcome.kind === 'reply') return { [otherClass]: 1 };
  const target = findSplitTarget(scene, split);
  if (!target || outcome.kind !== 'forward') return undefined;
  const { name, namespace = 'default' } = target.service.metadata;
  const service = { name, namespace, port: target.port };
  if (outcome.service.name === name && outcome.service.namespace === namespace)
    return inClasses(predictPods(scene, { entry: request }, service), target);
  const caller = firstPod(scene, outcome);
  if (!caller) return undefined;
  // Without a sidecar no rule counts: the Service sends to any of its pods.
  return hasSidecar(caller)
    ? inClasses(predictPods(scene, { pod: caller, headers: headersBehind(request) }, service), target)
    : naturalShares(scene, target);
}

/** Only failures that a rule makes can be foreseen, and only where the rest of the answers are of one class. */
function predictFailures(
  scene: Scene,
  request: EntryRequest,
  { statuses = {}, classes, about }: SplitPattern,
): Record<string, number> | undefined {
  const hop = findHop(scene, request, about);
  const [good, ...others] = Object.keys(classes);
  if (!hop || good === undefined || others.length > 0) return undefined;
  const chance = fairChance();
  const shares: Record<string, number> = {};
  let made = 0;
  for (let i = 0; i < faultDraws; i++) {
    const outcome = decideHop(scene, hop, chance)?.outcome;
    const status = outcome?.kind === 'reply' ? outcome.status : undefined;
    const failure = Object.entries(statuses).find(([, s]) => s === status)?.[0] ?? otherClass;
    const name = status === undefined ? good : failure;
    if (status !== undefined) made++;
    shares[name] = (shares[name] ?? 0) + 1 / faultDraws;
  }
  return made > 0 ? shares : undefined;
}

const faultDraws = 2_000;

function inClasses(pods: Map<string, number>, { classOf }: SplitTarget): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const [pod, share] of pods) {
    const name = classOf.get(pod) ?? otherClass;
    shares[name] = (shares[name] ?? 0) + share;
  }
  return shares;
}

function isClose(shares: Record<string, number>, { expected }: SplitPattern): boolean {
  const total = Object.values(expected).reduce((sum, w) => sum + w, 0);
  const names = new Set([...Object.keys(shares), ...Object.keys(expected)]);
  return [...names].every((name) => Math.abs((shares[name] ?? 0) - (expected[name] ?? 0) / total) <= noise);
}
