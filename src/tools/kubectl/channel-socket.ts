// A WebSocket of the API server that carries channels: the first byte of a message says which.
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { ToolError } from '../tool.ts';
import type { Session } from './session.ts';
import { type Status, StatusError } from './status-error.ts';

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
  receive(channel: number, bytes: Buffer): void;
}

/** Rejects with StatusError for what the server refuses. */
export async function openChannels(
  session: Pick<Session, 'api' | 'signal'>,
  request: ChannelRequest,
): Promise<ChannelSocket> {
  const way = await session.api.way();
  const socket = new WebSocket(`${way.server.replace(/^http/, 'ws')}${request.path}`, request.protocols, {
    ...way.tls,
    headers: { ...(await way.headers()), 'user-agent': 'kubectl/malla' },
    perMessageDeflate: false,
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const hangUp = () => socket.terminate();
  session.signal.addEventListener('abort', hangUp, { once: true });
  void closed.then(() => session.signal.removeEventListener('abort', hangUp));
  socket.on('message', (message) => {
    const bytes = bytesOf(message);
    request.receive(bytes[0] ?? 0, bytes.subarray(1));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      void refusalOf(response).then(reject);
    });
    socket.once('error', (error) => reject(new ToolError(`error: error sending request: ${error.message}`)));
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

async function refusalOf(response: IncomingMessage): Promise<Error> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === 'Status') return new StatusError(status);
  } catch {
    // Not the API server's own answer.
  }
  return new ToolError(`error: unable to upgrade connection: ${text.trim() || `HTTP ${response.statusCode}`}`);
}
