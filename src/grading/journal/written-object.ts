// An object of a cluster as its author might have written it: without what the cluster adds, and always in the same words,
// so that the same work has the same digest.
import { stringify } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { canonicalJson, sha256 } from '../handin/canonical-json.ts';

export interface WrittenObject {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** YAML. */
  text: string;
  sha256: string;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export function writtenObject(object: KubeObject): WrittenObject {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const text = stringify(plainObject(object), { lineWidth: 0, aliasDuplicateObjects: false });
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name, text, sha256: sha256(text) };
}

/** Whether both are written with the same text; cheaper than writing them. */
export function isWrittenAlike(a: KubeObject, b: KubeObject): boolean {
  return canonicalJson(plainObject(a)) === canonicalJson(plainObject(b));
}

/** Keys sorted inside; apiVersion, kind and metadata first. */
function plainObject(object: KubeObject): Record<string, unknown> {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object;
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => key !== lastApplied && !key.startsWith('deployment.kubernetes.io/'),
    ),
  );
  const labels = Object.fromEntries(
    Object.entries(metadata.labels ?? {}).filter(([key]) => key !== 'kubernetes.io/metadata.name'),
  );
  const own = {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  // A namespace is its labels: what else it has the cluster wrote. A kind is the lab's own file, never the student's, and
  // webhooks are istioctl's.
  const isName = kind === 'Namespace' || kind === 'CustomResourceDefinition' || kind.endsWith('WebhookConfiguration');
  const body = isName ? {} : kind === 'Service' ? ownService(object) : rest;
  return { apiVersion, kind, metadata: sorted(own), ...(sorted(body) as Record<string, unknown>) };
}

/** Addresses and ports that the cluster chose are not the student's; a NodePort that their file asks for is. */
function ownService(object: KubeObject): Record<string, unknown> {
  const {
    clusterIP,
    clusterIPs: _all,
    ipFamilies: _families,
    ipFamilyPolicy: _policy,
    healthCheckNodePort: _health,
    ...spec
  } = (object.spec ?? {}) as Record<string, unknown> & { ports?: Record<string, unknown>[] };
  const asked = object.metadata.annotations?.[lastApplied]?.includes('"nodePort"') ?? false;
  const ports = (spec.ports ?? []).map(({ nodePort, ...port }) => ({
    ...port,
    ...(asked && nodePort ? { nodePort } : {}),
  }));
  return { spec: { ...spec, ...(clusterIP === 'None' ? { clusterIP } : {}), ports } };
}

/** Without fields that say nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== undefined && held !== null)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => [name, sorted(held)]),
  );
}
