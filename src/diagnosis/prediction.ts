// What the configuration that is stored should do with a request, by the mesh engine. Beside what traffic did, it tells
// "wrong" from "not yet in force", and names the rule at work.
import { type Destination, headersOf } from '../labs/check-kinds/destination-fields.ts';
import type { SessionRequest } from '../labs/check-kinds/session-fields.ts';
import type { Decision, Forward } from '../mesh/decision.ts';
import type { Chance, MeshEngine } from '../mesh/engine.ts';
import { indexMesh } from '../mesh/index-mesh.ts';
import { entryPort, entryService, gatewayPod, proxyBehind, targetOf } from './gateway-pods.ts';
import { type Pod, rootNamespace, type Scene } from './scene.ts';
import type { ServicePort } from './specs.ts';

export interface EntryRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  /** It goes in by a NodePort of this Service, not by the ingress gateway. */
  service?: { namespace: string; name: string; port: number };
  /** Sent before it; its cookies go with it. */
  session?: SessionRequest;
}

/** The request that a check by traffic sends. */
export function requestTo(url: URL, pattern: Sent, method = 'GET'): EntryRequest {
  const { service, session } = pattern;
  return { url, method, headers: headersOf(pattern), ...(service && { service }), ...(session && { session }) };
}

type Sent = Destination & { headers: Record<string, string>; session?: SessionRequest };

const engines = new WeakMap<Scene, MeshEngine>();

/** What the gateway that the request comes in by does with it; undefined when there is no gateway pod to do it. */
export function decideAtEntry(scene: Scene, request: EntryRequest, chance = fairChance()): Decision | undefined {
  const { pod, port } = wayIn(scene, request);
  if (!pod || !port) return undefined;
  return engineOf(scene).decide(
    { kind: 'gateway', namespace: pod.metadata.namespace ?? rootNamespace, labels: pod.metadata.labels ?? {} },
    {
      authority: hostOf(request),
      port: targetOf(port),
      method: request.method,
      path: `${request.url.pathname}${request.url.search}`,
      headers: lowerCase(request.headers),
    },
    chance,
  );
}

export function wayIn(
  scene: Scene,
  { url, service }: EntryRequest,
): { pod?: Pod | undefined; port?: ServicePort | undefined } {
  if (!service) return { pod: gatewayPod(scene), port: entryPort(scene, url) };
  const object = entryService(scene, service);
  const port = object?.spec?.ports?.find((p) => p.port === service.port);
  return object && port ? { pod: proxyBehind(scene, object), port } : {};
}

/** Shares of the answers per pod, and of failures under ''. */
export type Shares = Map<string, number>;

const draws = 4_000;

/** Where requests to a service end when a pod makes them, or when they come in by the entry and the gateway decides. */
export function predictPods(
  scene: Scene,
  caller: { pod: Pod; headers?: Record<string, string> } | { entry: EntryRequest },
  service: { namespace: string; name: string; port: number },
): Shares {
  const chance = fairChance();
  const counts: Shares = new Map();
  for (let i = 0; i < draws; i++) {
    const decision =
      'entry' in caller
        ? decideAtEntry(scene, caller.entry, chance)
        : decideFrom(scene, caller.pod, service, { chance, ...(caller.headers && { headers: caller.headers }) });
    const pod = decision?.outcome.kind === 'forward' ? decision.outcome.endpoint.pod : '';
    counts.set(pod, (counts.get(pod) ?? 0) + 1 / draws);
  }
  return counts;
}

export function decideFrom(
  scene: Scene,
  caller: Pod,
  service: { namespace: string; name: string; port: number },
  {
    chance = fairChance(),
    headers = {},
    path = '/',
  }: { chance?: Chance; headers?: Record<string, string>; path?: string } = {},
): Decision {
  const proxy = {
    kind: 'sidecar' as const,
    namespace: caller.metadata.namespace ?? 'default',
    labels: caller.metadata.labels ?? {},
  };
  return engineOf(scene).decide(
    proxy,
    // The path of a call that an application makes is its own business; rules of a split seldom depend on it.
    {
      authority: `${service.name}.${service.namespace}:${service.port}`,
      port: service.port,
      method: 'GET',
      path,
      headers: lowerCase(headers),
    },
    chance,
  );
}

/** The pod that takes the request when it comes in: who calls the rest of the application. */
export function firstPod(scene: Scene, forward: Forward): Pod | undefined {
  return scene.pods.find(
    (p) => p.metadata.name === forward.endpoint.pod && p.metadata.namespace === forward.endpoint.namespace,
  );
}

export function hostOf({ url, headers }: EntryRequest): string {
  return lowerCase(headers).host ?? url.host;
}

export function engineOf(scene: Scene): MeshEngine {
  const known = engines.get(scene);
  if (known) return known;
  const engine = indexMesh({ objects: scene.objects, rootNamespace });
  engines.set(scene, engine);
  return engine;
}

/** A fixed seed: predictions do not vary from one look to the next. */
export function fairChance(): Chance {
  let seed = 0x2545f491;
  const cursors = new Map<string, number>();
  return {
    random() {
      // Mulberry32.
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
    next(cluster, size) {
      const index = cursors.get(cluster) ?? 0;
      cursors.set(cluster, index + 1);
      return size > 0 ? index % size : 0;
    },
  };
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
