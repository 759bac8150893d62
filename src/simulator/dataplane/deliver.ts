// The server end of a connection: what answers on a pod's port.
import type { HttpReply, HttpRequest } from '../contract.ts';
import { serveAtGateway } from './gateway-hop.ts';
import { askProgram, type HopContext, type Peer, refused } from './hop.ts';
import { serveInbound } from './inbound.ts';
import { handlerOn, type RunningPod, type RunningPods } from './running-pods.ts';

/** Ports of the sidecar itself, which its own rules leave out: health, metrics. */
const NOT_INTERCEPTED = new Set([15020, 15021, 15090]);

export async function deliver(
  context: HopContext,
  pods: RunningPods,
  address: string,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const pod = pods.at(address, port);
  if (!pod) throw refused(address, port);
  if (pod.role === 'sidecar' && !NOT_INTERCEPTED.has(port)) return serveInbound(context, pod, port, request, peer);
  const handler = handlerOn(pod, port);
  if (handler) return askProgram(handler, request, context.clock.now);
  if (pod.role === 'gateway') return serveAtGateway(context, pod, port, request, peer);
  throw refused(address, port);
}

/** Whether a connection to the port would be accepted. */
export function accepts(context: HopContext, pod: RunningPod, port: number): boolean {
  if (pod.role === 'sidecar' && !NOT_INTERCEPTED.has(port)) return true;
  if (handlerOn(pod, port)) return true;
  return (
    pod.role === 'gateway' &&
    context
      .engine()
      .gatewayPorts(pod.proxy)
      .some((p) => p.port === port)
  );
}
