// The server end of a connection: what answers on a pod's port.
import type { HttpReply, HttpRequest } from '../contract.ts';
import { serveAtGateway } from './gateway-hop.ts';
import { askProgram, type HopContext, type Peer, refused } from './hop.ts';
import { serveInbound } from './inbound.ts';
import { isOutside, NotTls, neverAnswers } from './reachability.ts';
import { handlerOn, isDrained, type RunningPod } from './running-pods.ts';

/** Ports of the sidecar itself, which its own rules leave out: health, metrics. */
const NOT_INTERCEPTED = new Set([15020, 15021, 15090]);

/** Throws CallError at once, or rejects with one: each await on the way would cost every request. */
export function deliver(
  context: HopContext,
  address: string,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const pod = context.podAt(address, port);
  if (!pod) {
    const found = context.behind(address, port);
    if (found) return deliverBehind(context, found, address, port, request, peer);
    if (isOutside(address)) return neverAnswers(context.clock, `${address}:${port}`, peer);
    throw refused(address, port);
  }
  if (context.drops?.(peer, pod, port)) return neverAnswers(context.clock, `${address}:${port}`, peer);
  if (intercepts(pod, port)) {
    if (isDrained(pod)) throw refused(address, port);
    return serveInbound(context, pod, port, request, peer);
  }
  const handler = handlerOn(pod, port);
  if (handler) {
    // The program speaks plain text: it cannot read a TLS greeting.
    if (peer.certificate || peer.foreignTls) throw new NotTls();
    return askProgram(handler, { ...request, client: `${peer.address}:${peer.port}` }, context.now);
  }
  if (pod.role === 'gateway' && !isDrained(pod)) return serveAtGateway(context, pod, port, request, peer);
  throw refused(address, port);
}

function deliverBehind(
  context: HopContext,
  { service, endpoint }: NonNullable<ReturnType<HopContext['behind']>>,
  address: string,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  if (!endpoint) throw refused(address, port);
  const { namespace, name, host, ports } = service;
  peer.service = { namespace, name, host, port };
  if (ports.find((p) => p.port === port)?.protocol === 'tcp') peer.tcp = true;
  return deliver(context, endpoint.address, endpoint.port, request, peer);
}

/** Whether the pod's sidecar stands before the port. */
export function intercepts(pod: RunningPod, port: number): boolean {
  return pod.role === 'sidecar' && !NOT_INTERCEPTED.has(port);
}

/** Whether a connection to the port would be accepted. */
export function accepts(context: HopContext, pod: RunningPod, port: number): boolean {
  if (intercepts(pod, port)) return !isDrained(pod);
  if (handlerOn(pod, port)) return true;
  for (const { sockets, streams } of pod.containers.values()) {
    if (Object.hasOwn(sockets ?? {}, port) || Object.hasOwn(streams ?? {}, port)) return true;
  }
  return (
    pod.role === 'gateway' &&
    !isDrained(pod) &&
    context
      .engine()
      .gatewayPorts(pod.proxy)
      .some((p) => p.port === port)
  );
}
