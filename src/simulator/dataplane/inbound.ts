// The sidecar of the pod that a request reaches: between the connection and the program.
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import { byteLength, fromUpstream, type Headers, localReply, requestId } from './headers.ts';
import { askProgram, ephemeralPort, type HopContext, log, type Peer } from './hop.ts';
import { connectFailure, type ProxyReply, terminated } from './proxy-replies.ts';
import { handlerOn, type RunningPod } from './running-pods.ts';

const SERVER = 'istio-envoy';

export async function serveInbound(
  context: HopContext,
  pod: RunningPod,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const { clock } = context;
  const start = clock.now();
  const asked = { ...request, headers: requestHeaders(context, pod, request, peer) };
  const outcome = await answer(context, pod, port, asked);
  const duration = clock.now() - start;
  const reply =
    'failure' in outcome
      ? localReply(outcome.failure, SERVER, clock.now())
      : fromUpstream(outcome.reply, SERVER, duration);
  // Meant for the client's proxy, and only seen by clients that have none.
  if (!peer.certificate) reply.headers['x-envoy-decorator-operation'] = `${peer.service ?? `:${port}`}/*`;
  log(context, pod, () => ({
    start,
    request: asked,
    status: reply.status,
    ...('failure' in outcome
      ? { flags: outcome.failure.flags, details: outcome.failure.details, ...transportFailure(outcome.failure) }
      : {
          flags: [],
          details: 'via_upstream',
          upstreamTime: duration,
          upstreamLocal: `127.0.0.6:${ephemeralPort(context.random)}`,
        }),
    bytesReceived: byteLength(asked.body),
    bytesSent: byteLength(reply.body),
    duration,
    upstreamHost: `${pod.address}:${port}`,
    cluster: `inbound|${port}||`,
    downstreamLocal: `${pod.address}:${port}`,
    downstreamRemote: remoteAddress(asked.headers, peer),
    ...(peer.certificate && { serverName: peer.certificate.serverName }),
    route: 'default',
  }));
  return reply;
}

type Answer = { reply: HttpReply } | { failure: ProxyReply };

async function answer(context: HopContext, pod: RunningPod, port: number, request: HttpRequest): Promise<Answer> {
  const handler = handlerOn(pod, port);
  if (!handler) return { failure: connectFailure() };
  try {
    return { reply: await askProgram(handler, request, context.clock.now) };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return { failure: terminated() };
  }
}

function requestHeaders(context: HopContext, pod: RunningPod, request: HttpRequest, peer: Peer): Headers {
  const headers = { ...request.headers };
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-request-id'] ??= requestId(context.random);
  // Only the sidecar that saw the certificate may say whose it was.
  delete headers['x-forwarded-client-cert'];
  if (peer.certificate) {
    const { identity, hash } = peer.certificate;
    headers['x-forwarded-client-cert'] = `By=${pod.identity};Hash=${hash};Subject="";URI=${identity}`;
  }
  return headers;
}

function remoteAddress(headers: Headers, peer: Peer): string {
  const forwarded = headers['x-forwarded-for']?.split(',').at(-1)?.trim();
  return forwarded ? `${forwarded}:0` : `${peer.address}:${peer.port}`;
}

function transportFailure({ transportFailure: reason }: ProxyReply) {
  return reason ? { transportFailure: reason } : {};
}
