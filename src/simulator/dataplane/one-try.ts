// One try of a request: the connection to one endpoint, with or without TLS, and what came of it.
import type { Endpoint, Forward, ServiceRef } from '../../mesh/decision.ts';
import type { Slot } from '../../mesh/upstream/proxy-memory.ts';
import { CallError, type HttpReply } from '../contract.ts';
import { Hangup } from './hangup.ts';
import { ephemeralPort, type HopContext, type Peer } from './hop.ts';
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
  const { address, port } = endpoint;
  if (isOutside(address) && !hop.context.podAt(address, port)) return neverConnected(hop, slot, outcome);
  if (!outcome.tcp) stamp(hop, number, peer);
  const work = hop.context.deliver(address, port, hop.upstream, peer);
  const perTry = outcome.retry?.perTryTimeout;
  if (perTry !== undefined || outcome.timeout !== undefined)
    return ended(hop, slot, await hop.race(settle(work), perTry));
  try {
    const reply = await work;
    slot.release(reply.status);
    return { kind: 'reply', reply };
  } catch (error) {
    return ended(hop, slot, failureOf(error));
  }
}

async function neverConnected(hop: OutboundHop, slot: Slot, { upstream }: Forward): Promise<TryResult> {
  await hop.wait(upstream?.connectTimeout ?? CONNECT_TIMEOUT);
  return ended(hop, slot, { kind: 'not-connected', why: 'timeout' });
}

/** Undefined: its time was over. */
function ended(hop: OutboundHop, slot: Slot, result: TryResult | undefined): TryResult {
  if (result?.kind === 'not-connected') hop.notConnected();
  slot.release(result?.kind === 'reply' ? result.reply.status : result ? 'failed' : 'timed-out');
  return result ?? { kind: 'try-timeout' };
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

/** Earlier tries may still be read by a program that answers late. */
function stamp(hop: OutboundHop, number: number, { certificate, service }: Peer): void {
  if (number > 1) hop.upstream = { ...hop.upstream, headers: { ...hop.upstream.headers } };
  const { headers } = hop.upstream;
  headers['x-envoy-attempt-count'] = String(number);
  // Meant for the proxy of the server, which takes it out; a server without one sees it.
  if (!certificate && service?.name) headers['x-envoy-decorator-operation'] = `${service.host}:${service.port}/*`;
}

async function settle(work: Promise<HttpReply>): Promise<TryResult> {
  try {
    return { kind: 'reply', reply: await work };
  } catch (error) {
    return failureOf(error);
  }
}

/** Throws what is no failure of a call. */
function failureOf(error: unknown): TryResult {
  if (error instanceof NotTls) return { kind: 'not-connected', why: 'not-tls' };
  if (!(error instanceof CallError)) throw error;
  if (error.failure === 'refused') return { kind: 'not-connected', why: 'refused' };
  if (error.failure === 'timeout') return { kind: 'not-connected', why: 'timeout' };
  return { kind: 'reset' };
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
  peer.connectTimeout = outcome.upstream?.connectTimeout ?? CONNECT_TIMEOUT;
  if (outcome.tcp) peer.tcp = true;
  else if (outcome.http2) peer.version = 'HTTP/2';
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
      if (readsMutualTls(context, endpoint)) peer.certificate = certificateOf(hop, outcome, tls?.sni);
      else peer.foreignTls = true;
      break;
    case 'auto':
      if (endpoint.sidecar && !endpoint.external && readsMutualTls(context, endpoint)) {
        peer.certificate = certificateOf(hop, outcome, undefined);
      }
      break;
  }
  return peer;
}

/** Not where a PeerAuthentication says that only plain text is spoken. */
export function readsMutualTls(context: HopContext, { address, port }: Endpoint): boolean {
  const pod = context.podAt(address, port);
  return pod?.role !== 'sidecar' || context.engine().takesMutualTls(pod.proxy, port);
}

/** As its cluster's name says it. */
export function hostOf({ host, name, namespace }: ServiceRef): string {
  return host ?? `${name}.${namespace}.svc.cluster.local`;
}

function certificateOf({ pod }: OutboundHop, { service, subset = '' }: Forward, sni: string | undefined) {
  const serverName = sni ?? `outbound_.${service.port}_.${subset}_.${hostOf(service)}`;
  return { identity: pod.identity, hash: pod.certificateHash, serverName };
}
