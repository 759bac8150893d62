// The proxy that a request leaves through: the caller's sidecar, or a gateway. The engine decides, this does it.
import type { Forward } from '../../mesh/decision.ts';
import { addHeader } from '../../mesh/repeated-headers.ts';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import { byteLength, change, fromUpstream, type Headers, localReply } from './headers.ts';
import { type HopContext, reset } from './hop.ts';
import { sendMirrors } from './mirrors.ts';
import { type Downstream, type Handled, OutboundHop } from './outbound-hop.ts';
import type { RunningPod } from './running-pods.ts';
import { type Answered, tryUntilAnswered } from './tries.ts';
import { HANDSHAKE_FAILED, notUpgraded, watched } from './tunnel.ts';

/** `request` has the headers that this proxy adds to every request. Rejects with CallError when the client is gone. */
export function sendOutbound(
  context: HopContext,
  pod: RunningPod,
  request: HttpRequest,
  outcome: Handled,
  downstream: Downstream,
): Promise<HttpReply> {
  const hop = new OutboundHop(context, pod, request, outcome, downstream);
  return outcome.delay === undefined ? carryOut(hop) : carryOutLate(hop, outcome.delay);
}

async function carryOutLate(hop: OutboundHop, delay: number): Promise<HttpReply> {
  hop.flag('DI');
  await hop.wait(delay);
  if (hop.ended) throw clientGone();
  hop.routed = hop.context.now();
  return carryOut(hop);
}

function carryOut(hop: OutboundHop): Promise<HttpReply> {
  const { outcome } = hop;
  if (outcome.kind === 'reply') return Promise.resolve(answerItself(hop, outcome));
  return outcome.tcp ? copyBytes(hop, outcome) : route(hop, outcome);
}

function serverName(hop: OutboundHop): string {
  return hop.pod.role === 'gateway' ? 'istio-envoy' : 'envoy';
}

function answerItself(hop: OutboundHop, outcome: Exclude<Handled, Forward>): HttpReply {
  // What never goes upstream has its span too.
  hop.upstream = { ...hop.upstream, headers: { ...hop.upstream.headers } };
  hop.trace = hop.context.telemetry.trace(hop.pod.pod, 'source', hop.upstream.headers);
  const reply = localReply(outcome, serverName(hop), hop.context.now());
  const { status, flags, details } = outcome;
  hop.end({ status, flags, details, bytesSent: byteLength(reply.body), responseHeaders: reply.headers });
  return reply;
}

async function route(hop: OutboundHop, outcome: Forward): Promise<HttpReply> {
  const { context, pod } = hop;
  hop.upstream = upstreamRequest(hop.request, outcome);
  hop.trace = context.telemetry.trace(pod.pod, 'source', hop.upstream.headers);
  if (outcome.mirrors) sendMirrors(context, pod, hop.upstream, outcome.mirrors);
  const stopTimer = outcome.timeout === undefined ? undefined : hop.expireAfter(outcome.timeout);
  const answered = await tryUntilAnswered(hop, outcome);
  stopTimer?.();
  if (hop.ended) throw clientGone();
  const upstreamTime = Math.max(0, context.now() - hop.routed);
  const reply = answered.failure
    ? localReply(answered.failure, serverName(hop), context.now())
    : fromUpstream(answered.reply, serverName(hop), upstreamTime);
  const greeting = answered.failure ? undefined : notUpgraded(hop.request, reply);
  change(reply.headers, outcome.responseHeaders, 'answer');
  if (outcome.stickyCookie) addHeader(reply.headers, 'set-cookie', outcome.stickyCookie, 'answer');
  if (reply.tunnel) {
    const { status, headers: responseHeaders } = reply;
    reply.tunnel = watched(reply.tunnel, (ending) => hop.end({ status, responseHeaders, ...ending }));
  } else endRouted(hop, answered, reply, upstreamTime, greeting);
  return reply;
}

function endRouted(
  hop: OutboundHop,
  { failure, exhausted }: Answered,
  reply: HttpReply,
  upstreamTime: number,
  greeting: ReturnType<typeof notUpgraded>,
): void {
  const { status, headers: responseHeaders } = reply;
  const bytesSent = byteLength(reply.body);
  if (failure) {
    const { flags, details, transportFailure } = failure;
    hop.end({ status, flags, details, bytesSent, responseHeaders, ...(transportFailure && { transportFailure }) });
    return;
  }
  const grpcStatus = reply.headers['grpc-status'];
  hop.end({
    status,
    flags: exhausted ? EXHAUSTED : NO_FLAGS,
    details: greeting === 'unsuccessful' ? HANDSHAKE_FAILED : 'via_upstream',
    bytesSent,
    responseHeaders,
    ...(!greeting && { upstreamTime }),
    ...(grpcStatus !== undefined && { grpcStatus }),
  });
}

const NO_FLAGS: readonly string[] = [];
const EXHAUSTED: readonly string[] = ['URX'];

/** A TCP proxy: no header, no second try, and a failure closes what the client thought was connected. */
async function copyBytes(hop: OutboundHop, outcome: Forward): Promise<HttpReply> {
  const { reply, failure } = await tryUntilAnswered(hop, outcome);
  if (hop.ended) throw clientGone();
  if (reply) {
    hop.end({ status: 0, flags: NO_FLAGS, bytesSent: byteLength(reply.body) });
    return reply;
  }
  const connected = !failure?.flags.includes('UF');
  hop.end({
    status: 0,
    flags: connected ? NO_FLAGS : ['UF', 'URX'],
    bytesSent: 0,
    ...(failure?.transportFailure && { transportFailure: failure.transportFailure }),
  });
  throw reset(outcome.endpoint.address, outcome.endpoint.port);
}

function upstreamRequest(request: HttpRequest, outcome: Forward): HttpRequest {
  const headers: Headers = { ...request.headers };
  if (outcome.rewrittenPath !== undefined) headers['x-envoy-original-path'] = request.path;
  if (outcome.rewrittenAuthority !== undefined) headers['x-envoy-original-host'] = request.authority;
  change(headers, outcome.requestHeaders);
  const { method, body, upgrade } = request;
  return {
    method,
    path: outcome.rewrittenPath ?? request.path,
    authority: outcome.rewrittenAuthority ?? request.authority,
    headers,
    ...(body !== undefined && { body }),
    ...(upgrade && { upgrade }),
  };
}

function clientGone(): CallError {
  return new CallError('reset', 'the client is gone');
}
