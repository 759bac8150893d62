// HTTP/1.1 on connections that others accept, and HTTP/2 on those with TLS: each request is handed to a function, and what
// it answers is written as it is, with no header of Node's own.
import { createServer, type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { valuesOf } from '../../../mesh/repeated-headers.ts';
import type { HttpReply, HttpRequest } from '../../contract.ts';
import { Hangup } from '../hangup.ts';
import { localReply } from '../headers.ts';
import { forwardedCertificate } from './peer-certificate.ts';
import { bodyAfter, HOP_BY_HOP, hasBody, type Message, readBody, requestOf } from './read-request.ts';
import {
  BODY_TOO_LARGE,
  LOW_VERSION,
  NO_HOST,
  NO_TUNNEL,
  type Refusal,
  refusalOf,
  TOO_MANY_HEADERS,
} from './refusals.ts';

/** What a client is to the cluster: its port tells its connections apart. */
export interface Client {
  port: number;
  hangup: Hangup;
  version?: 'HTTP/2';
  tls?: { serverName?: string; forwardedCertificate?: string };
}

export interface Answerer {
  answer(request: HttpRequest, client: Client): Promise<HttpReply>;
  /** A request that is refused before anybody is asked; `request` where its head could be read. */
  refused(refusal: Refusal, clientPort: number, request?: HttpRequest): void;
  now(): number;
}

export interface HttpFront {
  /** Takes an accepted connection over. */
  take(connection: Duplex): void;
  /** A request of a server with TLS. */
  handle(message: Message, response: Response): void;
  /** A request of a server with TLS that wants to go on in another protocol. */
  upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Requests under way are answered, and their connections then closed. */
  close(): void;
}

export type Response = ServerResponse | Http2ServerResponse;

/** Envoy's. */
export const LARGEST_HEAD = 60 * 1024;
const MOST_HEADERS = 100;
/** As Envoy; a pooled connection of a client must not meet a server that has just closed it. */
const IDLE_TIMEOUT = 3_600_000;

export function createHttpFront(answerer: Answerer): HttpFront {
  const { now } = answerer;
  const connections = new Set<Duplex>();
  let closing = false;

  const server = createServer(
    {
      keepAliveTimeout: IDLE_TIMEOUT,
      requestTimeout: 0,
      headersTimeout: 0,
      maxHeaderSize: LARGEST_HEAD,
      requireHostHeader: false,
    },
    handle,
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Nobody is left to be told.
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    refuseOn(socket, refusalOf(error));
  });
  server.on('upgrade', upgrade);
  server.on('connect', (message: IncomingMessage, socket: Duplex) => {
    refuseOn(socket, NO_TUNNEL, { method: 'CONNECT', path: '-', authority: message.url ?? '', headers: {} });
  });

  function refuseOn(socket: Duplex, refusal: Refusal, request?: HttpRequest) {
    answerer.refused(refusal, portOf(socket), request);
    const { status, headers, body } = refusedReply(refusal, now());
    const head = withClose(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${head.join('')}\r\n${String(body)}`);
  }

  function handle(message: Message, response: Response): void {
    void serve(message, response).catch(() => {
      // No HTTP answer, or a client that went away in the middle of its body: the connection ends.
      destroy(message);
    });
  }

  function upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    serveUpgrade(message, socket, head).catch(() => socket.destroy());
  }

  /** Node reads no further than the head of such a request, and writes no answer of its own. */
  async function serveUpgrade(message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const response = responseOn(socket, message);
    const early = refusalAtHead(message);
    if (early) return refuse(message, response, early);
    const body = await bodyAfter(head, message, socket);
    if (body === 'too-large') return refuse(message, response, BODY_TOO_LARGE);
    const hangup = new Hangup();
    const gone = () => hangup.end();
    socket.once('close', gone);
    const request = { ...requestOf(message, body), upgrade: message.headers.upgrade?.toLowerCase() ?? '' };
    const reply = await answerer.answer(request, clientOf(message, hangup));
    socket.off('close', gone);
    if (!reply.tunnel) return write(message, response, reply, true);
    response.detachSocket(socket as Socket);
    if (!body && head.length > 0) socket.unshift(head);
    socket.write(switching(reply));
    reply.tunnel.take(socket);
  }

  async function serve(message: Message, response: Response): Promise<void> {
    const early = refusalAtHead(message);
    if (early) return refuse(message, response, early);
    const body = hasBody(message) ? await readBody(message) : undefined;
    if (body === 'too-large') return refuse(message, response, BODY_TOO_LARGE);
    const hangup = new Hangup();
    response.once('close', () => {
      if (!response.writableEnded) hangup.end();
    });
    const reply = await answerer.answer(requestOf(message, body), clientOf(message, hangup));
    write(message, response, reply, closing);
  }

  function refuse(message: Message, response: Response, refusal: Refusal): void {
    const readable = refusal === NO_HOST;
    answerer.refused(refusal, portOf(message.socket), readable ? requestOf(message, undefined) : undefined);
    write(message, response, refusedReply(refusal, now()), true);
  }

  return {
    take(connection) {
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
      server.emit('connection', connection);
    },
    handle,
    upgrade,
    close() {
      closing = true;
      server.closeIdleConnections();
    },
  };
}

function destroy(message: Message): void {
  if (message.httpVersionMajor === 2) message.destroy();
  else message.socket?.destroy();
}

function refusedReply({ status, body }: Refusal, now: number): HttpReply {
  return localReply({ status, headers: {}, body }, 'istio-envoy', now);
}

function refusalAtHead(message: Message): Refusal | undefined {
  if (message.httpVersionMajor === 2) return undefined;
  // `ab` and `curl -0` speak it.
  if (message.httpVersionMinor === 0) return LOW_VERSION;
  if (message.headers.host === undefined) return NO_HOST;
  return message.rawHeaders.length > 2 * MOST_HEADERS ? TOO_MANY_HEADERS : undefined;
}

/** Of the client; zero for one inside this process. */
export function portOf(socket: object | null): number {
  return socket && 'remotePort' in socket ? Number(socket.remotePort ?? 0) : 0;
}

function clientOf(message: Message, hangup: Hangup): Client {
  const client: Client = { port: portOf(message.socket), hangup };
  if (message.socket instanceof TLSSocket) client.tls = tlsOf(message.socket);
  if (message.httpVersionMajor === 2) client.version = 'HTTP/2';
  return client;
}

function tlsOf(socket: TLSSocket): NonNullable<Client['tls']> {
  const { servername } = socket as { servername?: string | false };
  const certificate = forwardedCertificate(socket);
  return {
    ...(typeof servername === 'string' && { serverName: servername }),
    ...(certificate !== undefined && { forwardedCertificate: certificate }),
  };
}

function responseOn(socket: Duplex, message: IncomingMessage): ServerResponse {
  const response = new ServerResponse(message);
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  return response;
}

function switching({ status, headers }: HttpReply): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    valuesOf(value).map((one) => `${name}: ${printable(one)}\r\n`),
  );
  return `HTTP/1.1 ${status} ${reasonOf(status)}\r\n${lines.join('')}\r\n`;
}

function write(message: Message, response: Response, reply: HttpReply, last: boolean): void {
  response.sendDate = false;
  if ('stream' in response) writeSecond(response, reply);
  else writeFirst(response, reply, last || message.headers.connection?.toLowerCase() === 'close');
}

function writeFirst(response: ServerResponse, reply: HttpReply, close: boolean): void {
  const flat: string[] = [];
  for (const [name, value] of close ? withClose(reply.headers) : Object.entries(reply.headers)) {
    if (HOP_BY_HOP.has(name) && !(close && name === 'connection')) continue;
    for (const one of valuesOf(value)) flat.push(name, printable(one));
  }
  // HTTP/1.1 connections stay open without saying so, and Envoy does not say so.
  response.removeHeader('connection');
  response.writeHead(reply.status, reasonOf(reply.status), flat);
  response.end(reply.body);
}

function writeSecond(response: Http2ServerResponse, reply: HttpReply): void {
  for (const [name, value] of Object.entries(reply.headers)) {
    if (HOP_BY_HOP.has(name)) continue;
    response.setHeader(name, valuesOf(value).map(printable));
  }
  response.writeHead(reply.status);
  response.end(typeof reply.body === 'string' ? reply.body : Buffer.from(reply.body));
}

/** Envoy says it before the length of an empty answer of its own, which the codec adds last. */
function withClose(headers: Readonly<Record<string, string>>): [string, string][] {
  const entries = Object.entries(headers).filter(([name]) => name !== 'connection');
  const emptyEnd = entries.at(-1)?.[0] === 'content-length' && entries.at(-1)?.[1] === '0';
  entries.splice(emptyEnd ? -1 : entries.length, 0, ['connection', 'close']);
  return entries;
}

/** What a program echoes in a header must not be able to end it. */
function printable(value: string): string {
  return /[^\t\x20-\x7e\x80-\xff]/.test(value) ? value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?') : value;
}

/** Envoy has no phrase for codes that its table lacks. */
function reasonOf(status: number): string {
  return status === 418 ? 'Unknown' : (STATUS_CODES[status] ?? 'Unknown');
}
