// Whether an object of the cluster is one that a lab makes, or a person's own under the same name.
import type { KubeObject } from '../../mesh/objects.ts';
import { imagesOf } from './made-by.ts';

/**
 * True when the object is what one of the forms asks for. Fields that the cluster or a command of the course may change
 * (replicas, environment, what is filled in) are not compared; the rest of a manifest must be there as it is written.
 */
export function sameAsMade(live: KubeObject, forms: readonly KubeObject[]): boolean {
  if (workloads.has(live.kind)) return sameWorkload(live, forms);
  return forms.some((form) => holds(comparable(live), comparable(form)));
}

/** Stricter: each field of the manifest, replicas and environment included, is as it is written there. */
export function asWritten(live: KubeObject, form: KubeObject): boolean {
  return holds(comparable(live), comparable(form));
}

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Job', 'CronJob']);

/** Put there by injection, by hand or not. */
const injected = /(^|\/)proxyv2(:|@|$)/;

/** The same pods are selected, and each image is one that the course gives to that name. */
function sameWorkload(live: KubeObject, forms: readonly KubeObject[]): boolean {
  const known = new Set(forms.flatMap(imagesOf).map(plainImage));
  const images = imagesOf(live).map(plainImage);
  const own = images.filter((image) => !injected.test(image));
  return own.every((image) => known.has(image)) && forms.some((form) => holds(selectorOf(live), selectorOf(form)));
}

/** `nginx:1.22` and `docker.io/library/nginx:1.22` are the same image. */
export function plainImage(image: string): string {
  return image.replace(/^docker\.io\//, '').replace(/^library\//, '');
}

function selectorOf({ spec }: KubeObject): unknown {
  const { selector } = (spec ?? {}) as { selector?: unknown };
  return selector ?? {};
}

/** What the author of a manifest decides. A Secret's text form comes back from the cluster in base64. */
function comparable({ apiVersion, kind, metadata, status: _status, ...fields }: KubeObject): unknown {
  if (kind === 'Secret' || kind === 'Namespace' || kind === 'ServiceAccount') return {};
  if (kind === 'Service') return serviceFields(fields.spec);
  return fields;
}

function serviceFields(spec: unknown): unknown {
  const { selector, ports } = (spec ?? {}) as { selector?: unknown; ports?: { port?: number }[] };
  return {
    ...(selector === undefined ? {} : { selector }),
    ...(Array.isArray(ports) ? { ports: ports.map(({ port }) => ({ port })) } : {}),
  };
}

/** Each field that is wanted is there, alike; lists have the same length. */
function holds(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(actual) && actual.length === wanted.length && wanted.every((w, i) => holds(actual[i], w));
  if (isRecord(wanted)) {
    return (
      isRecord(actual) && Object.entries(wanted).every(([key, value]) => isEmpty(value) || holds(actual[key], value))
    );
  }
  return actual === wanted || (typeof wanted === 'number' && String(wanted) === actual) || sameDuration(actual, wanted);
}

/** The server leaves empty things out. */
function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    (isRecord(value) && Object.keys(value).length === 0) ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Istio's and Kubernetes' servers keep quantities and durations as text, but may write `1.0` as `1`. */
function sameDuration(actual: unknown, wanted: unknown): boolean {
  if (typeof actual !== 'string' || typeof wanted !== 'string') return false;
  const [a, b] = [/^([\d.]+)(\D*)$/.exec(actual), /^([\d.]+)(\D*)$/.exec(wanted)];
  return a !== null && b !== null && Number(a[1]) === Number(b[1]) && a[2] === b[2];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
