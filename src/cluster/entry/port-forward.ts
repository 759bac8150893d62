// A port of this machine that leads to a port of a pod through the API server, for as long as somebody holds it.
import { createServer, type Server, type Socket } from 'node:net';
import { openChannels } from '../channels.ts';
import { ClusterError } from '../cluster-error.ts';
import type { WayIn } from '../kubeconfig.ts';
import { dataChannel, type PodPort, podPortChannels } from './pod-port.ts';

export type { PodPort } from './pod-port.ts';

export interface ForwardedPort {
  /** On loopback. */
  port: number;
  /** Frees the port and ends what goes through it. Also done when the signal aborts. */
  close(): void;
  /** Resolves when the port is free again. */
  closed: Promise<void>;
}

export interface ForwardOptions {
  way: WayIn;
  /** Asked for each connection: pods come and go. Rejects with ClusterError. */
  target: () => Promise<PodPort>;
  /** Tried in order; 0 is any that is free. */
  wanted: readonly number[];
  signal: AbortSignal;
  /** Whether an open port keeps the process alive; it does not by itself. */
  keepsAlive?: boolean;
  userAgent?: string;
  onConnection?(port: number): void;
  /** One connection came to nothing, and its client was hung up on: NodeRefusal, ChannelRefusal or the system's error. */
  onTrouble?(error: unknown): void;
}

/** The pod's node does not connect to that port; the message is its own. */
export class NodeRefusal extends Error {}

/** Bytes that may wait for the API server: who writes more is made to wait. */
const mostPending = 1_000_000;

/** Rejects with ClusterError `unreachable`, whose cause is the system's error, when no wanted port is free. */
export async function forwardPort(options: ForwardOptions): Promise<ForwardedPort> {
  const { wanted, signal, onConnection, onTrouble } = options;
  const sockets = new Set<Socket>();
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    onConnection?.(port);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    carry(options, socket, ended).catch((error: unknown) => {
      // A client sees what it would see of a port that nobody listens on.
      socket.resetAndDestroy();
      if (!ended.aborted) onTrouble?.(error);
    });
  });
  const port = await listenOnOne(server, wanted);
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
  if (options.keepsAlive !== true) server.unref();
  const close = (): void => {
    stop.abort();
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
  return { port, close, closed };
}

/** One connection of its own to the API server for each of the client's. Rejects when it comes to nothing. */
async function carry(options: ForwardOptions, socket: Socket, signal: AbortSignal): Promise<void> {
  const { way, target, userAgent = 'malla' } = options;
  let refusal = '';
  let hangUp = (): void => {};
  const channels = await openChannels(way, {
    ...podPortChannels(await target(), {
      data: (bytes) => void socket.write(bytes),
      problem: (text) => {
        refusal += text;
        hangUp();
      },
    }),
    userAgent,
    signal,
  });
  hangUp = () => channels.close();
  if (refusal) hangUp();
  let pending = 0;
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.length;
    channels.send(dataChannel, chunk);
    if (pending < mostPending) return;
    socket.pause();
    setTimeout(() => {
      pending = 0;
      socket.resume();
    }, 100);
  });
  socket.on('close', hangUp);
  socket.resume();
  await channels.closed;
  if (refusal) throw new NodeRefusal(refusal.trim());
  socket.end();
}

async function listenOnOne(server: Server, wanted: readonly number[]): Promise<number> {
  let trouble: unknown;
  for (const port of wanted) {
    try {
      return await listen(server, port);
    } catch (error) {
      trouble = error;
    }
  }
  const detail = `no hay ningún puerto libre en esta máquina: ${trouble instanceof Error ? trouble.message : ''}`;
  throw new ClusterError('unreachable', detail, { cause: trouble });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
