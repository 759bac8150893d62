// A request that reaches a gateway pod.
import type { Forward, Reply } from '../../mesh/decision.ts';
import type { Admission, InboundConnection, MeshRequest } from '../../mesh/engine.ts';
import type { HttpReply, HttpRequest } from '../contract.ts';
import { admit } from './admission.ts';
import { change, type Headers, requestId } from './headers.ts';
import { type HopContext, type Peer, refused, reset } from './hop.ts';
import { connectionTo } from './inbound.ts';
import { sendOutbound } from './outbound.ts';
import type { Downstream } from './outbound-hop.ts';
import { normalPath } from './paths.ts';
import type { RunningPod } from './running-pods.ts';

/** Throws CallError at once, or rejects with one. */
export function serveAtGateway(
  context: HopContext,
  pod: RunningPod,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const listener = context
    .engine()
    .gatewayPorts(pod.proxy)
    .find((p) => p.port === port);
  if (!listener) throw refused(pod.address, port);
  const secure = listener.protocol === 'https' || listener.protocol === 'tls';
  // No filter chain takes plain text where TLS is spoken, nor TLS where it is not.
  if (secure !== (peer.tls !== undefined || peer.certificate !== undefined || peer.foreignTls === true)) {
    throw reset(pod.address, port);
  }
  const downstream = downstreamOf(pod, port, peer);
  const { method, authority, body, upgrade } = request;
  const headers = edgeHeaders(request.headers, peer, context.random);
  const path = normalPath(request.path);
  const own = {
    method,
    path: path ?? request.path,
    authority,
    headers,
    ...(body !== undefined && { body }),
    ...(upgrade && { upgrade }),
  };
  if (path === undefined) return sendOutbound(context, pod, own, badPath(), downstream);
  const connection = connectionTo(pod, port, peer);
  const pending = admit(context, pod, connection, own);
  const goOn = (admission: Admission) => afterAdmission(context, pod, connection, own, { downstream, admission });
  return 'kind' in pending ? goOn(pending) : pending.then(goOn);
}

function afterAdmission(
  context: HopContext,
  pod: RunningPod,
  connection: InboundConnection,
  own: HttpRequest & { headers: Headers },
  { downstream, admission }: { downstream: Downstream; admission: Admission },
): Promise<HttpReply> {
  change(own.headers, admission.kind === 'denied' ? undefined : admission.requestHeaders);
  const question = asked(own, connection, downstream);
  if (admission.kind === 'admitted' && admission.claims) question.claims = admission.claims;
  const { outcome } = context.engine().decide(pod.proxy, question, pod.chance);
  if (admission.kind === 'denied') {
    // The route was chosen before the policies were asked, and the log tells it.
    const { reply } = admission;
    const chosen = outcome.kind === 'forward' ? { cluster: outcome.cluster, route: outcome.route } : {};
    return sendOutbound(context, pod, own, { ...reply, ...chosen }, downstream);
  }
  if (outcome.kind === 'refused' || outcome.kind === 'passthrough') throw refused(pod.address, connection.port);
  const handled = own.upgrade && outcome.kind === 'forward' ? upgraded(outcome, own.upgrade) : outcome;
  return sendOutbound(context, pod, own, handled, downstream);
}

/** Istio's proxies let WebSockets through, and look past the offer of HTTP/2. */
export function upgraded(outcome: Forward, protocol: string): Forward | Reply {
  if (protocol === 'websocket' || protocol === 'h2c') return outcome;
  const { cluster, route } = outcome;
  return { kind: 'reply', status: 403, headers: {}, body: '', flags: [], details: 'upgrade_failed', cluster, route };
}

function asked(
  { authority, method, path, headers }: HttpRequest,
  { port, sourceAddress, destinationAddress }: InboundConnection,
  { serverName }: Downstream,
): MeshRequest {
  const request: MeshRequest = { authority, port, method, path, headers, sourceAddress, destinationAddress };
  if (serverName !== undefined) request.serverName = serverName;
  return request;
}

export function downstreamOf(pod: RunningPod, port: number, peer: Peer): Downstream {
  const downstream: Downstream = {
    localAddress: `${pod.address}:${port}`,
    remoteAddress: `${peer.address}:${peer.port}`,
    hangup: peer.hangup,
  };
  const serverName = peer.certificate?.serverName ?? peer.tls?.serverName;
  if (serverName !== undefined) downstream.serverName = serverName;
  if (peer.version) downstream.version = peer.version;
  return downstream;
}

function badPath() {
  const details = 'path_normalization_failed';
  return { kind: 'reply' as const, status: 400, headers: {}, body: '', flags: [], details, route: '-' };
}

/** At the edge what a client claims about itself is replaced by what the gateway sees. */
function edgeHeaders(given: Readonly<Headers>, peer: Peer, random: () => number): Headers {
  const headers: Headers = {};
  for (const name in given) {
    if (!name.startsWith('x-envoy-') && name !== 'x-forwarded-client-cert') headers[name] = given[name] ?? '';
  }
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before ? `${before},${peer.address}` : peer.address;
  headers['x-forwarded-proto'] = peer.tls || peer.certificate ? 'https' : 'http';
  if (peer.tls?.forwardedCertificate) headers['x-forwarded-client-cert'] = peer.tls.forwardedCertificate;
  headers['x-envoy-external-address'] = peer.address;
  headers['x-request-id'] = requestId(random);
  return headers;
}
