// Connections whose bytes nobody reads: TCP ports, and TLS that passes a gateway by. Each proxy on the way decides where
// they go, and tells of them when they end.
import { connect as connectSocket } from 'node:net';
import { Duplex, duplexPair } from 'node:stream';
import type { Endpoint, Forward } from '../../../mesh/decision.ts';
import { CallError } from '../../contract.ts';
import { intercepts } from '../deliver.ts';
import { downstreamOf } from '../gateway-hop.ts';
import { Hangup } from '../hangup.ts';
import { ephemeralPort, type HopContext, type Peer, refused, reset } from '../hop.ts';
import { closeInbound, connectionTo, endRawInbound } from '../inbound.ts';
import { peerFor } from '../one-try.ts';
import { OutboundHop } from '../outbound-hop.ts';
import { isOutside } from '../reachability.ts';
import { handlerOn, isDrained, type RunningPod } from '../running-pods.ts';
import type { Target } from '../target.ts';
import { endOfTls, greetingListener } from './gateway-tls.ts';
import { createHttpFront } from './http-front.ts';

type Told = (received: number, sent: number) => void;

/** Carries the connection to its end. A CallError in the promise: nobody takes it, and it was closed. */
export function carryRaw(context: HopContext, pod: RunningPod, port: number, client: Duplex, peer: Peer): void {
  const told: Told[] = [];
  try {
    const program = wayTo(context, pod, port, peer, told);
    join(client, program, told);
  } catch (error) {
    for (const tell of told) tell(0, 0);
    client.destroy();
    if (!(error instanceof CallError)) throw error;
  }
}

/** A connection that leaves a pod. Throws CallError when nobody takes it; a sidecar takes all, and may close it at once. */
export function connectFrom(context: HopContext, pod: RunningPod, { host, port, service }: Target): Duplex {
  const address = service?.clusterIP ?? host;
  const peer: Peer = {
    address: pod.address,
    port: ephemeralPort(context.random),
    hangup: new Hangup(),
    pod: pod.pod,
  };
  const told: Told[] = [];
  const [near, far] = duplexPair();
  try {
    const way = pod.role === 'sidecar' ? wayFromSidecar : wayToAddress;
    join(far, way(context, pod, address, port, peer, told), told);
  } catch (error) {
    for (const tell of told) tell(0, 0);
    if (!(error instanceof CallError) || pod.role !== 'sidecar') throw error;
    far.destroy();
  }
  return near;
}

function wayFromSidecar(
  context: HopContext,
  pod: RunningPod,
  address: string,
  port: number,
  peer: Peer,
  told: Told[],
): Duplex {
  const request = { method: '', path: '', authority: '', headers: {} };
  const asked = { ...request, port, sourceAddress: pod.address, destinationAddress: address };
  const { outcome } = context.engine().decide(pod.proxy, asked, pod.chance);
  if (outcome.kind === 'refused') throw reset(address, port);
  if (outcome.kind !== 'forward') return wayToAddress(context, pod, address, port, peer, told);
  const downstream = {
    localAddress: `${address}:${port}`,
    remoteAddress: `${peer.address}:${peer.port}`,
    hangup: peer.hangup,
  };
  const forward = { ...outcome, tcp: true as const };
  return wayOfForward(new OutboundHop(context, pod, request, forward, downstream), forward, told);
}

function wayToAddress(
  context: HopContext,
  pod: RunningPod,
  address: string,
  port: number,
  peer: Peer,
  told: Told[],
): Duplex {
  const direct = context.podAt(address, port);
  if (direct) return wayTo(context, direct, port, peer, told);
  const found = context.behind(address, port);
  if (!found && pod.role !== 'sidecar' && isOutside(address)) return neverMade();
  if (!found?.endpoint) throw refused(address, port);
  const { namespace, name, host, ports } = found.service;
  peer.service = { namespace, name, host, port };
  if (ports.find((p) => p.port === port)?.protocol === 'tcp') peer.tcp = true;
  return wayTo(context, podOf(context, found.endpoint), found.endpoint.port, peer, told);
}

/** The program's end of the connection; `told` gets what each proxy says at the end. */
function wayTo(context: HopContext, pod: RunningPod, port: number, peer: Peer, told: Told[]): Duplex {
  if (context.drops?.(peer, pod, port)) return neverMade();
  if (intercepts(pod, port)) {
    if (isDrained(pod)) throw refused(pod.address, port);
    const { refusal } = context.engine().accept(pod.proxy, connectionTo(pod, port, peer));
    if (refusal) throw closeInbound(context, pod, port, peer, refusal);
    const start = context.now();
    const target = context.engine().inbound(pod.proxy, pod.pod, port);
    const program = target.port === undefined ? undefined : programOn(context, pod, target.port);
    told.push((received, sent) =>
      endRawInbound(context, pod, port, peer, { start, received, sent, connected: !!program }),
    );
    if (!program) throw reset(pod.address, port);
    return program;
  }
  const program = programOn(context, pod, port, `${peer.address}:${peer.port}`);
  if (program) return program;
  if (pod.role === 'gateway') return wayFromGateway(context, pod, port, peer, told);
  throw refused(pod.address, port);
}

/** A connection that nobody answers has nothing to be read from it, either. */
function neverMade(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
}

function wayFromGateway(context: HopContext, pod: RunningPod, port: number, peer: Peer, told: Told[]): Duplex {
  const { secret } = context;
  const listener = isGreeted(peer) ? undefined : greetingListener(context, pod, port);
  if (secret && listener) {
    const carry = (connection: Duplex, named: Peer): void => carryRaw(context, pod, port, connection, named);
    return endOfTls({ context, secret, gateway: pod, listener, peer, carry });
  }
  const { refusal } = context.engine().accept(pod.proxy, connectionTo(pod, port, peer));
  if (refusal) throw closeInbound(context, pod, port, peer, refusal);
  const downstream = downstreamOf(pod, port, peer);
  const request = { method: '', path: '', authority: downstream.serverName ?? '', headers: {} };
  const asked = { ...request, port, sourceAddress: peer.address, destinationAddress: pod.address };
  const { serverName } = downstream;
  const { outcome } = context
    .engine()
    .decide(pod.proxy, serverName === undefined ? asked : { ...asked, serverName }, pod.chance);
  if (outcome.kind !== 'forward') throw refused(pod.address, port);
  const forward = { ...outcome, tcp: true as const };
  return wayOfForward(new OutboundHop(context, pod, request, forward, downstream), forward, told);
}

/** Its greeting has been read, or is none that anybody could read: proxies of the mesh speak TLS without bytes here. */
function isGreeted({ tls, certificate, foreignTls }: Peer): boolean {
  return tls !== undefined || certificate !== undefined || foreignTls === true;
}

function wayOfForward(hop: OutboundHop, forward: Forward, told: Told[]): Duplex {
  const { context } = hop;
  const { endpoint } = forward;
  const next = peerFor(hop, forward, endpoint);
  hop.trying(endpoint, next);
  told.push((bytesReceived, bytesSent) => hop.end({ status: 0, flags: [], bytesReceived, bytesSent }));
  return wayTo(context, podOf(context, endpoint), endpoint.port, next, told);
}

function podOf(context: HopContext, { address, port }: Endpoint): RunningPod {
  const pod = context.podAt(address, port);
  if (!pod) throw refused(address, port);
  return pod;
}

/** What the program itself takes, a socket of its own, or its HTTP server at the other end of a pipe. `client`: as HttpRequest. */
function programOn(context: HopContext, pod: RunningPod, port: number, client?: string): Duplex | undefined {
  for (const { sockets, streams } of pod.containers.values()) {
    const take = streams && Object.hasOwn(streams, port) ? streams[port] : undefined;
    if (take) return taken(take);
    const at = sockets && Object.hasOwn(sockets, port) ? sockets[port] : undefined;
    if (at) return connectSocket({ ...at, noDelay: true });
  }
  const handler = handlerOn(pod, port);
  if (!handler) return undefined;
  const [near, far] = duplexPair();
  const front = createHttpFront({
    answer: async (request) => handler(client === undefined ? request : { ...request, client }),
    refused: () => undefined,
    now: context.now,
  });
  front.take(far);
  return near;
}

function taken(take: (connection: Duplex) => void): Duplex {
  const [near, far] = duplexPair();
  take(far);
  return near;
}

/** Copies both ways until one end closes, and then says how much it was. */
function join(client: Duplex, program: Duplex, told: readonly Told[]): void {
  let [received, sent, ended] = [0, 0, false];
  const end = () => {
    if (ended) return;
    ended = true;
    client.destroy();
    program.destroy();
    for (const tell of told) tell(received, sent);
  };
  client.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  program.on('data', (chunk: Buffer) => {
    sent += chunk.length;
  });
  client.pipe(program).pipe(client);
  for (const stream of [client, program]) stream.on('error', end).on('close', end);
}
