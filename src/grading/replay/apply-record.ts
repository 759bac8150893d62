// Brings a fresh cluster to what a record of a hand-in says the student's held: what differs is written, what is not there
// is taken away, and nothing outside the lab is touched.
import { setTimeout as wait } from 'node:timers/promises';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import { identityOf } from '../../labs/made/made.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields } from '../../mesh/read.ts';
import type { ClaimedObject, JournalRecord } from '../handin/hand-in.ts';
import { problem, quoted } from '../handin/problems.ts';
import type { ReadObject } from '../handin/yaml-object.ts';
import { capturedObjects, podsOf, shapesOf } from '../journal/capture.ts';
import { isIstioPart, isWholeByItself, type Profile, profileOf } from '../journal/istio-parts.ts';
import { type Scope, systemNamespaces } from '../journal/scope.ts';
import { isWrittenAlike } from '../journal/written-object.ts';
import type { Problem } from './graded.ts';

export interface Applied {
  applied: { kind: string; namespace?: string; name: string; sha256: string }[];
  problems: Problem[];
}

export interface ApplyOptions {
  client: KubeClient;
  scope: Scope;
  record: JournalRecord;
  texts: ReadonlyMap<string, string>;
  /** Of a digest and its text. */
  readObject(digest: string, text: string): ReadObject;
  /** Brings Istio to this profile; only where the lab is of installing it. Rejects with ClusterError. */
  install(profile: Profile): Promise<void>;
}

/** Resolves when the cluster has come to rest. Rejects only for what is no fault of the hand-in's. */
export async function applyRecord(options: ApplyOptions): Promise<Applied> {
  const { client, scope, record } = options;
  const where = { lab: record.lab, step: record.step };
  const { wanted, problems } = readWanted(options);
  if (scope.istio)
    await matchIstio(
      options,
      [...wanted.values()].map(({ object }) => object),
    );
  const current = new Map((await capturedObjects(client, scope)).map((object) => [keyOf(object), object]));
  const applied: Applied['applied'] = [];
  const attempt = async (object: KubeObject, action: () => Promise<unknown>): Promise<boolean> => {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const message = `No se acepta ${nameOf(object)}: ${quoted(error.detail, 300)}.`;
      problems.push(problem('MALLA-ENT-35', 'aviso', message, where));
      return false;
    }
  };
  for (const [key, object] of [...current].toReversed())
    if (!wanted.has(key) && canGo(object)) await attempt(object, () => client.remove(refOf(object)));
  for (const { object, claim } of [...wanted.values()].toSorted((a, b) => rank(a.object) - rank(b.object))) {
    const now = current.get(keyOf(object));
    if (now && isWrittenAlike(now, object)) continue;
    if (scope.istio && isIstioPart(object) && isWholeByItself(object)) continue;
    const done = await attempt(object, () => (now ? rewrite(client, now, object) : client.create(object)));
    if (!done) continue;
    const { kind, namespace, name, sha256 } = claim;
    applied.push({ kind, ...(namespace === undefined ? {} : { namespace }), name, sha256 });
  }
  await settle(client, scope);
  await bearAgain(client, scope, record);
  return { applied, problems };
}

/** The parts that the student's Istio does not have are taken away afterwards, as any object that is not theirs. */
async function matchIstio({ client, scope, install }: ApplyOptions, wanted: readonly KubeObject[]): Promise<void> {
  const here = await capturedObjects(client, scope);
  const then = profileOf(wanted);
  const names = new Set(here.map(keyOf));
  // Webhooks that were deleted come back by installing again, as they do for a student.
  const lacks = wanted.some((object) => isIstioPart(object) && !names.has(keyOf(object)));
  if (then !== undefined && (then !== profileOf(here) || lacks)) await install(then);
}

type Wanted = Map<string, { object: KubeObject; claim: ClaimedObject }>;

/** What may be applied, by identity. */
function readWanted({ scope, record, texts, readObject }: ApplyOptions): { wanted: Wanted; problems: Problem[] } {
  const where = { lab: record.lab, step: record.step };
  const wanted: Wanted = new Map();
  const problems: Problem[] = [];
  for (const claim of record.objects ?? []) {
    const { kind, namespace, name, sha256: digest } = claim;
    const named = `${quoted(kind)} ${quoted(`${namespace ? `${namespace}/` : ''}${name}`)}`;
    const text = texts.get(digest);
    // Already told by whoever read the hand-in.
    if (text === undefined) continue;
    const read = readObject(digest, text);
    if ('code' in read) {
      problems.push(problem(read.code, 'aviso', `No se lee ${named}: ${read.why}.`, { ...where, entry: digest }));
      continue;
    }
    const object =
      scope.made.get(identityOf({ ...claim, ...(namespace ? { namespace } : {}) }))?.kind === crd
        ? ownKind(scope, claim)
        : read.object;
    if (!object || !isClaimed(object, claim) || !scope.has(object)) {
      problems.push(
        problem('MALLA-ENT-29', 'aviso', `No se aplica ${named}: no es de este laboratorio.`, {
          ...where,
          entry: digest,
        }),
      );
      continue;
    }
    wanted.set(keyOf(object), { object: withoutOwners(object), claim });
  }
  return { wanted, problems };
}

const crd = 'CustomResourceDefinition';

/** A kind changes what the whole cluster takes: the lab's own text gives it, never the student's. */
function ownKind(scope: Scope, claim: ClaimedObject): KubeObject | undefined {
  return scope.made.get(identityOf({ apiVersion: claim.apiVersion, kind: claim.kind, name: claim.name }))?.settled;
}

function isClaimed({ apiVersion, kind, metadata }: KubeObject, claim: ClaimedObject): boolean {
  return (
    apiVersion === claim.apiVersion &&
    kind === claim.kind &&
    metadata.name === claim.name &&
    metadata.namespace === claim.namespace
  );
}

/** What only a cluster may say of an object is not a student's to say. */
function withoutOwners(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const { status: _status, ...rest } = object;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  return { ...rest, metadata } as KubeObject;
}

/** Namespaces that the course begins with stay, whatever a hand-in leaves out; and so do kinds. */
function canGo({ kind, metadata: { name } }: KubeObject): boolean {
  if (kind === crd) return false;
  return kind !== 'Namespace' || !(name === 'default' || name === 'istio-system' || systemNamespaces.has(name));
}

/** Field by field, and what the cluster chose for a Service stays. */
async function rewrite(client: KubeClient, now: KubeObject, then: KubeObject): Promise<void> {
  const kept = new Set(['apiVersion', 'kind', 'metadata', 'status']);
  const own = (object: KubeObject) => Object.entries(object).filter(([field]) => !kept.has(field));
  const spec = then.kind === 'Service' ? { spec: { ...addressesOf(now), ...fields(then.spec) } } : {};
  const next = Object.entries({ ...Object.fromEntries(own(then)), ...spec });
  const gone = then.kind === 'Namespace' ? [] : own(now).filter(([field]) => !next.some(([name]) => name === field));
  const home = then.kind === 'Namespace' ? { 'kubernetes.io/metadata.name': then.metadata.name } : {};
  await client.patch(refOf(now), 'json', [
    { op: 'add', path: '/metadata/labels', value: { ...then.metadata.labels, ...home } },
    { op: 'add', path: '/metadata/annotations', value: then.metadata.annotations ?? {} },
    ...next.map(([field, value]) => ({ op: 'add', path: `/${field}`, value })),
    ...gone.map(([field]) => ({ op: 'remove', path: `/${field}` })),
  ]);
}

function addressesOf({ spec }: KubeObject): Record<string, unknown> {
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = fields(spec);
  return { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy };
}

/** How long pods may take: those of an image that is not there never come. Milliseconds of the world's time. */
const patience = 30_000;
const betweenLooks = 250;
/** From pods that are ready to proxies that all know of it. */
const pushes = 1_000;

async function settle(client: KubeClient, scope: Scope): Promise<void> {
  for (let waited = 0; waited < patience; waited += betweenLooks) {
    await wait(betweenLooks);
    const [deployments, pods] = await Promise.all([
      client.list({ apiVersion: 'apps/v1', kind: 'Deployment' }),
      client.list({ apiVersion: 'v1', kind: 'Pod' }),
    ]);
    const own = deployments.filter(scope.has);
    if (own.every(isRolledOut) && !pods.some((p) => p.metadata.deletionTimestamp !== undefined)) break;
  }
  await wait(pushes);
}

function isRolledOut({ spec, status, metadata }: KubeObject): boolean {
  const { observedGeneration, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = fields(status);
  const wanted = fields(spec).replicas ?? 1;
  const isNew = observedGeneration === metadata.generation;
  return isNew && updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted;
}

/**
 * Pods carry what was the rule when they were born. Where the student's have other containers than those here, they were
 * born under another rule, which no object tells any more: they are deleted and born again, under the rules of now and, if
 * that is not it either, under the other rule of their namespace.
 */
async function bearAgain(client: KubeClient, scope: Scope, record: JournalRecord): Promise<void> {
  if (!(await renewPods(client, scope, record))) return;
  await settle(client, scope);
  const other = await otherwiseBorn(client, scope, record);
  const homes = new Set(other.map((deployment) => deployment.metadata.namespace ?? ''));
  for (const name of homes) {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    const { labels = {} } = (await client.get(ref))?.metadata ?? {};
    const rule = labels[injection] ?? null;
    const set = (value: string | null) => client.patch(ref, 'merge', { metadata: { labels: { [injection]: value } } });
    await set(rule === 'enabled' ? null : 'enabled');
    await renewPods(client, { has: (o) => o.metadata.namespace === name && scope.has(o) }, record);
    await settle(client, scope);
    await set(rule);
    await wait(pushes);
  }
}

const injection = 'istio-injection';

/** True when any was deleted. */
async function renewPods(client: KubeClient, scope: Pick<Scope, 'has'>, record: JournalRecord): Promise<boolean> {
  const other = await otherwiseBorn(client, scope, record);
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod' });
  for (const deployment of other) for (const pod of podsOf(deployment, pods)) await client.remove(refOf(pod));
  return other.length > 0;
}

/** Deployments whose pods have other containers than the student's. */
async function otherwiseBorn(
  client: KubeClient,
  scope: Pick<Scope, 'has'>,
  record: JournalRecord,
): Promise<KubeObject[]> {
  const [deployments, pods] = await Promise.all([
    client.list({ apiVersion: 'apps/v1', kind: 'Deployment' }),
    client.list({ apiVersion: 'v1', kind: 'Pod' }),
  ]);
  const claims = new Map((record.pods ?? []).map((p) => [p.workload, p.containers]));
  return deployments.filter(scope.has).filter((deployment) => {
    const [shape] = shapesOf([deployment], pods);
    const claim = shape && claims.get(shape.workload);
    // Of pods that were changing hands it is not known which would have stayed.
    const settled = new Set(claim?.split(' ')).size === 1;
    return claim !== undefined && claim !== '' && settled && claim !== shape?.containers;
  });
}

/** What others need comes first. */
const order = ['Namespace', crd, 'ServiceAccount', 'ConfigMap', 'Secret', 'Service'];

function rank({ kind }: KubeObject): number {
  const at = order.indexOf(kind);
  return at < 0 ? order.length : at;
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function keyOf(object: KubeObject): string {
  return identityOf(refOf(object));
}

function nameOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${quoted(kind)} ${quoted(`${namespace ? `${namespace}/` : ''}${name}`)}`;
}
