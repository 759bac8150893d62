// Should the stored configuration give what a request from a pod expects?
import { parseSelector } from '../../cluster/label-selector.ts';
import type { PodRequestPattern } from '../../labs/check-kinds/peticion.ts';
import { newestReady } from '../pods.ts';
import { serviceOf } from '../rules/pod-request.ts';
import type { Scene } from '../scene.ts';
import { type End, journeyFromPod } from './journey.ts';

export type Foreseen = 'right' | 'wrong' | 'unknown';

export function forecastPodRequest(scene: Scene, pattern: PodRequestPattern): Foreseen {
  const { namespace, selector } = pattern.from;
  const matches = parseSelector(selector);
  const client = newestReady(
    scene.pods.filter((p) => p.metadata.namespace === namespace && matches(p.metadata.labels)),
  );
  const service = client && serviceOf(scene, client, pattern.url);
  if (!client || !service) return 'unknown';
  return compare(pattern, journeyFromPod(scene, client, service, pattern).end);
}

function compare({ expected, contains, url }: PodRequestPattern, end: End): Foreseen {
  if (end.kind === 'unknown') return 'unknown';
  if ('failure' in expected) {
    if (expected.failure !== 'reset' && expected.failure !== 'refused') return 'unknown';
    return end.kind === (expected.failure === 'reset' ? 'cut' : 'refused') ? 'right' : 'wrong';
  }
  if (end.kind === 'reply') {
    const fits = end.status === expected.status && contains.every((text) => end.body.includes(text));
    // Of these only the beginning of the text is foreseen.
    return fits || (end.status === expected.status && end.status >= 500) ? 'right' : 'wrong';
  }
  if (end.kind !== 'application') return 'wrong';
  if (expected.status < 400) return 'right';
  // The application may say it by itself; and a token may have expired, which no stored object tells.
  const own = expected.status !== 403 || /\/status\//.test(url);
  return own ? 'unknown' : 'wrong';
}
