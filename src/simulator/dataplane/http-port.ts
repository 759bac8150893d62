// One real port on loopback that speaks HTTP/1.1 and hands each request to a function. What the program answers is
// written as it is: Node adds no header of its own.
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import { Hangup } from './hangup.ts';
import { localReply } from './headers.ts';

export interface HttpPort {
  /** Stops listening; requests under way are answered. */
  close(): Promise<void>;
}

/** What a client is to the cluster: its port tells its connections apart. */
export interface Client {
  port: number;
  hangup: Hangup;
}
export type Answer = (request: HttpRequest, client: Client) => Promise<HttpReply>;

const LARGEST_BODY = 1024 * 1024;
/** As Envoy; a pooled connection of a client must not meet a server that has just closed it. */
const IDLE_TIMEOUT = 3_600_000;

/** Rejects when the port cannot be bound. */
export async function openHttpPort(port: number, answer: Answer, now: () => number): Promise<HttpPort> {
  const server = createServer({ keepAliveTimeout: IDLE_TIMEOUT, requestTimeout: 0 }, (message, response) => {
    void serve(message, response, answer, now, server);
  });
  await listen(server, port);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  now: () => number,
  server: Server,
): Promise<void> {
  try {
    // Envoy refuses HTTP/1.0, which `ab` and `curl -0` speak.
    if (message.httpVersionMinor === 0) return end(response, refusal(426, 'Upgrade Required', now), true);
    const body = hasBody(message) ? await readBody(message) : undefined;
    if (body === 'too-large') return end(response, refusal(413, 'Payload Too Large', now), true);
    const hangup = new Hangup();
    response.once('close', () => {
      if (!response.writableFinished) hangup.end();
    });
    const reply = await answer(requestOf(message, body), { port: message.socket.remotePort ?? 0, hangup });
    end(response, reply, !server.listening);
  } catch (error) {
    // No HTTP answer, or a client that went away in the middle of its body: the connection ends.
    message.socket.destroy();
    if (!(error instanceof CallError) && !message.destroyed) throw error;
  }
}

function requestOf(message: IncomingMessage, body: Uint8Array | undefined): HttpRequest {
  const headers: Record<string, string> = {};
  for (const name in message.headers) {
    const value = message.headers[name];
    if (value !== undefined && !HOP_BY_HOP.has(name))
      headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return {
    method: message.method ?? 'GET',
    path: pathOf(message.url ?? '/'),
    authority: message.headers.host ?? '',
    headers,
    ...(body && { body }),
  };
}

const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A client that thinks it speaks to a proxy sends the whole URL. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  const path = /^[a-z]+:\/\/[^/]*(.*)$/i.exec(url)?.[1];
  return path || (url === '*' ? '*' : '/');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

async function readBody(message: IncomingMessage): Promise<Uint8Array | 'too-large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return 'too-large';
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function refusal(status: number, body: string, now: () => number): HttpReply {
  return localReply({ status, headers: { 'content-type': 'text/plain' }, body }, 'istio-envoy', now());
}

function end(response: ServerResponse, reply: HttpReply, last: boolean): void {
  const flat: string[] = [];
  for (const name in reply.headers) {
    if (!HOP_BY_HOP.has(name)) flat.push(name, printable(reply.headers[name] ?? ''));
  }
  response.sendDate = false;
  if (last) flat.push('connection', 'close');
  // HTTP/1.1 connections stay open without saying so, and Envoy does not say so.
  else response.removeHeader('connection');
  response.writeHead(reply.status, reasonOf(reply.status), flat);
  response.end(reply.body);
}

/** What a program echoes in a header must not be able to end it. */
function printable(value: string): string {
  return /[^\t\x20-\x7e\x80-\xff]/.test(value) ? value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?') : value;
}

/** Envoy has no phrase for codes that its table lacks. */
function reasonOf(status: number): string {
  return status === 418 ? 'Unknown' : (STATUS_CODES[status] ?? 'Unknown');
}
