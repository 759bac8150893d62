// A request that reaches a gateway pod.
import type { HttpReply, HttpRequest } from '../contract.ts';
import { type Headers, requestId } from './headers.ts';
import { type HopContext, type Peer, refused } from './hop.ts';
import { sendOutbound } from './outbound.ts';
import type { RunningPod } from './running-pods.ts';

export async function serveAtGateway(
  context: HopContext,
  pod: RunningPod,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const { method, path, authority, body } = request;
  const headers = edgeHeaders(request.headers, peer, context.random);
  const decision = context.engine().decide(pod.proxy, { authority, port, method, path, headers }, context.chance);
  const { outcome } = decision;
  if (outcome.kind === 'refused' || outcome.kind === 'passthrough') throw refused(pod.address, port);
  const downstream = {
    localAddress: `${pod.address}:${port}`,
    remoteAddress: `${peer.address}:${peer.port}`,
  };
  const own: HttpRequest = { method, path, authority, headers, ...(body !== undefined && { body }) };
  return sendOutbound(context, pod, own, outcome, downstream);
}

/** At the edge what a client claims about itself is replaced by what the gateway sees. */
function edgeHeaders(given: Readonly<Headers>, peer: Peer, random: () => number): Headers {
  const headers: Headers = {};
  for (const name in given) {
    if (!name.startsWith('x-envoy-') && name !== 'x-forwarded-client-cert') headers[name] = given[name] ?? '';
  }
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before ? `${before},${peer.address}` : peer.address;
  headers['x-forwarded-proto'] = 'http';
  headers['x-envoy-external-address'] = peer.address;
  headers['x-request-id'] = requestId(random);
  return headers;
}
