// The proxy that a request leaves through: the caller's sidecar, or a gateway. The engine decides, this does it.
import type { Endpoint, Forward, Outcome, ResponseFlag } from '../../mesh/decision.ts';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import { byteLength, change, fromUpstream, type Headers, localReply } from './headers.ts';
import { ephemeralPort, type HopContext, log, type Peer } from './hop.ts';
import { connectFailure, type ProxyReply, terminated } from './proxy-replies.ts';
import type { RunningPod } from './running-pods.ts';

/** Tries in all when an endpoint cannot be connected to: Istio's default policy. */
const TRIES = 3;

export interface Downstream {
  localAddress: string;
  remoteAddress: string;
}

/** An outcome of the engine that this proxy carries out. */
export type Handled = Exclude<Outcome, { kind: 'refused' } | { kind: 'passthrough' }>;

/** `request` has the headers that this proxy adds to every request. */
export async function sendOutbound(
  context: HopContext,
  pod: RunningPod,
  request: HttpRequest,
  outcome: Handled,
  downstream: Downstream,
): Promise<HttpReply> {
  const server = pod.role === 'gateway' ? 'istio-envoy' : 'envoy';
  const start = context.clock.now();
  const duration = () => context.clock.now() - start;
  const common = () => ({
    start,
    request,
    bytesReceived: byteLength(request.body),
    duration: duration(),
    downstreamLocal: downstream.localAddress,
    downstreamRemote: downstream.remoteAddress,
    route: pod.role === 'gateway' && outcome.route === 'default' ? '-' : outcome.route,
  });
  if (outcome.kind === 'reply') {
    const reply = localReply(outcome, server, context.clock.now());
    const { flags, details, cluster } = outcome;
    const bytesSent = byteLength(reply.body);
    log(context, pod, () => ({
      ...common(),
      status: reply.status,
      flags,
      details,
      bytesSent,
      ...(cluster && { cluster }),
    }));
    return reply;
  }
  const upstream = outcome.tcp ? request : upstreamRequest(request, outcome);
  const attempt = await forward(context, pod, upstream, outcome);
  const { endpoint, localAddress } = attempt;
  let reply: HttpReply;
  if (attempt.failure) reply = localReply(attempt.failure, server, context.clock.now());
  else if (outcome.tcp) reply = attempt.reply;
  else reply = fromUpstream(attempt.reply, server, duration());
  if (!outcome.tcp) change(reply.headers, outcome.responseHeaders);
  log(context, pod, () => ({
    ...common(),
    request: outcome.tcp ? undefined : upstream,
    ...verdict(attempt.failure, outcome.tcp ? 0 : reply.status),
    bytesSent: byteLength(reply.body),
    ...(!attempt.failure && !outcome.tcp && { upstreamTime: duration() }),
    upstreamHost: `${endpoint.address}:${endpoint.port}`,
    cluster: outcome.cluster,
    ...(!attempt.failure && { upstreamLocal: localAddress }),
  }));
  return reply;
}

type Attempt = { endpoint: Endpoint; localAddress: string } & (
  | { reply: HttpReply; failure?: undefined }
  | { failure: ProxyReply }
);

async function forward(
  context: HopContext,
  pod: RunningPod,
  upstream: HttpRequest,
  outcome: Forward,
): Promise<Attempt> {
  const tried: Endpoint[] = [];
  for (;;) {
    const endpoint = nextEndpoint(context, outcome, tried);
    tried.push(endpoint);
    if (!outcome.tcp) upstream.headers['x-envoy-attempt-count'] = String(tried.length);
    const peer = peerFor(context, pod, outcome, endpoint);
    const at = { endpoint, localAddress: `${peer.address}:${peer.port}` };
    try {
      return { ...at, reply: await context.deliver(endpoint.address, endpoint.port, upstream, peer) };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (outcome.tcp) throw error;
      if (error.failure !== 'refused') return { ...at, failure: terminated() };
      if (tried.length >= TRIES) return { ...at, failure: connectFailure() };
    }
  }
}

function upstreamRequest(request: HttpRequest, outcome: Forward): HttpRequest {
  const headers: Headers = { ...request.headers };
  if (outcome.rewrittenPath !== undefined) {
    headers['x-envoy-original-path'] = request.path;
  }
  change(headers, outcome.requestHeaders);
  const { method, body } = request;
  return {
    method,
    path: outcome.rewrittenPath ?? request.path,
    authority: outcome.rewrittenAuthority ?? request.authority,
    headers,
    ...(body !== undefined && { body }),
  };
}

function nextEndpoint(context: HopContext, outcome: Forward, tried: readonly Endpoint[]): Endpoint {
  if (tried.length === 0) return outcome.endpoint;
  return context.engine().retryEndpoint(outcome, tried, context.chance) ?? outcome.endpoint;
}

function peerFor(context: HopContext, pod: RunningPod, outcome: Forward, endpoint: Endpoint): Peer {
  const peer = { address: pod.address, port: ephemeralPort(context.random) };
  if (!endpoint.sidecar) return peer;
  const { service, subset = '' } = outcome;
  const serverName = `outbound_.${service.port}_.${subset}_.${service.name}.${service.namespace}.svc.cluster.local`;
  return { ...peer, certificate: { identity: pod.identity, hash: pod.certificateHash, serverName } };
}

function verdict(failure: ProxyReply | undefined, status: number) {
  if (!failure) {
    const flags: ResponseFlag[] = [];
    return status === 0 ? { status, flags } : { status, flags, details: 'via_upstream' };
  }
  const { flags, details, transportFailure } = failure;
  return { status, flags, details, ...(transportFailure && { transportFailure }) };
}
