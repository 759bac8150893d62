// What the pods of each Deployment are made of. The same Deployment can have other pods than before: whether they carry a
// sidecar is decided when they are born.
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import { selects } from '../../cluster/labels.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';

/** `namespace/name` of a Deployment → the containers of each of its pods, sorted: comparable as text. */
export async function shapesOfPods(client: Pick<KubeClient, 'list'>): Promise<Map<string, string>> {
  const { deployments, pods } = await readPods(client);
  return new Map(
    deployments.map((deployment) => [
      titleOf(deployment),
      shapes(podsOf(deployment, pods).filter((p) => !isLeaving(p))),
    ]),
  );
}

export interface PodsState {
  /** Every Deployment has all its pods, none is going, and they are made of what they were. */
  settled: boolean;
  /** Spanish: what is awaited. */
  waiting: string[];
  /** Pods of Deployments that are quiet and made of other containers. */
  otherwise: ObjectRef[];
}

/** Compares with what shapesOfPods told before; pods that were not ready then need not be now. */
export async function settledPods(
  client: Pick<KubeClient, 'list'>,
  before: ReadonlyMap<string, string>,
): Promise<PodsState> {
  const { deployments, pods } = await readPods(client);
  const waiting: string[] = [];
  const otherwise: ObjectRef[] = [];
  for (const deployment of deployments) {
    const title = titleOf(deployment);
    const then = before.get(title);
    // Somebody else's, made meanwhile.
    if (then === undefined) continue;
    const own = podsOf(deployment, pods);
    const same = withoutMarks(shapes(own)) === withoutMarks(then);
    if (same && !own.some(isLeaving) && (own.every(isReady) || then.includes(notReady))) continue;
    waiting.push(`los pods de ${title}`);
    if (same || own.some(isLeaving) || !isRolledOut(deployment)) continue;
    otherwise.push(
      ...own.map(({ metadata: { name, namespace = '' } }) => ({ apiVersion: 'v1', kind: 'Pod', namespace, name })),
    );
  }
  return { settled: waiting.length === 0, waiting, otherwise };
}

async function readPods(client: Pick<KubeClient, 'list'>): Promise<{ deployments: KubeObject[]; pods: KubeObject[] }> {
  const [deployments, pods] = await Promise.all([
    client.list({ apiVersion: 'apps/v1', kind: 'Deployment' }),
    client.list({ apiVersion: 'v1', kind: 'Pod' }),
  ]);
  return { deployments, pods };
}

function podsOf({ metadata, spec }: KubeObject, pods: readonly KubeObject[]): KubeObject[] {
  const labels = fields(fields(fields(spec).selector).matchLabels) as Record<string, string>;
  return pods.filter((p) => p.metadata.namespace === metadata.namespace && selects(labels, p.metadata.labels));
}

function shapes(pods: readonly KubeObject[]): string {
  return pods.map(shape).toSorted().join(' ');
}

const notReady = '?';

function withoutMarks(shapes: string): string {
  return shapes.replaceAll(notReady, '');
}

/** With a mark when it was not ready: then it need not become so. */
function shape(pod: KubeObject): string {
  const { containers, initContainers } = fields(pod.spec);
  const names = [...items(initContainers), ...items(containers)].map((c) => text(fields(c).name) ?? '');
  return `${names.toSorted().join('+')}${isReady(pod) ? '' : notReady}`;
}

function titleOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isReady({ status }: KubeObject): boolean {
  return items(fields(status).conditions).some((c) => fields(c).type === 'Ready' && fields(c).status === 'True');
}

function isRolledOut({ spec, status, metadata }: KubeObject): boolean {
  const { observedGeneration, updatedReplicas = 0, replicas: all = 0 } = fields(status);
  const wanted = fields(spec).replicas ?? 1;
  return observedGeneration === fields(metadata).generation && updatedReplicas === wanted && all === wanted;
}
