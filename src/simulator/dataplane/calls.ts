// A request that leaves a pod: name resolution, the pod's sidecar when it has one, and the way to the other pod.
import { hostOf, portOf } from '../../mesh/host-names.ts';
import type { MeshService, ServiceIndex } from '../../mesh/services.ts';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import { codecRefusal, refusalReply, withOriginForm } from './codec.ts';
import { upgraded } from './gateway-hop.ts';
import type { Hangup } from './hangup.ts';
import { requestId } from './headers.ts';
import { askProgram, ephemeralPort, type HopContext, type Peer, refused } from './hop.ts';
import { isWorldName } from './names.ts';
import { sendOutbound } from './outbound.ts';
import { OutboundHop } from './outbound-hop.ts';
import { blackHole, passHttp, passThrough } from './pass-through.ts';
import { normalPath } from './paths.ts';
import type { Refusal } from './ports/refusals.ts';
import { handlerOn, isDrained, type RunningPod } from './running-pods.ts';
import type { Target } from './target.ts';

/** What calls are made in. */
export interface Network {
  context: HopContext;
  services: ServiceIndex;
  /** Host names that ServiceEntries declare. */
  declares(host: string): boolean;
}

export async function callFromPod(
  network: Network,
  pod: RunningPod,
  request: HttpRequest,
  hangup: Hangup,
): Promise<HttpReply> {
  const written = request.connectTo ?? request.authority;
  const host = hostOf(written);
  const port = portOf(written) ?? 80;
  if (host === 'localhost' || host.startsWith('127.')) return callSelf(network.context, pod, port, request);
  const target = targetOf(network, pod, host, port);
  const own = withOriginForm(request);
  if (pod.role === 'sidecar') return throughSidecar(network, pod, own, target, hangup);
  const headers = { ...own.headers };
  const upgrade = takeUpgrade(headers);
  return plainly(network, pod, { ...own, headers, ...(upgrade && { upgrade }) }, target, hangup);
}

/** Throws CallError for a name that nobody knows. */
export function targetOf(network: Network, pod: RunningPod, host: string, port: number): Target {
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(host);
  if (!isAddress && network.context.resolves?.(pod) === false) throw unresolved(host);
  return { host, port, service: resolve(network, host, pod.pod.metadata.namespace ?? 'default') };
}

function unresolved(host: string): CallError {
  return new CallError('dns', `Could not resolve host: ${host}`);
}

/** Sidecars are not asked for names: what the cluster's DNS does not know cannot be called, mesh or no mesh. */
function resolve(network: Network, host: string, namespace: string): MeshService | undefined {
  const service = network.services.find(host, namespace);
  if (service && service.type !== 'ExternalName') return service;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || isWorldName(host) || network.declares(host)) return undefined;
  throw unresolved(host);
}

async function callSelf(context: HopContext, pod: RunningPod, port: number, request: HttpRequest): Promise<HttpReply> {
  const handler = handlerOn(pod, port);
  if (!handler) throw refused('127.0.0.1', port);
  const client = `127.0.0.1:${ephemeralPort(context.random)}`;
  return askProgram(handler, { ...request, client }, context.now);
}

async function throughSidecar(
  network: Network,
  pod: RunningPod,
  request: HttpRequest,
  target: Target,
  hangup: Hangup,
): Promise<HttpReply> {
  const { context } = network;
  const { method, authority, body } = request;
  const { port } = target;
  if (isDrained(pod)) throw refused(target.host, port);
  const refusal = codecRefusal(request);
  if (refusal) return refuse(context, pod, target, refusal, hangup);
  const path = normalPath(request.path) ?? request.path;
  const headers = { ...request.headers };
  const upgrade = takeUpgrade(headers);
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-request-id'] ??= requestId(context.random);
  const destinationAddress = target.service?.clusterIP ?? target.host;
  const asked = { authority, port, method, path, headers, sourceAddress: pod.address, destinationAddress };
  const { outcome } = context.engine().decide(pod.proxy, asked, pod.chance);
  const downstream = {
    localAddress: `${destinationAddress}:${port}`,
    remoteAddress: `${pod.address}:${ephemeralPort(context.random)}`,
    hangup,
  };
  switch (outcome.kind) {
    case 'refused':
      throw blackHole(context, pod, target, downstream);
    case 'passthrough':
      if (outcome.http) return passHttp(context, pod, { ...request, path, headers }, target, downstream);
      return passThrough(context, pod, request, target, downstream, (peer) => connect(network, request, target, peer));
    default: {
      const own: HttpRequest = { method, path, authority, headers };
      if (body !== undefined) own.body = body;
      if (upgrade) own.upgrade = upgrade;
      const handled = upgrade && outcome.kind === 'forward' ? upgraded(outcome, upgrade) : outcome;
      const reply = await sendOutbound(context, pod, own, handled, downstream);
      // Nothing else can follow on a connection that was to change its protocol.
      if (upgrade && !reply.tunnel) reply.headers.connection = 'close';
      return reply;
    }
  }
}

/** The protocol that the client wants to go on with. Its headers are not sent on. */
function takeUpgrade(headers: Record<string, string>): string | undefined {
  const { connection = '', upgrade } = headers;
  delete headers.connection;
  delete headers.upgrade;
  return /upgrade/i.test(connection) ? upgrade?.toLowerCase() : undefined;
}

function refuse(
  context: HopContext,
  pod: RunningPod,
  { host, port, service }: Target,
  refusal: Refusal,
  hangup: Hangup,
): HttpReply {
  const { status, body, details, flags } = refusal;
  const asked = { method: '-', path: '-', authority: '', headers: {} };
  const outcome = { kind: 'reply' as const, status, headers: {}, body, flags: [], details, route: '-' };
  const hop = new OutboundHop(context, pod, asked, outcome, {
    localAddress: `${service?.clusterIP ?? host}:${port}`,
    remoteAddress: `${pod.address}:${ephemeralPort(context.random)}`,
    hangup,
  });
  hop.end({ status, flags, details, bytesSent: body.length });
  return refusalReply(refusal, context.now());
}

async function plainly(
  network: Network,
  pod: RunningPod,
  request: HttpRequest,
  target: Target,
  hangup: Hangup,
): Promise<HttpReply> {
  const { context } = network;
  const peer: Peer = { address: pod.address, port: ephemeralPort(context.random), hangup, pod: pod.pod };
  return connect(network, request, target, peer);
}

async function connect(
  { context, services }: Network,
  request: HttpRequest,
  { host, port, service }: Target,
  peer: Peer,
): Promise<HttpReply> {
  if (!service || service.clusterIP) return context.deliver(service?.clusterIP ?? host, port, request, peer);
  // A headless Service's name stands for its pods.
  const endpoints = services.endpoints(service, port);
  const chosen = endpoints[Math.floor(context.random() * endpoints.length)]?.endpoint;
  if (!chosen) throw refused(host, port);
  return context.deliver(chosen.address, chosen.port, request, peer);
}
