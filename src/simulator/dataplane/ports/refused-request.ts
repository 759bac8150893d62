import type { HttpRequest } from '../../contract.ts';
import { Hangup } from '../hangup.ts';
import type { HopContext, Peer } from '../hop.ts';
import { OutboundHop } from '../outbound-hop.ts';
import type { RunningPod } from '../running-pods.ts';
import type { Refusal } from './refusals.ts';

/** A proxy tells of a request that it refuses before anybody is asked; `request` where its head could be read. */
export function tellRefusal(
  context: HopContext,
  pod: RunningPod,
  port: number,
  client: Pick<Peer, 'address' | 'port'>,
  { status, body, details, flags }: Refusal,
  request?: HttpRequest,
): void {
  const asked = request ?? { method: '-', path: '-', authority: '', headers: {} };
  const outcome = { kind: 'reply' as const, status, headers: {}, body, flags: [], details, route: '-' };
  const hop = new OutboundHop(context, pod, asked, outcome, {
    localAddress: `${pod.address}:${port}`,
    remoteAddress: `${client.address}:${client.port}`,
    hangup: new Hangup(),
  });
  hop.end({ status, flags, details, bytesSent: Buffer.byteLength(body) });
}
