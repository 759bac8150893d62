// What the API's streaming subresources do with containers that run: exec, attach, port-forward, proxy.
import type { KubeObject } from '../../mesh/objects.ts';
import type { HttpReply, HttpRequest } from '../contract.ts';

export interface ContainerAccess {
  isRunning(pod: KubeObject, container: string): boolean;
  /** Resolves with the exit code. Rejects with StartError when there is no such program. */
  exec(pod: KubeObject, container: string, call: ExecCall): Promise<number>;
  /**
   * The output of the container's own program until it ends or the signal is aborted. A shell that waits for input gets
   * the client's, where it has any to give.
   */
  attach(pod: KubeObject, container: string, call: AttachCall): Promise<number>;
  /** What answers on a port of the pod, past its sidecar: from its own loopback. Undefined: connections are refused. */
  listener(pod: KubeObject, port: number): Listener | undefined;
}

export interface ExecCall {
  command: readonly string[];
  tty: boolean;
  stdin: AsyncIterable<Uint8Array>;
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  /** Resolves when there is room for more output. */
  drained(): Promise<void>;
  signal: AbortSignal;
}

export interface AttachCall extends Omit<ExecCall, 'command'> {
  /** Whether the client has an input at all. */
  interactive: boolean;
}

export type Listener =
  | { kind: 'http'; ask(request: HttpRequest): Promise<HttpReply> }
  /** Bytes go to a real port on loopback. */
  | { kind: 'bytes'; host: '127.0.0.1'; port: number };

/** The container's runtime could not start the program; its own words. */
export class StartError extends Error {}
