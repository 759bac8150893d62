// One request in the proxy that it leaves through, from its arrival to its record: what happened so far, and who waits.
import type { Endpoint, Forward, Outcome } from '../../mesh/decision.ts';
import type { Slot, TryEnd } from '../../mesh/upstream/proxy-memory.ts';
import type { HttpRequest } from '../contract.ts';
import type { HopTrace, ProxyRecord } from '../traffic.ts';
import type { Hangup } from './hangup.ts';
import { byteLength, protocolOf } from './headers.ts';
import { type HopContext, type Peer, pause } from './hop.ts';
import type { RunningPod } from './running-pods.ts';

/** An outcome of the engine that this proxy carries out. */
export type Handled = Exclude<Outcome, { kind: 'refused' } | { kind: 'passthrough' }>;

/** The connection that a proxy accepted. */
export interface Downstream {
  localAddress: string;
  remoteAddress: string;
  hangup: Hangup;
  /** Of the client's own TLS, or of its proxy's. */
  serverName?: string;
  version?: 'HTTP/2';
  /** Who the client is, when it proved it by mutual TLS. */
  principal?: string;
}

/** How a request ended, as far as the record tells. */
export interface Ending {
  status: number;
  flags: readonly string[];
  details?: string;
  transportFailure?: string;
  bytesSent: number;
  /** When it is not the request's body that counts. */
  bytesReceived?: number;
  upstreamTime?: number;
  grpcStatus?: string;
  responseHeaders?: Readonly<Record<string, string>>;
}

export class OutboundHop {
  readonly context: HopContext;
  readonly pod: RunningPod;
  readonly request: HttpRequest;
  readonly outcome: Handled;
  /** The request as it goes upstream; the one that came until it is rewritten. */
  upstream: HttpRequest;
  /** The client went away, or has its answer. */
  ended = false;
  /** The time of the route is over. */
  expired = false;
  trace: HopTrace | undefined;
  readonly start: number;
  /** When the router began, after a fault's delay. */
  routed: number;
  readonly #downstream: Downstream;
  readonly #flags: string[] = [];
  readonly #attempted: string[] = [];
  #endpoint: Endpoint | undefined;
  #peer: Peer | undefined;
  #connected = false;
  #slot: Slot | undefined;
  #wake: (() => void) | undefined;

  constructor(context: HopContext, pod: RunningPod, request: HttpRequest, outcome: Handled, downstream: Downstream) {
    this.context = context;
    this.pod = pod;
    this.request = request;
    this.upstream = request;
    this.outcome = outcome;
    this.#downstream = downstream;
    this.start = context.now();
    this.routed = this.start;
    downstream.hangup.watch(() => this.#clientGone());
  }

  /** Waits, unless the client goes or the route's time ends first. */
  async wait(milliseconds: number): Promise<void> {
    if (milliseconds < 1) return;
    await pause(this.context.clock, milliseconds, (cut) => {
      this.#wake = cut;
    });
    this.#wake = undefined;
  }

  /** A try begins; the next hop sees this hop as its client. */
  trying(endpoint: Endpoint, peer: Peer, slot?: Slot): void {
    this.#slot = slot;
    this.#endpoint = endpoint;
    this.#attempted.push(`${endpoint.address}:${endpoint.port}`);
    this.#peer = peer;
    this.#connected = true;
  }

  /** No endpoint is worth telling: the limits of the cluster let none be tried. */
  forgetEndpoint(): void {
    this.#endpoint = undefined;
  }

  /** The try under way did not get a connection. */
  notConnected(): void {
    this.#connected = false;
  }

  flag(flag: string): void {
    this.#flags.push(flag);
  }

  /** After the time, whatever is under way is given up. Returns what cancels it. */
  expireAfter(milliseconds: number): () => void {
    return this.context.clock.after(milliseconds, () => {
      this.expired = true;
      this.giveUp('timed-out');
    });
  }

  /** The promise, or undefined when the time or the client ended it first; the next hop then sees its client go. */
  race<T>(work: Promise<T>, milliseconds: number | undefined): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const cancel =
        milliseconds === undefined ? undefined : this.context.clock.after(milliseconds, () => this.giveUp('timed-out'));
      const settle = (value: T | undefined) => {
        cancel?.();
        this.#wake = undefined;
        resolve(value);
      };
      this.#wake = () => settle(undefined);
      work.then(settle, reject);
    });
  }

  /** The connection of the try under way is closed. */
  giveUp(end: TryEnd): void {
    const wake = this.#wake;
    this.#slot?.release(end);
    this.#peer?.hangup.end();
    wake?.();
  }

  /** The one record of this hop. */
  end(ending: Ending): void {
    if (this.ended) return;
    this.ended = true;
    this.#downstream.hangup.forget();
    this.context.telemetry.record(this.#record(ending));
  }

  #clientGone(): void {
    const details = 'downstream_remote_disconnect';
    const ending = this.#isTcp() ? {} : { details };
    this.end({ status: 0, flags: this.#isTcp() ? [] : ['DC'], bytesSent: 0, ...ending });
    this.giveUp('cancelled');
  }

  #isTcp(): boolean {
    return this.outcome.kind === 'forward' && this.outcome.tcp === true;
  }

  #record(ending: Ending): ProxyRecord {
    const { context, pod, outcome, request, upstream } = this;
    const tcp = this.#isTcp();
    const certificate = this.#peer?.certificate;
    const record: ProxyRecord = {
      reporter: 'source',
      role: pod.role === 'gateway' ? 'gateway' : 'sidecar',
      pod: pod.pod,
      protocol: tcp ? 'tcp' : protocolOf(request.headers),
      start: this.start,
      duration: Math.max(0, context.now() - this.start),
      status: ending.status,
      flags: this.#flags.length > 0 ? [...new Set([...this.#flags, ...ending.flags])] : ending.flags,
      bytesReceived: ending.bytesReceived ?? byteLength(request.body),
      bytesSent: ending.bytesSent,
      route: pod.role === 'gateway' && outcome.route === 'default' ? '-' : outcome.route,
      downstreamLocal: this.#downstream.localAddress,
      downstreamRemote: this.#downstream.remoteAddress,
      mtls: certificate !== undefined,
    };
    if (!tcp) {
      const { method, path } = request;
      record.request = { method, path, authority: upstream.authority, headers: upstream.headers };
      if (upstream.path !== path) record.request.upstreamPath = upstream.path;
      if (this.#downstream.version) record.request.version = this.#downstream.version;
    }
    if (ending.responseHeaders) record.responseHeaders = ending.responseHeaders;
    if (ending.details !== undefined) record.details = ending.details;
    if (ending.transportFailure !== undefined) record.transportFailure = ending.transportFailure;
    if (ending.upstreamTime !== undefined) record.upstreamTime = ending.upstreamTime;
    if (ending.grpcStatus !== undefined) record.grpcStatus = ending.grpcStatus;
    if (outcome.cluster) record.cluster = outcome.cluster;
    if (outcome.rule?.kind === 'VirtualService') record.virtualService = outcome.rule;
    if (outcome.kind === 'forward') this.#addUpstream(record, outcome);
    else if (outcome.cluster) addServiceOf(record, outcome.cluster);
    if (this.#downstream.serverName) record.serverName = this.#downstream.serverName;
    if (certificate) record.sourcePrincipal = pod.identity;
    if (this.trace) record.trace = this.trace;
    return record;
  }

  #addUpstream(record: ProxyRecord, { service, subset }: Forward): void {
    if (service.namespace) record.service = service;
    if (subset !== undefined) record.subset = subset;
    const [endpoint, peer] = [this.#endpoint, this.#peer];
    if (!endpoint || !peer) return;
    record.upstreamHost = `${endpoint.address}:${endpoint.port}`;
    record.attempted = this.#attempted;
    if (this.#connected) record.upstreamLocal = `${peer.address}:${peer.port}`;
    const target = this.context.podAt(endpoint.address, endpoint.port);
    if (!target) return;
    record.peer = target.pod;
    if (peer.certificate) record.destinationPrincipal = target.identity;
  }
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local`. */
function addServiceOf(record: ProxyRecord, cluster: string): void {
  const [, port = '', subset, host = ''] = cluster.split('|');
  const [name = '', namespace = '', svc] = host.split('.');
  if (svc !== 'svc') return;
  record.service = { namespace, name, port: Number(port) };
  if (subset) record.subset = subset;
}
