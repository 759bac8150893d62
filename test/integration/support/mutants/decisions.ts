// What the engine decides for the requests that the checks of a step send, and for those that they cause further in. Two
// configurations with the same decisions cannot be told apart by anything that the step looks at.
import { addressOf } from '../../../../src/checks/entry.ts';
import type { Cluster } from '../../../../src/cluster/contract.ts';
import { decideAtEntry, engineOf, fairChance, requestTo } from '../../../../src/diagnosis/prediction.ts';
import type { Pod, Scene, Service } from '../../../../src/diagnosis/scene.ts';
import type { CheckDeclaration, Step } from '../../../../src/labs/lab.ts';
import type { Decision } from '../../../../src/mesh/decision.ts';

const draws = 40;

/**
 * Undefined when some check looks at more than the engine decides here (who is let in, what a proxy has loaded): then
 * nothing is proven.
 */
export function decisionsOf(step: Step, scene: Scene, cluster: Cluster): string | undefined {
  const sent = step.checks.flatMap((check) => sentBy(check) ?? [undefined]);
  const requests = sent.filter((s) => s !== undefined);
  if (requests.length < sent.length) return undefined;
  // A step that only looks at objects sends nothing: there, any call of the mesh.
  const asked: Sent[] = requests.length > 0 ? requests : [{ path: '/', headers: {}, method: 'GET' }];
  // What is written of a request, and who is let in, depend on them too.
  const written = step.checks.some(({ type }) => type === 'registro') ? scene.telemetries.map((t) => t.spec) : [];
  const guarded = step.checks.some(({ type }) => type === 'peticion') ? scene.policies.map((p) => p.spec) : [];
  const outcomes = asked.map((request) => ({
    entry: request.entry ? atEntry(scene, cluster, request.entry, request.method) : [],
    within: withinMesh(scene, request),
  }));
  return anonymous(
    scene,
    JSON.stringify([outcomes, written, guarded], (_key, value: unknown) => (value instanceof Set ? [...value] : value)),
  );
}

/** Two clusters call the pods of a Deployment differently, and give them other addresses. */
function anonymous({ pods }: Scene, text: string): string {
  const turns = new Map<string, number>();
  let same = text;
  for (const { metadata, status } of pods) {
    const workload = `${metadata.namespace}/${JSON.stringify(metadata.labels?.app)}/${metadata.labels?.version}`;
    const turn = (turns.get(workload) ?? 0) + 1;
    turns.set(workload, turn);
    same = same.replaceAll(`"${metadata.name}"`, `"${workload.replaceAll('"', '')}#${turn}"`);
    if (status?.podIP) same = same.replaceAll(`"${status.podIP}"`, `"ip of ${workload.replaceAll('"', '')}#${turn}"`);
  }
  return same;
}

interface Sent {
  path: string;
  headers: Record<string, string>;
  method: string;
  entry?: EntrySent;
}

type EntryCheck = Extract<CheckDeclaration, { type: 'http' | 'reparto' | 'latencia' }>;
type EntrySent = Pick<EntryCheck['pattern'], 'path' | 'headers' | 'scheme' | 'server' | 'service' | 'session'>;

/** Nothing for a check that sends none; undefined for one that looks elsewhere. */
function sentBy(check: CheckDeclaration): Sent[] | undefined {
  switch (check.type) {
    case 'respuesta':
    case 'objeto':
    case 'pods':
      return [];
    case 'http':
      return [{ ...check.pattern, entry: check.pattern }];
    case 'reparto':
    case 'latencia':
      return [{ ...check.pattern, method: 'GET', entry: check.pattern }];
    case 'registro':
      return check.pattern.request && sentByLog(check.pattern.request);
    case 'peticion':
      // Of calls to other namespaces nothing is said here.
      return new URL(check.pattern.url).hostname.includes('.') ? undefined : [fromPod(check.pattern)];
    default:
      return undefined;
  }
}

/** By the entry, or from a pod: then some caller within the mesh is that pod. */
function sentByLog(
  request: NonNullable<Extract<CheckDeclaration, { type: 'registro' }>['pattern']['request']>,
): Sent[] {
  const { method, headers } = request;
  if ('path' in request) return [{ path: request.path, method, headers, entry: { path: request.path, headers } }];
  return [fromPod(request)];
}

function fromPod({ url, method, headers }: { url: string; method: string; headers: Record<string, string> }): Sent {
  const { pathname, search } = new URL(url);
  return { path: `${pathname}${search}`, method, headers };
}

function atEntry(scene: Scene, cluster: Cluster, pattern: EntrySent, method: string): unknown[] {
  const { url } = addressOf(cluster, pattern, scene.services);
  const request = requestTo(url, pattern, method);
  const chance = fairChance();
  return Array.from({ length: draws }, () => seen(decideAtEntry(scene, request, chance)?.outcome));
}

/** What is aborted goes nowhere, wherever the rule says. */
function seen(outcome: Decision['outcome'] | undefined): unknown {
  if (outcome?.kind !== 'reply' || !outcome.flags.includes('FI')) return outcome;
  const { cluster: _cluster, ...rest } = outcome;
  return rest;
}

/** From every pod to every port of every Service of its namespace. */
function withinMesh(scene: Scene, sent: Sent): unknown[] {
  return scene.pods.flatMap((caller) =>
    scene.services
      .filter((service) => service.metadata.namespace === caller.metadata.namespace)
      .flatMap((service) =>
        (service.spec?.ports ?? []).map(({ port = 80 }) => hop(scene, caller, service, port, sent)),
      ),
  );
}

function hop(scene: Scene, { metadata }: Pod, service: Service, port: number, sent: Sent): unknown[] {
  const proxy = { kind: 'sidecar' as const, namespace: metadata.namespace ?? 'default', labels: metadata.labels ?? {} };
  const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const chance = fairChance();
  const authority = `${service.metadata.name}.${service.metadata.namespace}:${port}`;
  return ['/', sent.path].flatMap((path) =>
    Array.from({ length: draws }, () =>
      seen(engineOf(scene).decide(proxy, { authority, port, method: sent.method, path, headers }, chance).outcome),
    ),
  );
}
