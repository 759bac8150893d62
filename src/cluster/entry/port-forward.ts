// A port of this machine that leads to a port of a pod through the API server, for as long as somebody holds it.
import { createServer, type Server, type Socket } from 'node:net';
import { openChannels } from '../channels.ts';
import { ClusterError } from '../cluster-error.ts';
import type { WayIn } from '../kubeconfig.ts';

export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

export interface ForwardedPort {
  /** On loopback. */
  port: number;
  /** Frees the port and ends what goes through it. Also done when the signal aborts. */
  close(): void;
}

export interface ForwardOptions {
  way: WayIn;
  /** Asked for each connection: pods come and go. Rejects with ClusterError. */
  target: () => Promise<PodPort>;
  /** Tried in order; 0 is any that is free. */
  wanted: readonly number[];
  signal: AbortSignal;
}

const [data, problem] = [0, 1];
/** Bytes that may wait for the API server: who writes more is made to wait. */
const mostPending = 1_000_000;

/** Rejects with ClusterError `unreachable` when no wanted port is free. */
export async function forwardPort({ way, target, wanted, signal }: ForwardOptions): Promise<ForwardedPort> {
  const sockets = new Set<Socket>();
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // A client sees what it would see of a port that nobody listens on.
    carry(way, target, socket, ended).catch(() => socket.resetAndDestroy());
  });
  const port = await listenOnOne(server, wanted);
  // Malla may end while a port is held.
  server.unref();
  const close = (): void => {
    stop.abort();
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  signal.addEventListener('abort', close, { once: true });
  return { port, close };
}

/** One connection of its own to the API server for each of the client's. */
async function carry(way: WayIn, target: () => Promise<PodPort>, socket: Socket, signal: AbortSignal): Promise<void> {
  const { namespace, pod, port } = await target();
  const told = new Set<number>();
  const channels = await openChannels(way, {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward?ports=${port}`,
    protocols: ['v4.channel.k8s.io'],
    userAgent: 'malla',
    receive(channel, bytes) {
      // The first message of each channel repeats the port.
      if (!told.has(channel)) told.add(channel);
      else if (channel === data) socket.write(bytes);
      else if (channel === problem && bytes.length > 0) socket.resetAndDestroy();
    },
    signal,
  });
  let pending = 0;
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.length;
    channels.send(data, chunk);
    if (pending < mostPending) return;
    socket.pause();
    setTimeout(() => {
      pending = 0;
      socket.resume();
    }, 100);
  });
  socket.on('close', () => channels.close());
  socket.resume();
  await channels.closed;
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
