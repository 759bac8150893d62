// What the proxies of a request have in common: their surroundings, and who is at the other end of a connection.
import type { Endpoint } from '../../mesh/decision.ts';
import type { MeshEngine, TokenOutcome, TokenRule } from '../../mesh/engine.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { MeshService } from '../../mesh/services.ts';
import { CallError, type Clock, type HttpReply, type HttpRequest } from '../contract.ts';
import type { Telemetry } from '../traffic.ts';
import type { Hangup } from './hangup.ts';
import { fromProgram } from './headers.ts';
import type { Handler, RunningPod } from './running-pods.ts';

/** The client end of a connection to a pod. */
export interface Peer {
  address: string;
  port: number;
  hangup: Hangup;
  /** The caller, when it is a pod of the cluster. */
  pod?: KubeObject;
  /** Set when the connection is mutual TLS between proxies of the mesh. */
  certificate?: { identity: string; hash: string; serverName: string };
  /** TLS that the client itself spoke, to a gateway. */
  tls?: { serverName?: string; forwardedCertificate?: string };
  /** The bytes are TLS that no proxy of the mesh made, or will read. */
  foreignTls?: true;
  /** The Service that the client asked for, when it knows one. */
  service?: { namespace: string; name: string; host: string; port: number };
  /** The port is declared TCP: proxies copy bytes. */
  tcp?: boolean;
  version?: 'HTTP/2';
  /** Milliseconds that the client waits for a connection; the system's when missing. */
  connectTimeout?: number;
}

export interface HopContext {
  clock: Clock;
  /** Milliseconds since the epoch, with fractions where the system has them. */
  now(): number;
  random: () => number;
  telemetry: Telemetry;
  engine(): MeshEngine;
  podAt(address: string, port: number): RunningPod | undefined;
  /** Whether a NetworkPolicy drops what the peer sends to the pod's port. */
  drops?(peer: Peer, pod: RunningPod, port: number): boolean;
  /** Whether the pod can ask for names: false where a NetworkPolicy keeps it from the cluster's DNS. */
  resolves?(pod: RunningPod): boolean;
  /** As kube-proxy does it: one of the ready pods behind a ClusterIP. Undefined: no Service has the address. */
  behind(address: string, port: number): { service: MeshService; endpoint: Endpoint | undefined } | undefined;
  /** Certificates of gateways; without it, no pod can speak TLS to one. */
  secret?(namespace: string, name: string): KubeObject | undefined;
  verifyTokens(
    rules: readonly TokenRule[],
    request: HttpRequest & { headers: Record<string, string> },
  ): Promise<TokenOutcome>;
  /** Opens a connection to a pod's port and sends the request. Rejects with CallError. */
  deliver(address: string, port: number, request: HttpRequest, peer: Peer): Promise<HttpReply>;
}

/** A program that fails closes the connection: there is no answer. */
export async function askProgram(handler: Handler, request: HttpRequest, now: () => number): Promise<HttpReply> {
  try {
    return fromProgram(await handler(request), now());
  } catch {
    throw new CallError('reset', `${request.authority}: connection reset by peer`);
  }
}

export function refused(address: string, port: number): CallError {
  return new CallError('refused', `dial tcp ${address}:${port}: connect: connection refused`);
}

export function reset(address: string, port: number): CallError {
  return new CallError('reset', `${address}:${port}: connection reset by peer`);
}

export function ephemeralPort(random: () => number): number {
  return 32768 + Math.floor(random() * 28232);
}

/** Resolves after the time, or when `cut` is called. */
export function pause(clock: Clock, milliseconds: number, onCut: (cut: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    onCut(() => {
      cancel();
      resolve();
    });
  });
}
