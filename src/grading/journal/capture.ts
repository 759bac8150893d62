// What a student's cluster holds at a moment, as a record of the journal keeps it. Only reads.
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { Cluster, KubeClient } from '../../cluster/contract.ts';
import { selects } from '../../cluster/labels.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import type { ClaimedCluster, JournalRecord } from '../handin/hand-in.ts';
import type { Scope } from './scope.ts';
import { type WrittenObject, writtenObject } from './written-object.ts';

export interface Capture {
  objects: WrittenObject[];
  pods: NonNullable<JournalRecord['pods']>;
  cluster: ClaimedCluster;
}

/** Resolves to undefined when the cluster cannot be asked: what was verified is kept all the same. */
export async function capture(cluster: Cluster, scope: Scope): Promise<Capture | undefined> {
  try {
    const [objects, pods, about] = await Promise.all([
      capturedObjects(cluster.client, scope),
      cluster.client.list({ apiVersion: 'v1', kind: 'Pod' }),
      describeCluster(cluster),
    ]);
    return {
      objects: objects.map(writtenObject),
      pods: shapesOf(objects, pods),
      cluster: { ...about, ...versionsOfProxies(pods) },
    };
  } catch (error) {
    if (error instanceof ClusterError) return undefined;
    throw error;
  }
}

/** In a fixed order. Rejects with ClusterError; kinds that may not be read are passed over. */
export async function capturedObjects(client: Pick<KubeClient, 'list'>, scope: Scope): Promise<KubeObject[]> {
  const lists = await Promise.all(
    scope.kinds.map((kind) =>
      client.list(kind).catch((error: unknown) => {
        if (error instanceof ClusterError && error.reason === 'forbidden') return [];
        throw error;
      }),
    ),
  );
  return lists
    .flat()
    .filter((object) => scope.has(object) && object.metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** `namespace/name` of each Deployment among the objects, and the containers of its pods. */
export function shapesOf(objects: readonly KubeObject[], pods: readonly KubeObject[]): Capture['pods'] {
  return objects
    .filter((o) => o.kind === 'Deployment')
    .map((deployment) => ({
      workload: `${deployment.metadata.namespace ?? ''}/${deployment.metadata.name}`,
      containers: podsOf(deployment, pods).map(containersOf).toSorted().join(' '),
    }));
}

/** Those that stay. */
export function podsOf({ metadata, spec }: KubeObject, pods: readonly KubeObject[]): KubeObject[] {
  const labels = fields(fields(fields(spec).selector).matchLabels) as Record<string, string>;
  return pods.filter(
    (p) =>
      p.metadata.namespace === metadata.namespace &&
      p.metadata.deletionTimestamp === undefined &&
      selects(labels, p.metadata.labels),
  );
}

function containersOf(pod: KubeObject): string {
  const { containers, initContainers } = fields(pod.spec);
  const names = [...items(initContainers), ...items(containers)].map((c) => text(fields(c).name) ?? '');
  return names.toSorted().join('+');
}

async function describeCluster({ access, client, facts }: Cluster): Promise<ClaimedCluster> {
  const [{ serverVersion, simulated, istio }, home] = await Promise.all([
    facts(),
    client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }),
  ]);
  const id = home?.metadata.uid;
  return {
    kind: access.kind,
    ...(id === undefined ? {} : { id }),
    serverVersion,
    simulated,
    ...(istio ? { istio: istio.version } : {}),
  };
}

function versionsOfProxies(pods: readonly KubeObject[]): Pick<ClaimedCluster, 'proxies'> {
  const proxies: Record<string, number> = {};
  for (const { spec } of pods)
    for (const container of [...items(fields(spec).initContainers), ...items(fields(spec).containers)]) {
      if (fields(container).name !== 'istio-proxy') continue;
      const image = text(fields(container).image) ?? '';
      proxies[image] = (proxies[image] ?? 0) + 1;
    }
  return { proxies };
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
