// How many worker threads a proxy was started with: what the injector wrote for it, and two where it wrote nothing.
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, integer, items, text } from '../../../mesh/read.ts';
import { containersOf } from '../../../mesh/services.ts';

const PRESET = 2;

/** 0 means one for each processor; the simulated nodes have two. */
export function concurrencyOf(pod: KubeObject): number {
  const proxy = containersOf(pod).find((container) => container.name === 'istio-proxy');
  const variable = items(proxy?.env)
    .map(fields)
    .find(({ name }) => name === 'PROXY_CONFIG');
  try {
    return integer(fields(JSON.parse(text(variable?.value) ?? '{}')).concurrency) || PRESET;
  } catch {
    return PRESET;
  }
}
