// One request through the mesh as the stored configuration has it: out by the caller's proxy, and in at the server's,
// with the identity and the token that it carries. The engine decides; here its answers are put one after another.
import type { Decision, Forward, Outcome, Step, UpstreamTls } from '../../mesh/decision.ts';
import type {
  Acceptance,
  InboundConnection,
  Proxy as MeshProxy,
  MeshRequest,
  TokenOutcome,
} from '../../mesh/engine.ts';
import { targetOf } from '../gateway-pods.ts';
import { hasSidecar, isReady } from '../pods.ts';
import { decideAtEntry, type EntryRequest, engineOf, fairChance, hostOf, wayIn } from '../prediction.ts';
import { type Pod, rootNamespace, type Scene, type Service } from '../scene.ts';
import { podsBehind } from '../subsets.ts';
import { tokenOutcome } from './token.ts';

/** Where a request is looked at before it is let in. */
export interface Arrival {
  pod: Pod;
  /** Undefined: no sidecar, so nobody looks. */
  proxy?: MeshProxy;
  connection: InboundConnection;
  request: MeshRequest;
  token: TokenOutcome;
  steps: readonly Step[];
}

export type End =
  /** The application answers. */
  | { kind: 'application' }
  | { kind: 'reply'; status: number; body: string }
  /** No HTTP: the connection is cut, or nobody takes it. */
  | { kind: 'cut' | 'refused' }
  | { kind: 'unknown' };

export interface Journey {
  caller: Pod;
  /** False: no proxy goes with it, so it has no identity and no rule of the mesh counts on its way out. */
  meshed: boolean;
  /** What the caller's proxy decided. */
  decision?: Decision;
  /** How the caller's proxy speaks to the server. */
  tls?: UpstreamTls;
  arrival?: Arrival;
  end: End;
}

export interface PodRequest {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
}

/** A request that a program in a pod makes to a Service. */
export function journeyFromPod(scene: Scene, caller: Pod, service: Service, asked: PodRequest): Journey {
  const url = new URL(asked.url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const request = {
    authority: url.host,
    port,
    method: asked.method,
    path: `${url.pathname}${url.search}`,
    headers: lowerCase(asked.headers),
  };
  if (url.protocol === 'https:') return { caller, meshed: hasSidecar(caller), end: { kind: 'unknown' } };
  if (!hasSidecar(caller)) return withoutProxy(scene, caller, service, request);
  const decision = engineOf(scene).decide(proxyOf(caller, 'sidecar'), request, fairChance());
  return onward(scene, { caller, meshed: true, decision, request });
}

/** A request that comes in by a gateway; undefined when no gateway takes it. */
export function journeyFromEntry(scene: Scene, entry: EntryRequest): Journey | undefined {
  const { pod: caller, port } = wayIn(scene, entry);
  const decision = decideAtEntry(scene, entry);
  if (!caller || !port || !decision) return undefined;
  const request = {
    authority: hostOf(entry),
    port: targetOf(port),
    method: entry.method,
    path: `${entry.url.pathname}${entry.url.search}`,
    headers: { ...lowerCase(entry.headers), 'x-forwarded-proto': 'http' },
  };
  const own = { caller, meshed: true, decision };
  const atGateway = arrivalAt(scene, caller, proxyOf(caller, 'gateway'), request, {});
  if (atGateway.end.kind !== 'application') return { ...own, ...atGateway };
  return onward(scene, { ...own, request });
}

function onward(
  scene: Scene,
  { request, ...journey }: { caller: Pod; meshed: boolean; decision: Decision; request: MeshRequest },
): Journey {
  const { outcome } = journey.decision;
  if (outcome.kind !== 'forward') return { ...journey, end: endOf(outcome) };
  const pod = scene.pods.find(
    (p) => p.metadata.name === outcome.endpoint.pod && p.metadata.namespace === outcome.endpoint.namespace,
  );
  if (!pod) return { ...journey, end: { kind: 'unknown' } };
  const tls = outcome.upstream?.tls ?? { mode: 'auto' as const };
  const inside = { ...request, port: outcome.endpoint.port, path: outcome.rewrittenPath ?? request.path };
  const proxy = hasSidecar(pod) ? proxyOf(pod, 'sidecar') : undefined;
  const spoken = spokenTo(scene, outcome, proxy, tls);
  const principal = spoken === 'mutual' ? principalOf(journey.caller) : undefined;
  const found = arrivalAt(scene, pod, proxy, inside, { ...(principal && { principal }), from: journey.caller });
  if (spoken === 'broken') return { ...journey, tls, arrival: found.arrival, end: broken };
  // The caller's proxy turns a connection that is cut into an answer.
  return { ...journey, tls, ...found, end: found.end.kind === 'cut' ? broken : found.end };
}

const broken: End = { kind: 'reply', status: 503, body: 'upstream connect error or disconnect/reset before headers' };

/** Kubernetes alone chooses the pod, and the words go as plain text. */
function withoutProxy(scene: Scene, caller: Pod, service: Service, request: MeshRequest): Journey {
  const port = service.spec?.ports?.find((p) => p.port === request.port);
  const pod = podsBehind(scene, service).find(isReady);
  if (!pod || !port) return { caller, meshed: false, end: { kind: pod ? 'unknown' : 'refused' } };
  const proxy = hasSidecar(pod) ? proxyOf(pod, 'sidecar') : undefined;
  const inside = { ...request, port: targetOf(port) };
  return { caller, meshed: false, ...arrivalAt(scene, pod, proxy, inside, { from: caller }) };
}

function arrivalAt(
  scene: Scene,
  pod: Pod,
  proxy: MeshProxy | undefined,
  request: MeshRequest,
  { principal, from }: { principal?: string; from?: Pod },
): { arrival: Arrival; end: End } {
  const connection: InboundConnection = {
    port: request.port,
    sourceAddress: from?.status?.podIP ?? '192.0.2.1',
    destinationAddress: pod.status?.podIP ?? '',
    ...(principal !== undefined && { principal }),
  };
  const arrival: Arrival = { pod, connection, request, token: { kind: 'none' }, steps: [] };
  if (!proxy) return { arrival, end: { kind: 'application' } };
  const engine = engineOf(scene);
  // HTTP at a gateway is looked at request by request, and nobody asks it for the mesh's own certificate.
  const { steps, refusal } = proxy.kind === 'gateway' ? noAcceptance : engine.accept(proxy, connection);
  if (refusal) return { arrival: { ...arrival, proxy, steps }, end: { kind: 'cut' } };
  const token = tokenOutcome(engine.tokenRules(proxy), request);
  const admission = engine.admit(proxy, connection, request, token);
  const whole = { ...arrival, proxy, token, steps: [...steps, ...admission.steps] };
  if (admission.kind === 'admitted') return { arrival: whole, end: { kind: 'application' } };
  return { arrival: whole, end: endOf(admission.reply) };
}

const noAcceptance: Acceptance = { steps: [] };

/** `broken`: the two ends do not understand each other. */
function spokenTo(
  scene: Scene,
  { endpoint }: Forward,
  proxy: MeshProxy | undefined,
  { mode }: UpstreamTls,
): 'mutual' | 'plain' | 'broken' {
  const takes = proxy !== undefined && engineOf(scene).takesMutualTls(proxy, endpoint.port);
  if (mode === 'auto') return takes ? 'mutual' : 'plain';
  if (mode === 'istio-mutual') return takes ? 'mutual' : 'broken';
  return mode === 'disable' ? 'plain' : 'broken';
}

function endOf(outcome: Outcome): End {
  if (outcome.kind === 'reply') return { kind: 'reply', status: outcome.status, body: outcome.body };
  return { kind: outcome.kind === 'refused' ? 'refused' : 'unknown' };
}

export function principalOf({ metadata, spec }: Pod): string {
  return `spiffe://cluster.local/ns/${metadata.namespace ?? 'default'}/sa/${spec?.serviceAccountName ?? 'default'}`;
}

export function proxyOf({ metadata }: Pod, kind: MeshProxy['kind']): MeshProxy {
  return { kind, namespace: metadata.namespace ?? rootNamespace, labels: metadata.labels ?? {} };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
