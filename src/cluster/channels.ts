// A WebSocket of the API server that carries channels (exec, port-forward): the first byte of a message says which.
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import type { WayIn } from './kubeconfig.ts';

export interface ChannelSocket {
  protocol: string;
  send(channel: number, bytes: Uint8Array): void;
  close(): void;
  /** Resolves when the server has closed it, or the way is broken. */
  closed: Promise<void>;
}

export interface ChannelRequest {
  /** With its query. */
  path: string;
  protocols: string[];
  userAgent: string;
  receive(channel: number, bytes: Buffer): void;
  signal: AbortSignal;
}

/** The server answered something else than a WebSocket. */
export class ChannelRefusal extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(body.trim() || `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Rejects with ChannelRefusal for what the server refuses, and with the system's error when it cannot be reached. */
export async function openChannels(way: WayIn, request: ChannelRequest): Promise<ChannelSocket> {
  const { signal } = request;
  const socket = new WebSocket(`${way.server.replace(/^http/, 'ws')}${request.path}`, request.protocols, {
    ...way.tls,
    headers: { ...(await way.headers()), 'user-agent': request.userAgent },
    perMessageDeflate: false,
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const hangUp = (): void => socket.terminate();
  signal.addEventListener('abort', hangUp, { once: true });
  void closed.then(() => signal.removeEventListener('abort', hangUp));
  socket.on('message', (message) => {
    const bytes = bytesOf(message);
    request.receive(bytes[0] ?? 0, bytes.subarray(1));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      void refusalOf(response).then(reject, reject);
    });
    socket.once('error', reject);
  });
  socket.on('error', hangUp);
  return {
    protocol: socket.protocol,
    send: (channel, bytes) => socket.send(Buffer.concat([Buffer.of(channel), bytes]), () => {}),
    close: () => socket.close(1000),
    closed,
  };
}

function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}

async function refusalOf(response: IncomingMessage): Promise<ChannelRefusal> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return new ChannelRefusal(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'));
}
