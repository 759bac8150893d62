// A loopback HTTP server in a thread of its own, whose event loop can be stopped for a while.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

export interface FreezingServer {
  url: string;
  /** Nothing is read or answered for this long, from now. */
  freeze(milliseconds: number): void;
  stop(): Promise<unknown>;
}

export async function startFreezingServer(): Promise<FreezingServer> {
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise<unknown>((resolve) => worker.once('message', resolve));
  return {
    url: `http://127.0.0.1:${port}/`,
    freeze: (milliseconds) => worker.postMessage(milliseconds),
    stop: () => worker.terminate(),
  };
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const server = createServer((_request, response) => response.end('hola'));
  port.on('message', (milliseconds: number) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  });
  // The usual backlog of 511 connections overflows in half a second without an accept.
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
    port.postMessage((server.address() as AddressInfo).port),
  );
}
