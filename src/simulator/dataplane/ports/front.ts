// A port of a Service, seen from outside the cluster: who is behind it now, and how a connection is carried there.
import type { Socket } from 'node:net';
import type { GatewayPort } from '../../../mesh/engine.ts';
import type { MeshService, ServiceIndex } from '../../../mesh/services.ts';
import type { HttpReply, HttpRequest } from '../../contract.ts';
import { accepts } from '../deliver.ts';
import { Hangup } from '../hangup.ts';
import { type HopContext, type Peer, refused } from '../hop.ts';
import { closeInbound } from '../inbound.ts';
import { handlerOn, type RunningPod } from '../running-pods.ts';
import { type FindSecret, showsCertificate } from './credentials.ts';
import { type Client, createHttpFront, type HttpFront, portOf } from './http-front.ts';
import { carryRaw } from './raw.ts';
import type { Refusal } from './refusals.ts';
import { tellRefusal } from './refused-request.ts';
import { createSecureFront, hangUp, type SecureFront, UNMATCHED } from './secure.ts';

/** What a real port stands for. */
export interface Place {
  service: MeshService;
  servicePort: number;
}

export interface FrontOptions {
  context: HopContext;
  services(): ServiceIndex;
  secret: FindSecret;
  /** May be another one later: see `place`. */
  place: Place;
}

interface Target {
  pod: RunningPod;
  port: number;
  /** When the pod is a gateway that listens there itself. */
  listener: GatewayPort | undefined;
}

export class Front {
  place: Place;
  readonly #context: HopContext;
  readonly #services: () => ServiceIndex;
  readonly #secret: FindSecret;
  readonly #http: HttpFront;
  #secure: SecureFront | undefined;

  constructor({ context, services, secret, place }: FrontOptions) {
    this.place = place;
    this.#context = context;
    this.#services = services;
    this.#secret = secret;
    this.#http = createHttpFront({
      answer: (request, client) => this.#answer(request, client),
      refused: (refusal, port, request) => this.#refused(refusal, port, request),
      now: context.now,
    });
  }

  /** Whether a connection would reach something. */
  get reachable(): boolean {
    return this.#targets().length > 0;
  }

  take(socket: Socket): void {
    const target = this.#choose();
    if (!target) return void socket.resetAndDestroy();
    const { pod, port, listener } = target;
    if (listener && (listener.protocol === 'https' || listener.protocol === 'tls')) {
      this.#secure ??= this.#newSecureFront();
      this.#secure.take(socket, listener, pod.proxy.namespace);
    } else if (listener ? listener.protocol === 'tcp' : !speaksHttp(target, this.place)) {
      carryRaw(this.#context, pod, port, socket, this.#peerOf(target, socket.remotePort ?? 0));
    } else this.#http.take(socket);
  }

  /** A request of who is in the same process, without a connection. Undefined where one is needed: for TLS, or for no HTTP. */
  enter(request: HttpRequest, client: Client): Promise<HttpReply> | undefined {
    const target = this.#choose();
    if (!target) return undefined;
    const { listener } = target;
    const isHttp = listener ? listener.protocol === 'http' : speaksHttp(target, this.place);
    return isHttp ? this.#deliver(target, request, client) : undefined;
  }

  close(): void {
    this.#http.close();
  }

  #targets(): Target[] {
    const { service, servicePort } = this.place;
    const context = this.#context;
    return this.#services()
      .endpoints(service, servicePort)
      .flatMap(({ endpoint: { address, port } }) => {
        const pod = context.podAt(address, port);
        if (!pod || !accepts(context, pod, port)) return [];
        const listener = listenerOn(context, pod, port);
        return listener && !showsCertificate(listener, pod.proxy.namespace, this.#secret)
          ? []
          : [{ pod, port, listener }];
      });
  }

  #choose(): Target | undefined {
    const targets = this.#targets();
    return targets[Math.floor(this.#context.random() * targets.length)];
  }

  #answer(request: HttpRequest, client: Client): Promise<HttpReply> {
    const target = this.#choose();
    if (!target) return Promise.reject(refused('127.0.0.1', this.place.servicePort));
    return this.#deliver(target, request, client);
  }

  #deliver(target: Target, request: HttpRequest, client: Client): Promise<HttpReply> {
    const peer = this.#peerOf(target, client.port, client.hangup);
    if (client.version) peer.version = client.version;
    if (client.tls) peer.tls = client.tls;
    return this.#context.deliver(target.pod.address, target.port, request, peer);
  }

  #peerOf({ pod }: Target, port: number, hangup = new Hangup()): Peer {
    const { service, servicePort } = this.place;
    const { namespace, name, host } = service;
    const peer: Peer = {
      address: nodeAddress(pod),
      port,
      hangup,
      service: { namespace, name, host, port: servicePort },
    };
    if (service.ports.find((p) => p.port === servicePort)?.protocol === 'tcp') peer.tcp = true;
    return peer;
  }

  /** Only proxies tell of what they refuse. */
  #refused(refusal: Refusal, clientPort: number, request?: HttpRequest): void {
    const target = this.#choose();
    if (!target || target.pod.role === 'plain') return;
    const { pod, port } = target;
    tellRefusal(this.#context, pod, port, { address: nodeAddress(pod), port: clientPort }, refusal, request);
  }

  #newSecureFront(): SecureFront {
    const context = this.#context;
    return createSecureFront({
      http: this.#http,
      secret: this.#secret,
      raw: (connection, tls) => {
        const target = this.#choose();
        if (!target) return void connection.destroy();
        const peer = { ...this.#peerOf(target, portOf(connection)), tls };
        carryRaw(context, target.pod, target.port, connection, peer);
      },
      unmatched: (connection, serverName) => {
        const target = this.#choose();
        if (target) {
          const peer = this.#peerOf(target, portOf(connection));
          if (serverName !== undefined) peer.tls = { serverName };
          closeInbound(context, target.pod, target.port, peer, UNMATCHED);
        }
        hangUp(connection);
      },
    });
  }
}

function listenerOn(context: HopContext, pod: RunningPod, port: number): GatewayPort | undefined {
  if (pod.role !== 'gateway' || handlerOn(pod, port)) return undefined;
  return context
    .engine()
    .gatewayPorts(pod.proxy)
    .find((p) => p.port === port);
}

/** A program with a socket of its own speaks for itself. */
function speaksHttp({ pod, port }: Target, { service, servicePort }: Place): boolean {
  if (!handlerOn(pod, port) && pod.role !== 'sidecar') return false;
  for (const { sockets } of pod.containers.values()) if (sockets && Object.hasOwn(sockets, port)) return false;
  return service.ports.find((p) => p.port === servicePort)?.protocol !== 'tcp';
}

/** What a pod sees of clients outside the cluster: the first address of its node's pod network. */
function nodeAddress({ address }: RunningPod): string {
  return address.replace(/\.\d+$/, '.1');
}
