// A cluster that cannot be copied, put back as it was: what is new goes, what is gone returns, what is changed is undone,
// and pods that were born meanwhile under other rules are born again.
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import { proxiesInSync } from '../../cluster/proxies-in-sync.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { digests, listWritten, titleOf } from './left-behind.ts';
import { classWork } from './not-ours.ts';
import { settledPods, shapesOfPods } from './pod-shapes.ts';

export interface Saved {
  objects: ReadonlyMap<string, KubeObject>;
  /** Deployment → its pods' containers; see shapesOfPods. */
  shapes: ReadonlyMap<string, string>;
}

export interface PutBackOptions {
  signal: AbortSignal;
  /** Milliseconds until pods must be as they were; by default three minutes. */
  patience?: number;
  /** Milliseconds between two looks; half a second by default. */
  pause?: number;
}

export async function save(client: KubeClient): Promise<Saved> {
  const [objects, shapes] = await Promise.all([listWritten(client), shapesOfPods(client)]);
  return { objects: new Map(objects.map((object) => [titleOf(object), object])), shapes };
}

/** Resolves to what could not be put back, in Spanish; empty when the cluster is as it was saved. */
export async function putBack(client: KubeClient, saved: Saved, options: PutBackOptions): Promise<string[]> {
  const { signal, patience = 180_000, pause = 500 } = options;
  const end = performance.now() + patience;
  const since = Date.now();
  let left: string[];
  do {
    signal.throwIfAborted();
    left = await undoOnce(client, saved);
    if (left.length > 0) await wait(pause, undefined, { signal });
  } while (left.length > 0 && performance.now() < end);
  if (left.length > 0) return left;
  for (let births = 0; ; ) {
    const state = await settledPods(client, saved.shapes);
    if (state.settled) break;
    if (performance.now() >= end) return state.waiting;
    // Only what is quiet and different: a pod that starts may become what it was.
    if (births < 2 && state.otherwise.length > 0) await beBornAgain(client, state.otherwise, births++ > 0, pause);
    await wait(pause, undefined, { signal });
  }
  await untilInForce(client, since, end, signal);
  return [];
}

/**
 * A pod may be older than the label of its namespace. Where being born again gave the same pods, they are born once more
 * under the opposite rule.
 */
async function beBornAgain(
  client: KubeClient,
  pods: readonly ObjectRef[],
  otherRule: boolean,
  pause: number,
): Promise<void> {
  const names = otherRule ? [...new Set(pods.map(({ namespace = 'default' }) => namespace))] : [];
  const homes = await Promise.all(names.map((name) => client.get({ apiVersion: 'v1', kind: 'Namespace', name })));
  const rules = homes.flatMap((home) => (home ? [{ home, before: home.metadata.labels?.[injection] }] : []));
  const relabel = (home: KubeObject, value: string | null) =>
    client.patch(refOf(home), 'merge', { metadata: { labels: { [injection]: value } } });
  for (const { home, before } of rules) await relabel(home, before === 'enabled' ? 'disabled' : 'enabled');
  // Webhooks are chosen by a cache of namespaces, a moment behind.
  if (otherRule) await wait(2 * pause);
  await Promise.all(pods.map((pod) => client.remove(pod)));
  await untilReplaced(client, pods, pause);
  for (const { home, before } of rules) await relabel(home, before ?? null);
}

const injection = 'istio-injection';

async function untilReplaced(client: KubeClient, pods: readonly ObjectRef[], pause: number): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const left = await Promise.all(pods.map((pod) => client.get(pod)));
    if (left.every((pod) => pod === undefined)) return;
    await wait(pause);
  }
}

/** One look and what follows from it; resolves to what was found otherwise, which may be on its way. */
async function undoOnce(client: KubeClient, saved: Saved): Promise<string[]> {
  const all = await listWritten(client);
  const then = [...saved.objects.values()];
  const isClassWork = classWork(then, all);
  const now = all.filter((object) => !isClassWork(object));
  const current = new Map(now.map((object) => [titleOf(object), object]));
  const digestsNow = digests(now);
  const digestsThen = digests(then);
  const extra = now.filter((object) => !saved.objects.has(titleOf(object)));
  const gone = then.filter((object) => !current.has(titleOf(object)) && !isClassWork(object));
  const changed = [...saved.objects].filter(
    ([title]) => current.has(title) && digestsNow.get(title) !== digestsThen.get(title),
  );
  const doomed = new Set(extra.filter((o) => o.kind === 'Namespace').map((o) => o.metadata.name));
  const problems: string[] = [];
  const attempt = async (title: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      problems.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const object of extra.toSorted(byOrder).toReversed()) {
    // They go with their namespace.
    if (doomed.has(object.metadata.namespace ?? '')) continue;
    if (!object.metadata.deletionTimestamp) await attempt(titleOf(object), () => client.remove(refOf(object)));
  }
  for (const object of gone.toSorted(byOrder)) await attempt(titleOf(object), () => client.create(fresh(object)));
  for (const [title, then] of changed) {
    const object = current.get(title);
    if (object) await attempt(title, () => rewrite(client, object, then));
  }
  const found = [...extra, ...gone, ...changed.map(([, object]) => object)].map(titleOf);
  return problems.length > 0 ? problems : found;
}

/** What others need comes first: namespaces and kinds, then accounts and data, then workloads, and admission last. */
const order = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ConfigMap', 'Secret', 'Service'];
const last = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicyBinding'];

function byOrder(a: KubeObject, b: KubeObject): number {
  return rank(a.kind) - rank(b.kind);
}

function rank(kind: string): number {
  const first = order.indexOf(kind);
  if (first >= 0) return first;
  return last.includes(kind) ? order.length + 1 : order.length;
}

/** Without what only the server may write. */
function fresh(object: KubeObject): KubeObject {
  const { status: _status, ...kept } = object as KubeObject & { status?: unknown };
  const { name, namespace, labels, annotations, finalizers } = object.metadata as KubeObject['metadata'] & {
    finalizers?: string[];
  };
  return {
    ...kept,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
  } as KubeObject;
}

async function rewrite(client: KubeClient, now: KubeObject, then: KubeObject): Promise<void> {
  const kept = new Set(['apiVersion', 'kind', 'metadata', 'status']);
  const own = (object: KubeObject) => Object.entries(object).filter(([field]) => !kept.has(field));
  const before = own(then);
  const gone = own(now).filter(([field]) => !before.some(([name]) => name === field));
  const { labels = {}, annotations = {} } = then.metadata;
  await client.patch(refOf(now), 'json', [
    { op: 'add', path: '/metadata/labels', value: labels },
    { op: 'add', path: '/metadata/annotations', value: annotations },
    ...before.map(([field, value]) => ({ op: 'add', path: `/${field}`, value })),
    ...gone.map(([field]) => ({ op: 'remove', path: `/${field}` })),
  ]);
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

async function untilInForce(client: KubeClient, since: number, end: number, signal: AbortSignal): Promise<void> {
  while (performance.now() < end) {
    const state = await proxiesInSync(client, { since, signal });
    if (!state || state.inSync) return;
    await wait(250, undefined, { signal });
  }
}
