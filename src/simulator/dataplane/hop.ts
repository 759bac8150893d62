// What the proxies of a request have in common: their surroundings, and who is at the other end of a connection.
import type { Chance, MeshEngine } from '../../mesh/engine.ts';
import { CallError, type Clock, type HttpReply, type HttpRequest, type LogBook } from '../contract.ts';
import { type AccessLogEntry, formatAccessLog } from '../telemetry/access-log.ts';
import { fromProgram } from './headers.ts';
import type { Handler, RunningPod } from './running-pods.ts';

/** The client end of a connection to a pod. */
export interface Peer {
  address: string;
  port: number;
  /** Set when the connection is mutual TLS between sidecars. */
  certificate?: { identity: string; hash: string; serverName: string };
  /** host:port of the Service through which the pod was found without a proxy. */
  service?: string;
}

export interface HopContext {
  clock: Clock;
  random: () => number;
  chance: Chance;
  logs: LogBook;
  engine(): MeshEngine;
  accessLog(): boolean;
  /** Opens a connection to a pod's port and sends the request. Rejects with CallError `refused` or `reset`. */
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

/** The entry is made only when somebody keeps the log. */
export function log(context: HopContext, pod: RunningPod, entry: () => AccessLogEntry): void {
  if (context.accessLog()) context.logs.append(pod.uid, 'istio-proxy', formatAccessLog(entry()));
}

export function ephemeralPort(random: () => number): number {
  return 32768 + Math.floor(random() * 28232);
}
