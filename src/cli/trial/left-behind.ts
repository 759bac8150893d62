// What a lab has changed in a cluster and not put back.
import { createHash } from 'node:crypto';
import type { KubeClient } from '../../cluster/contract.ts';
import { servedKinds } from '../../cluster/served-kinds.ts';
import type { KubeObject } from '../../mesh/objects.ts';

/** `Kind namespace/name` → digest of what its author wrote. */
export type Snapshot = ReadonlyMap<string, string>;

/** Every kind that the cluster serves, without those that live by themselves. */
export async function takeSnapshot(client: KubeClient): Promise<Snapshot> {
  return digests(await listWritten(client));
}

/** What somebody wrote: every object of every kind that the cluster serves, without what controllers make. */
export async function listWritten(client: KubeClient): Promise<KubeObject[]> {
  const kinds = (await servedKinds(client)).filter((k) => k.verbs.includes('list') && !alive.has(k.kind));
  const lists = await Promise.all(kinds.map(({ apiVersion, kind }) => client.list({ apiVersion, kind })));
  return lists.flat().filter((object) => !isByproduct(object));
}

export function digests(objects: readonly KubeObject[]): Snapshot {
  return new Map(objects.map((object) => [titleOf(object), digest(object)]));
}

/** Spanish, one line each; empty when the cluster is as it was. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  return [
    ...[...before.keys()].filter((key) => !after.has(key)).map((key) => `falta ${key}`),
    ...[...after.keys()].filter((key) => !before.has(key)).map((key) => `sobra ${key}`),
    ...[...after]
      .filter(([key, value]) => before.has(key) && before.get(key) !== value)
      .map(([key]) => `cambia ${key}`),
  ].toSorted();
}

/** Made by controllers, under names or with contents that vary. */
const alive = new Set([
  'Pod',
  'ReplicaSet',
  'ControllerRevision',
  'EndpointSlice',
  'Endpoints',
  'Event',
  'Lease',
  'Node',
  'ComponentStatus',
  'NodeMetrics',
  'PodMetrics',
  'APIService',
]);

/** istiod's own, which stay after an uninstallation on a real cluster as well, and who leads at the moment. */
function isByproduct({ kind, metadata: { name, annotations } }: KubeObject): boolean {
  return (
    annotations?.['control-plane.alpha.kubernetes.io/leader'] !== undefined ||
    (kind === 'ConfigMap' && (name.startsWith('istio-ca-') || name.startsWith('istio-gateway-'))) ||
    (kind === 'Secret' && name.startsWith('istio-ca-'))
  );
}

/** `Kind namespace/name`, which tells objects of a snapshot apart. */
export function titleOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

/** Restarting a Deployment leaves a mark that nobody can take back; webhooks get their certificate from istiod. */
function digest({ metadata: { labels, annotations }, ...object }: KubeObject): string {
  const { apiVersion: _version, kind, status: _status, ...own } = object as KubeObject & { status?: unknown };
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith('deployment.kubernetes.io/'));
  const text = JSON.stringify([labels ?? {}, kept, kind.endsWith('WebhookConfiguration') ? {} : own], (key, value) =>
    key === 'kubectl.kubernetes.io/restartedAt' || key === 'kubectl.kubernetes.io/last-applied-configuration'
      ? undefined
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
