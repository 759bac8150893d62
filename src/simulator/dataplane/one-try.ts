// One try of a request: the connection to one endpoint, with or without TLS, and what came of it.
import type { Endpoint, Forward, ServiceRef } from '../../mesh/decision.ts';
import type { Slot, TryEnd } from '../../mesh/upstream/proxy-memory.ts';
import { CallError, type HttpReply } from '../contract.ts';
import { Hangup } from './hangup.ts';
import { ephemeralPort, type Peer } from './hop.ts';
import type { OutboundHop } from './outbound-hop.ts';
import type { ConnectFailure } from './proxy-replies.ts';
import { isOutside, NotTls } from './reachability.ts';

export type TryResult =
  | { kind: 'reply'; reply: HttpReply }
  | { kind: 'not-connected'; why: ConnectFailure }
  /** The connection was closed before an answer. */
  | { kind: 'reset' }
  | { kind: 'try-timeout' }
  | { kind: 'overflow' };

const CONNECT_TIMEOUT = 10_000;

/** `number` counts from 1. Never rejects. */
export async function oneTry(
  hop: OutboundHop,
  outcome: Forward,
  endpoint: Endpoint,
  number: number,
): Promise<TryResult> {
  const peer = peerFor(hop, outcome, endpoint);
  const slot = hop.pod.chance.begin(outcome, endpoint);
  hop.trying(endpoint, peer, slot);
  if (slot.state !== 'ready' && !(await getConnection(hop, slot))) {
    slot.release('cancelled');
    hop.forgetEndpoint();
    return { kind: 'overflow' };
  }
  const result = await send(hop, outcome, endpoint, peer, number);
  slot.release(endOf(result));
  return result;
}

/** How long it takes to open a connection, where limits make that matter. Milliseconds. */
const CONNECTION_TIME = 1;

/** False: the limits allow none, or there is no use for it any more. */
async function getConnection(hop: OutboundHop, slot: Slot): Promise<boolean> {
  if (slot.state === 'waiting') {
    await hop.race(new Promise<void>((resolve) => slot.whenItsTurn(resolve)), undefined);
  }
  if (slot.state === 'connecting') {
    await hop.wait(CONNECTION_TIME);
    slot.connected();
  }
  return slot.state === 'ready' && !hop.ended && !hop.expired;
}

function endOf(result: TryResult): TryEnd {
  switch (result.kind) {
    case 'reply':
      return result.reply.status;
    case 'try-timeout':
      return 'timed-out';
    default:
      return 'failed';
  }
}

async function send(
  hop: OutboundHop,
  outcome: Forward,
  endpoint: Endpoint,
  peer: Peer,
  number: number,
): Promise<TryResult> {
  const { context } = hop;
  if (isOutside(endpoint.address) && !context.podAt(endpoint.address, endpoint.port)) {
    hop.notConnected();
    await hop.wait(outcome.upstream?.connectTimeout ?? CONNECT_TIMEOUT);
    return { kind: 'not-connected', why: 'timeout' };
  }
  if (!outcome.tcp) stamp(hop, number);
  const work = settle(context.deliver(endpoint.address, endpoint.port, hop.upstream, peer));
  const perTry = outcome.retry?.perTryTimeout;
  const limited = perTry !== undefined || outcome.timeout !== undefined;
  const result = limited ? await hop.race(work, perTry) : await work;
  if (!result) return { kind: 'try-timeout' };
  if (result.kind === 'not-connected') hop.notConnected();
  return result;
}

/** Earlier tries may still be read by a program that answers late. */
function stamp(hop: OutboundHop, number: number): void {
  if (number > 1) hop.upstream = { ...hop.upstream, headers: { ...hop.upstream.headers } };
  hop.upstream.headers['x-envoy-attempt-count'] = String(number);
}

async function settle(reply: Promise<HttpReply>): Promise<TryResult> {
  try {
    return { kind: 'reply', reply: await reply };
  } catch (error) {
    if (error instanceof NotTls) return { kind: 'not-connected', why: 'not-tls' };
    if (!(error instanceof CallError)) throw error;
    if (error.failure === 'refused') return { kind: 'not-connected', why: 'refused' };
    if (error.failure === 'timeout') return { kind: 'not-connected', why: 'timeout' };
    return { kind: 'reset' };
  }
}

export function peerFor(hop: OutboundHop, outcome: Forward, endpoint: Endpoint): Peer {
  const { pod, context } = hop;
  const { service } = outcome;
  const peer: Peer = {
    address: pod.address,
    port: ephemeralPort(context.random),
    hangup: new Hangup(),
    pod: pod.pod,
    service: { ...service, host: hostOf(service) },
  };
  if (outcome.tcp) peer.tcp = true;
  const tls = outcome.upstream?.tls;
  switch (tls?.mode ?? 'auto') {
    case 'disable':
      break;
    case 'simple':
    case 'mutual':
      peer.foreignTls = true;
      if (tls?.sni) peer.tls = { serverName: tls.sni };
      break;
    case 'istio-mutual':
      peer.certificate = certificateOf(hop, outcome, tls?.sni);
      break;
    case 'auto':
      if (endpoint.sidecar && !endpoint.external) peer.certificate = certificateOf(hop, outcome, undefined);
      break;
  }
  return peer;
}

/** As its cluster's name says it. */
export function hostOf({ host, name, namespace }: ServiceRef): string {
  return host ?? `${name}.${namespace}.svc.cluster.local`;
}

function certificateOf({ pod }: OutboundHop, { service, subset = '' }: Forward, sni: string | undefined) {
  const serverName = sni ?? `outbound_.${service.port}_.${subset}_.${hostOf(service)}`;
  return { identity: pod.identity, hash: pod.certificateHash, serverName };
}
