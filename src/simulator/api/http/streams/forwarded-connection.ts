// One connection that a client forwards to a port of a pod.
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { valuesOf } from '../../../../mesh/repeated-headers.ts';
import type { HttpReply, HttpRequest } from '../../../contract.ts';
import type { Listener } from '../../../exec/container-access.ts';

/** Ends `connection` when the program's end does. Resolves when it is over, rejects when nothing answered. */
export function forwardConnection(listener: Listener, connection: Duplex): Promise<void> {
  return listener.kind === 'bytes' ? copyBytes(listener, connection) : speakHttp(listener.ask, connection);
}

function copyBytes({ host, port }: { host: string; port: number }, connection: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.on('error', reject);
    socket.on('close', () => {
      connection.destroy();
      resolve();
    });
    connection.on('close', () => socket.destroy());
    socket.on('connect', () => {
      connection.pipe(socket);
      socket.pipe(connection);
    });
  });
}

const LARGEST_BODY = 1024 * 1024;

/** Node's own parser reads the bytes; no port is opened. */
function speakHttp(ask: (request: HttpRequest) => Promise<HttpReply>, connection: Duplex): Promise<void> {
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (message, response) => {
    answer(ask, message, response).catch(() => connection.destroy());
  });
  server.on('clientError', () => connection.destroy());
  server.emit('connection', connection);
  return new Promise((resolve) => connection.once('close', resolve));
}

async function answer(
  ask: (request: HttpRequest) => Promise<HttpReply>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error('body too large');
    chunks.push(chunk);
  }
  const reply = await ask({
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    authority: message.headers.host ?? '',
    headers: flatHeaders(message),
    ...(size > 0 ? { body: Buffer.concat(chunks) } : {}),
  });
  response.sendDate = false;
  response.writeHead(reply.status, STATUS_CODES[reply.status] ?? 'Unknown', forwardedHeaders(reply.headers));
  response.end(reply.body);
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'host' || HOP_BY_HOP.has(name) ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}

/** What a program echoes in a header must not be able to end it. */
export function forwardedHeaders(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
      .map(([name, value]) => [name, valuesOf(value).map((one) => one.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?'))]),
  );
}
