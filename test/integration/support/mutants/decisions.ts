// What the engine decides for the requests that the checks of a step send, and for those that they cause further in. Two
// configurations with the same decisions cannot be told apart by anything that the step looks at.
import { addressOf } from '../../../../src/checks/entry.ts';
import type { Cluster } from '../../../../src/cluster/contract.ts';
import { decideAtEntry, engineOf, fairChance, requestTo } from '../../../../src/diagnosis/prediction.ts';
import type { Pod, Scene, Service } from '../../../../src/diagnosis/scene.ts';
import type { CheckDeclaration, Step } from '../../../../src/labs/lab.ts';

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
  const outcomes = asked.map((request) => ({
    entry: request.entry ? atEntry(scene, cluster, request.entry) : [],
    within: withinMesh(scene, request),
  }));
  return JSON.stringify(outcomes, (_key, value: unknown) => (value instanceof Set ? [...value] : value));
}

interface Sent {
  path: string;
  headers: Record<string, string>;
  method: string;
  entry?: Extract<CheckDeclaration, { type: 'http' | 'reparto' | 'latencia' }>;
}

/** Nothing for a check that sends none; undefined for one that looks elsewhere. */
function sentBy(check: CheckDeclaration): Sent[] | undefined {
  switch (check.type) {
    case 'respuesta':
    case 'objeto':
    case 'pods':
      return [];
    case 'http':
      return [{ ...check.pattern, entry: check }];
    case 'reparto':
    case 'latencia':
      return [{ ...check.pattern, method: 'GET', entry: check }];
    default:
      return undefined;
  }
}

function atEntry(scene: Scene, cluster: Cluster, { type, pattern }: NonNullable<Sent['entry']>): unknown[] {
  const { url } = addressOf(cluster, pattern, scene.services);
  const request = requestTo(url, pattern, type === 'http' ? pattern.method : 'GET');
  const chance = fairChance();
  return Array.from({ length: draws }, () => decideAtEntry(scene, request, chance)?.outcome);
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
    Array.from(
      { length: draws },
      () => engineOf(scene).decide(proxy, { authority, port, method: sent.method, path, headers }, chance).outcome,
    ),
  );
}
