// Should the stored configuration give what a check expects?
import type { HttpPattern, SplitPattern } from '../labs/lab.ts';
import { otherClass } from '../traffic/classify.ts';
import { bandOf } from '../traffic/split-test.ts';
import { hasSidecar } from './pods.ts';
import { decideAtEntry, type EntryRequest, firstPod, predictPods } from './prediction.ts';
import type { Scene } from './scene.ts';
import { findSplitTarget, naturalShares, type SplitTarget } from './split-target.ts';

export type Forecast = 'right' | 'wrong' | 'unknown';

/** An answer of the application itself cannot be foreseen, but that there is one is good news for a 2xx. */
export function forecastHttp(scene: Scene, request: EntryRequest, { status, contains }: HttpPattern): Forecast {
  const outcome = decideAtEntry(scene, request)?.outcome;
  if (!outcome || outcome.kind === 'refused') return 'wrong';
  if (outcome.kind === 'reply')
    return outcome.status === status && contains.every((text) => outcome.body.includes(text)) ? 'right' : 'wrong';
  return status < 400 ? 'right' : 'unknown';
}

export function forecastSplit(scene: Scene, request: EntryRequest, split: SplitPattern): Forecast {
  const outcome = decideAtEntry(scene, request)?.outcome;
  if (!outcome || outcome.kind === 'refused' || outcome.kind === 'reply') return 'wrong';
  const target = findSplitTarget(scene, split);
  if (!target || outcome.kind !== 'forward') return 'unknown';
  const { name, namespace = 'default' } = target.service.metadata;
  const service = { name, namespace, port: target.port };
  if (outcome.service.name === name && outcome.service.namespace === namespace)
    return judge(inClasses(predictPods(scene, { entry: request }, service), target), split);
  const caller = firstPod(scene, outcome);
  if (!caller) return 'unknown';
  // Without a sidecar no rule counts: the Service sends to any of its pods.
  const shares = hasSidecar(caller)
    ? inClasses(predictPods(scene, { pod: caller }, service), target)
    : naturalShares(scene, target);
  return judge(shares, split);
}

function inClasses(pods: Map<string, number>, { classOf }: SplitTarget): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const [pod, share] of pods) {
    const name = classOf.get(pod) ?? otherClass;
    shares[name] = (shares[name] ?? 0) + share;
  }
  return shares;
}

/** By the same bands that traffic is judged with. */
function judge(shares: Record<string, number>, { expected, classes }: SplitPattern): Forecast {
  const total = Object.values(expected).reduce((sum, w) => sum + w, 0);
  const names = new Set([otherClass, ...Object.keys(classes), ...Object.keys(expected)]);
  for (const name of names) {
    const { low = -1, high = 2 } = bandOf((expected[name] ?? 0) / total);
    const share = shares[name] ?? 0;
    if (share <= low || share >= high) return 'wrong';
  }
  return 'right';
}
