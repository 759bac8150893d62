// Which release of Istio runs: it is the tag of the image, as everywhere in Kubernetes.
import type { KubeObject } from '../../../mesh/objects.ts';
import { containersOf } from '../../../mesh/services.ts';

/** The tag of an image; `unknown` for one that has none. */
export function tagOf(image: string): string {
  const name = (image.split('@')[0] ?? '').slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 ? 'unknown' : name.slice(colon + 1);
}

/** The release of a pod's proxy. */
export function versionOf(pod: KubeObject): string {
  const proxy = containersOf(pod).find((c) => c.name === 'istio-proxy');
  return typeof proxy?.image === 'string' ? tagOf(proxy.image) : 'unknown';
}

/** Commit of Istio that the simulated programs say they were built from. */
export const ISTIO_REVISION = '56df41f63e513f834c9a3af33d8aed82d1d961f2';
/** The Envoy inside: what Istio's proxy of that release pins. */
export const ENVOY_REVISION = '4f1e006e';
export const ENVOY_VERSION = '1.38.4-dev';
