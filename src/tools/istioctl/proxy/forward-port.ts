// A port of this machine that leads to a port of a pod, for as long as the command runs.
import { createServer, type Server, type Socket } from 'node:net';
import { ToolError } from '../../tool.ts';
import type { Invocation } from '../commands/command.ts';
import { openStream, type PodPort } from './port-forward.ts';

export interface ForwardedPort {
  port: number;
  /** Resolves when the command is interrupted, with the port free again. */
  ended: Promise<void>;
}

/** On loopback, at the first of the wanted ports that is free; 0 is any. Rejects with ToolError when none is. */
export async function forwardPort(
  invocation: Invocation,
  target: PodPort,
  wanted: readonly number[],
): Promise<ForwardedPort> {
  const { signal, streams } = invocation;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    carry(invocation, target, socket).catch((error: Error) => {
      streams.stderr.write(`${error.message}\n`);
      socket.destroy();
    });
  });
  const port = await listenOnOne(server, wanted);
  const ended = new Promise<void>((resolve) => {
    const close = (): void => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    };
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
  });
  return { port, ended };
}

async function listenOnOne(server: Server, wanted: readonly number[]): Promise<number> {
  let problem = 'no port';
  for (const port of wanted) {
    try {
      return await listen(server, port);
    } catch (error) {
      problem = (error as Error).message;
    }
  }
  throw new ToolError(`failure running port forward process: ${problem}`);
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

/** One connection of its own to the API server for each of the client's. */
async function carry(invocation: Invocation, target: PodPort, socket: Socket): Promise<void> {
  socket.on('error', () => socket.destroy());
  // What the client says meanwhile waits in the kernel.
  socket.pause();
  const stream = await openStream(invocation, target);
  stream.on('error', () => socket.destroy());
  socket.on('close', () => stream.destroy());
  stream.pipe(socket);
  socket.pipe(stream);
}
