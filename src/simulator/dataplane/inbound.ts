// The sidecar of the pod that a request reaches: between the connection and the program.
import type { Closed, Reply } from '../../mesh/decision.ts';
import type { InboundConnection } from '../../mesh/engine.ts';
import type { InboundTarget } from '../../mesh/inbound-ports.ts';
import type { CallError, HttpReply, HttpRequest } from '../contract.ts';
import type { HopTrace, ProxyRecord } from '../traffic.ts';
import { admit } from './admission.ts';
import { codecRefusal, refusalReply } from './codec.ts';
import {
  byteLength,
  change,
  fromProgram,
  fromUpstream,
  type Headers,
  localReply,
  protocolOf,
  requestId,
} from './headers.ts';
import { askProgram, ephemeralPort, type HopContext, type Peer, reset } from './hop.ts';
import { type InboundSlot, takeSlot } from './inbound-slot.ts';
import { connectFailure, overflow, type ProxyReply, terminated } from './proxy-replies.ts';
import { NotTls } from './reachability.ts';
import { type Handler, handlerOn, type RunningPod } from './running-pods.ts';
import { HANDSHAKE_FAILED, notUpgraded, watched } from './tunnel.ts';

const SERVER = 'istio-envoy';

/** What the proxy knows of the connection's two ends. */
export function connectionTo(pod: RunningPod, port: number, peer: Peer): InboundConnection {
  const connection: InboundConnection = { port, sourceAddress: peer.address, destinationAddress: pod.address };
  if (peer.certificate) {
    connection.principal = peer.certificate.identity;
    connection.serverName = peer.certificate.serverName;
  }
  return connection;
}

/** Throws CallError at once, or rejects with one. */
export function serveInbound(
  context: HopContext,
  pod: RunningPod,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const connection = connectionTo(pod, port, peer);
  const { refusal } = context.engine().accept(pod.proxy, connection);
  if (refusal) throw closeInbound(context, pod, port, peer, refusal);
  // TLS that is not the mesh's is passed on as bytes, and the program answers it in plain text.
  if (peer.foreignTls) throw new NotTls();
  // What comes from a proxy was read by that.
  const unread = peer.certificate || peer.tcp ? undefined : codecRefusal(request);
  if (unread) return Promise.resolve(refusalReply(unread, context.now()));
  return peer.tcp || context.engine().inbound(pod.proxy, pod.pod, port).tcp
    ? copyInbound(context, pod, port, request, peer)
    : new InboundHop(context, pod, port, request, peer).serve(connection);
}

/** The record of a connection that the proxy ends at once, and what the other end notices. */
export function closeInbound(
  context: HopContext,
  pod: RunningPod,
  port: number,
  peer: Peer,
  { flags, details }: Closed,
): CallError {
  const record = connectionRecord(context, pod, port, peer, context.now());
  // A policy ends the connection of a filter chain that was found.
  if (details.startsWith('rbac_')) {
    record.termination = details;
    if (pod.role !== 'gateway') record.cluster = context.engine().inbound(pod.proxy, pod.pod, port).cluster;
    if (peer.certificate) record.serverName = peer.certificate.serverName;
  } else record.details = details;
  context.telemetry.record({ ...record, flags });
  return reset(pod.address, port);
}

function connectionRecord(context: HopContext, pod: RunningPod, port: number, peer: Peer, start: number): ProxyRecord {
  const record: ProxyRecord = {
    reporter: 'destination',
    role: pod.role === 'gateway' ? 'gateway' : 'sidecar',
    pod: pod.pod,
    protocol: 'tcp',
    start,
    duration: Math.max(0, context.now() - start),
    status: 0,
    flags: [],
    bytesReceived: 0,
    bytesSent: 0,
    route: '-',
    downstreamLocal: `${pod.address}:${port}`,
    downstreamRemote: `${peer.address}:${peer.port}`,
    mtls: peer.certificate !== undefined,
  };
  addPeer(record, pod, peer);
  return record;
}

function addPeer(record: ProxyRecord, pod: RunningPod, peer: Peer): void {
  if (peer.pod) record.peer = peer.pod;
  if (peer.service) record.service = peer.service;
  if (peer.tls?.serverName) record.serverName = peer.tls.serverName;
  if (!peer.certificate) return;
  record.serverName = peer.certificate.serverName;
  record.sourcePrincipal = peer.certificate.identity;
  record.destinationPrincipal = pod.identity;
  record.peerCertificateHash = peer.certificate.hash;
}

/** How a connection that the proxy only copied ended. */
export interface RawEnding {
  start: number;
  received: number;
  sent: number;
  /** The program took the connection. */
  connected: boolean;
}

export function endRawInbound(context: HopContext, pod: RunningPod, port: number, peer: Peer, ending: RawEnding): void {
  const record = connectionRecord(context, pod, port, peer, ending.start);
  const target = context.engine().inbound(pod.proxy, pod.pod, port);
  record.cluster = target.cluster;
  record.upstreamHost = programAddress(pod, target);
  record.bytesReceived = ending.received;
  record.bytesSent = ending.sent;
  if (ending.connected) record.upstreamLocal = `${sourceTo(target)}:${ephemeralPort(context.random)}`;
  else {
    record.flags = ['UF', 'URX'];
    record.transportFailure = 'delayed_connect_error:_Connection_refused';
  }
  context.telemetry.record(record);
}

async function copyInbound(
  context: HopContext,
  pod: RunningPod,
  port: number,
  request: HttpRequest,
  peer: Peer,
): Promise<HttpReply> {
  const start = context.now();
  const handler = programFor(context, pod, port);
  const reply = handler ? await askProgram(handler, request, context.now).catch(() => undefined) : undefined;
  const received = handler ? byteLength(request.body) : 0;
  const sent = byteLength(reply?.body);
  endRawInbound(context, pod, port, peer, { start, received, sent, connected: handler !== undefined });
  if (!reply) throw reset(pod.address, port);
  return reply;
}

function programFor(context: HopContext, pod: RunningPod, port: number): Handler | undefined {
  const target = context.engine().inbound(pod.proxy, pod.pod, port);
  return target.port === undefined ? undefined : handlerOn(pod, target.port);
}

function programAddress(pod: RunningPod, { port, loopback }: InboundTarget): string {
  return `${loopback ? '127.0.0.1' : pod.address}:${port ?? 0}`;
}

/** Where the program sees its requests come from. */
function sourceTo({ loopback }: InboundTarget): string {
  return loopback ? '127.0.0.1' : '127.0.0.6';
}

class InboundHop {
  readonly #context: HopContext;
  readonly #pod: RunningPod;
  readonly #port: number;
  readonly #peer: Peer;
  readonly #request: HttpRequest & { headers: Headers };
  readonly #start: number;
  #asked = 0;
  #upstreamPort = 0;
  #trace: HopTrace | undefined;
  #ended = false;
  #slot: InboundSlot | undefined;

  constructor(context: HopContext, pod: RunningPod, port: number, request: HttpRequest, peer: Peer) {
    this.#context = context;
    this.#pod = pod;
    this.#port = port;
    this.#peer = peer;
    this.#start = context.now();
    this.#request = { ...request, headers: this.#headersFor(request) };
    peer.hangup.watch(() => {
      this.#end({ status: 0, flags: ['DC'], details: 'downstream_remote_disconnect' }, 0);
      this.#slot?.leave();
    });
  }

  async serve(connection: InboundConnection): Promise<HttpReply> {
    const context = this.#context;
    const pending = admit(context, this.#pod, connection, this.#request);
    const admission = 'kind' in pending ? pending : await pending;
    if (admission.kind === 'denied') return this.#refuse(admission.reply);
    change(this.#request.headers, admission.requestHeaders);
    this.#trace = context.telemetry.trace(this.#pod.pod, 'destination', this.#request.headers);
    this.#asked = context.now();
    const handler = programFor(context, this.#pod, this.#port);
    if (!handler) return this.#fail(connectFailure('refused', { retried: true, exhausted: true }));
    this.#slot = takeSlot(context, this.#pod, context.engine().inbound(this.#pod.proxy, this.#pod.pod, this.#port));
    if (this.#slot && !(await this.#slot.ready())) return this.#overflow();
    this.#upstreamPort = ephemeralPort(context.random);
    try {
      const given = handler(this.#request);
      const answer = given instanceof Promise ? await given : given;
      this.#slot?.release(answer.status);
      return this.#answer(fromProgram(answer, context.now()));
    } catch {
      this.#slot?.release('failed');
      // A program that fails closes the connection.
      return this.#fail(terminated({ retried: false, exhausted: false }));
    }
  }

  #answer(reply: HttpReply): HttpReply {
    const upstreamTime = Math.max(0, this.#context.now() - this.#asked);
    fromUpstream(reply, SERVER, upstreamTime);
    this.#decorate(reply);
    const { status, tunnel, headers: responseHeaders } = reply;
    const greeting = notUpgraded(this.#request, reply);
    if (tunnel) {
      reply.tunnel = watched(tunnel, ({ bytesSent, ...ending }) =>
        this.#end({ status, responseHeaders, ...ending }, bytesSent),
      );
      return reply;
    }
    const grpcStatus = reply.headers['grpc-status'];
    const details = greeting === 'unsuccessful' ? HANDSHAKE_FAILED : 'via_upstream';
    const ending: Partial<ProxyRecord> = { status, details, responseHeaders, ...(!greeting && { upstreamTime }) };
    if (grpcStatus !== undefined) ending.grpcStatus = grpcStatus;
    this.#end(ending, byteLength(reply.body));
    return reply;
  }

  /** No program was asked. */
  #overflow(): HttpReply {
    this.#asked = 0;
    return this.#fail(overflow({ retried: false, exhausted: false }));
  }

  #fail({ flags, details, transportFailure, ...failure }: ProxyReply): HttpReply {
    const reply = this.#decorate(localReply(failure, SERVER, this.#context.now()));
    const { status, headers: responseHeaders } = reply;
    const ending = { status, flags, details, responseHeaders, ...(transportFailure && { transportFailure }) };
    this.#end(ending, byteLength(reply.body));
    return reply;
  }

  #refuse(refusal: Reply): HttpReply {
    const reply = this.#decorate(localReply(refusal, SERVER, this.#context.now()));
    const { flags, details } = refusal;
    this.#end({ status: reply.status, flags, details, responseHeaders: reply.headers }, byteLength(reply.body));
    return reply;
  }

  /** Meant for the client's proxy, and only seen by clients that have none. */
  #decorate(reply: HttpReply): HttpReply {
    const { certificate, service } = this.#peer;
    if (certificate) return reply;
    reply.headers['x-envoy-decorator-operation'] =
      `${service ? `${service.host}:${service.port}` : `:${this.#port}`}/*`;
    return reply;
  }

  #end(ending: Partial<ProxyRecord>, bytesSent: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#peer.hangup.forget();
    const [context, pod, port, peer] = [this.#context, this.#pod, this.#port, this.#peer];
    const { method, path, authority, headers, body } = this.#request;
    const target = context.engine().inbound(pod.proxy, pod.pod, port);
    const record: ProxyRecord = {
      reporter: 'destination',
      role: 'sidecar',
      pod: pod.pod,
      protocol: protocolOf(headers),
      start: this.#start,
      duration: Math.max(0, context.now() - this.#start),
      request: requestAsAsked(method, path, authority, headers),
      status: 0,
      flags: [],
      bytesReceived: byteLength(body),
      bytesSent,
      cluster: target.cluster,
      route: 'default',
      downstreamLocal: `${pod.address}:${port}`,
      downstreamRemote: remoteAddress(headers, peer),
      mtls: peer.certificate !== undefined,
    };
    if (record.request && peer.version) record.request.version = peer.version;
    if (this.#asked > 0) record.upstreamHost = programAddress(pod, target);
    if (this.#upstreamPort > 0) record.upstreamLocal = `${sourceTo(target)}:${this.#upstreamPort}`;
    addPeer(record, pod, peer);
    if (this.#trace) record.trace = this.#trace;
    context.telemetry.record(Object.assign(record, ending));
  }

  #headersFor(request: HttpRequest): Headers {
    const headers = { ...request.headers };
    delete headers['x-envoy-decorator-operation'];
    headers['x-forwarded-proto'] ??= 'http';
    headers['x-request-id'] ??= requestId(this.#context.random);
    // Only the sidecar that saw the certificate may say whose it was.
    const before = this.#peer.certificate ? headers['x-forwarded-client-cert'] : undefined;
    delete headers['x-forwarded-client-cert'];
    if (this.#peer.certificate) {
      const { identity, hash } = this.#peer.certificate;
      const own = `By=${this.#pod.identity};Hash=${hash};Subject="";URI=${identity}`;
      headers['x-forwarded-client-cert'] = before === undefined ? own : `${before},${own}`;
    }
    return headers;
  }
}

function requestAsAsked(method: string, path: string, authority: string, headers: Headers): ProxyRecord['request'] {
  const original = headers['x-envoy-original-path'];
  if (original === undefined) return { method, path, authority, headers };
  return { method, path: original, upstreamPath: path, authority, headers };
}

function remoteAddress(headers: Headers, peer: Peer): string {
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined) return `${peer.address}:${peer.port}`;
  return `${forwarded.slice(forwarded.lastIndexOf(',') + 1).trim()}:0`;
}
