// The port of the API: HTTPS on loopback in front of the function in api.ts.
import { type IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Api } from './api.ts';
import { bodyLimit } from './body.ts';
import type { Credentials } from './guard.ts';
import { prettyReply } from './pretty.ts';
import type { ApiReply, ApiRequest, Piece, User } from './request.ts';
import { readQuery, splitUrl } from './request-line.ts';
import { bodyTooSlow, failureReply, tooLarge } from './status.ts';
import { asksForUpgrade, takeConnection, upgradeRequired } from './streams/upgrade.ts';

export interface ServerOptions {
  api: Api;
  /** Throws ApiError for whom it will not let in. */
  guard(credentials: Credentials): User;
  /** Requests for the process itself, by an administrator: tried before the API. */
  own(request: ApiRequest): ApiReply | undefined;
  tls: { key: string; certificate: string; ca: string };
  port: number;
  /** Told of every request, to know when nobody uses the cluster. */
  onRequest(): void;
  onBug(error: unknown): void;
  patience?: Patience;
}

/** Milliseconds that the port waits for a client. */
export interface Patience {
  /** For the first byte of a connection's next request, or of its first. */
  idle: number;
  /** For the whole body of a request. */
  body: number;
}

/**
 * Go's clients keep a connection 90 s, also one that they opened beside another and have not used yet; a request that
 * leaves on it while the server closes it ends in EOF and is not sent again. So it is they who must close it. Node counts
 * a connection without a first byte against its deadlines for headers and requests: both are as long as the idle one.
 */
export const usualPatience: Patience = { idle: 120_000, body: 30_000 };

export interface ApiServer {
  port: number;
  /** Ends open watches and resolves when the port is free. */
  close(): Promise<void>;
}

/** Rejects with the system's error when the port is taken. */
export function listen(options: ServerOptions): Promise<ApiServer> {
  const { idle } = options.patience ?? usualPatience;
  const server = createServer(
    {
      key: options.tls.key,
      cert: options.tls.certificate,
      ca: options.tls.ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      requestTimeout: idle,
      headersTimeout: idle,
      keepAliveTimeout: idle,
      connectionsCheckingInterval: Math.min(30_000, idle / 2),
      // As Go's servers: the words of an exec stand in the address.
      maxHeaderSize: 1024 * 1024,
    },
    (incoming, outgoing) => {
      options.onRequest();
      answer(options, incoming, outgoing).catch((error) => {
        options.onBug(error);
        outgoing.destroy();
      });
    },
  );
  server.on('upgrade', (incoming, socket, head) => {
    options.onRequest();
    socket.on('error', () => socket.destroy());
    replyTo(options, incoming, socket).then(
      (reply) => (reply ? takeConnection(reply, incoming, socket, head) : socket.destroy()),
      (error) => {
        options.onBug(error);
        socket.destroy();
      },
    );
  });
  // A client that does not speak TLS, or whose certificate is odd, is its own problem.
  server.on('tlsClientError', () => {});
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', options.onBug);
      resolve({ port: (server.address() as AddressInfo).port, close: () => close(server) });
    });
  });
}

async function answer(options: ServerOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const reply = await replyTo(options, incoming, outgoing);
  if (!reply) return;
  const shown = reply.upgrade ? failureReply(upgradeRequired(), options.onBug) : reply;
  const [path = '/', query = ''] = splitUrl(incoming.url ?? '/');
  const asker = { path, query, userAgent: incoming.headers['user-agent'] };
  await send(prettyReply(shown, asker), incoming, outgoing);
}

function lineOf(incoming: IncomingMessage): Pick<ApiRequest, 'path' | 'query'> {
  const [path = '/', query = ''] = splitUrl(incoming.url ?? '/');
  return { path, query: readQuery(query) };
}

/** Undefined when the client went away in the middle. `connection` closes when the client is gone. */
async function replyTo(
  options: ServerOptions,
  incoming: IncomingMessage,
  connection: ServerResponse | Duplex,
): Promise<ApiReply | undefined> {
  const gone = new AbortController();
  connection.once('close', () => {
    // Of an answer that has left whole nobody needs to hear.
    if (!(connection instanceof ServerResponse && connection.writableFinished)) gone.abort(clientGone);
  });
  const headers = flatHeaders(incoming);
  try {
    // Before the body is read: a stranger gets no work done.
    const user = options.guard({ headers, path: incoming.url ?? '/', ...certificateOf(incoming.socket as TLSSocket) });
    // A connection that is to carry streams brings no body.
    const body = asksForUpgrade(headers)
      ? new Uint8Array()
      : await readBody(incoming, options.patience ?? usualPatience);
    if (!body) return undefined;
    const method = incoming.method ?? 'GET';
    const request: ApiRequest = { ...lineOf(incoming), headers, method, body, user, signal: gone.signal };
    return ownReply(options, request) ?? (await options.api(request));
  } catch (error) {
    return failureReply(error, options.onBug);
  }
}

/** One for all: an error made for each request that ends takes as long as a small answer. */
const clientGone = new DOMException('The client has gone.', 'AbortError');

function ownReply(options: ServerOptions, request: ApiRequest): ApiReply | undefined {
  return request.user.groups.includes('system:masters') ? options.own(request) : undefined;
}

async function send(reply: ApiReply, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return;
  // A body that was not read to its end cannot be followed by another request.
  if (!incoming.complete) outgoing.setHeader('connection', 'close');
  const { body } = reply;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    outgoing.writeHead(reply.status, {
      ...reply.headers,
      ...(reply.status === 304 ? {} : { 'content-length': length }),
    });
    await endWith(outgoing, incoming.method === 'HEAD' ? '' : body);
    return;
  }
  // With a length, what goes out needs no frames of its own.
  const length = Array.isArray(body) ? { 'content-length': sizeOf(body) } : {};
  outgoing.writeHead(reply.status, { ...reply.headers, ...length });
  outgoing.flushHeaders();
  if (Symbol.iterator in body) return await sendPieces(outgoing, body);
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(chunk)) await writable(outgoing);
  }
  outgoing.end();
}

const AT_ONCE = 60 * 1024;

/**
 * In pieces, each after the one before it has left. While more than 64 KiB wait, Node pauses its parser for the next
 * request on the connection, and fails with HPE_PAUSED when TLS hands it more of that request all the same: kubectl, quick
 * to go on after a large answer, then reads EOF.
 */
async function endWith(outgoing: ServerResponse, body: Piece): Promise<void> {
  outgoing.end(
    await allButLast(outgoing, typeof body === 'string' && body.length * 3 > AT_ONCE ? Buffer.from(body) : body),
  );
}

/** Pieces that are made while they are sent, all by way of one buffer: it is free again when what it held has left. */
async function sendPieces(outgoing: ServerResponse, pieces: Iterable<Piece>): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(AT_ONCE);
  let held = 0;
  for (const whole of pieces) {
    if (typeof whole !== 'string' && whole.length <= AT_ONCE - held) {
      buffer.set(whole, held);
      held += whole.length;
      continue;
    }
    for (let read = 0; read < whole.length; ) {
      const copied = copy(read === 0 ? whole : whole.slice(read), buffer.subarray(held));
      read += copied.read;
      held += copied.written;
      if (read === whole.length) break;
      await written(outgoing, buffer.subarray(0, held));
      if (outgoing.destroyed) return;
      held = 0;
    }
  }
  outgoing.end(buffer.subarray(0, held));
}

/** Bytes. */
function sizeOf(pieces: readonly Piece[]): number {
  let size = 0;
  for (const piece of pieces) size += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
  return size;
}

/** As much as there is room for. `read` counts in what `from` is made of, bytes or UTF-16 units. */
function copy(from: Piece, to: Uint8Array): { read: number; written: number } {
  if (typeof from === 'string') return encoder.encodeInto(from, to);
  const length = Math.min(from.length, to.length);
  to.set(from.length > length ? from.subarray(0, length) : from);
  return { read: length, written: length };
}

const encoder = new TextEncoder();

/** Sends whole pieces; what is left is no longer than one. */
async function allButLast(outgoing: ServerResponse, bytes: Piece): Promise<Piece> {
  let sent = 0;
  for (; bytes.length - sent > AT_ONCE && !outgoing.destroyed; sent += AT_ONCE)
    await written(outgoing, bytes.slice(sent, sent + AT_ONCE));
  return bytes.slice(sent);
}

/** Resolves when it has left, or the client has gone. */
function written(outgoing: ServerResponse, bytes: Piece): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('close', done);
    outgoing.write(bytes, done);
  });
}

/** Resolves when the client has read on, or has gone. */
function writable(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.once('drain', done).once('close', done);
  });
}

/** How long, and for how much, a body that is too large is still read. */
const lingering = { milliseconds: 1_000, bytes: 4 * bodyLimit };

/** Undefined when the client went away in the middle. Throws 413, and 408 for who does not go on sending. */
function readBody(incoming: IncomingMessage, { body: patience }: Patience): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] | undefined = [];
    let length = 0;
    const stop = (): void => {
      clearTimeout(timer);
      incoming.off('data', take).pause();
    };
    const refuse = (): void => {
      stop();
      reject(tooLarge(bodyLimit));
    };
    /** Who is still sending does not read the answer: what comes in the next moment is thrown away. */
    const giveUp = (): void => {
      chunks = undefined;
      clearTimeout(timer);
      timer = setTimeout(refuse, lingering.milliseconds);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks?.push(chunk);
      if (chunks && length > bodyLimit) giveUp();
      if (length > lingering.bytes) refuse();
    };
    let timer = setTimeout(() => {
      stop();
      reject(bodyTooSlow(patience));
    }, patience);
    if (Number(incoming.headers['content-length'] ?? 0) > bodyLimit) giveUp();
    incoming
      .on('data', take)
      .once('end', () => {
        clearTimeout(timer);
        if (chunks) resolve(Buffer.concat(chunks));
        else refuse();
      })
      .once('error', () => resolve(undefined))
      .once('close', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
  });
}

function flatHeaders(incoming: IncomingMessage): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    flat[name] = Array.isArray(value) ? value.join(',') : value;
  return flat;
}

function certificateOf(socket: TLSSocket): Pick<Credentials, 'certificate'> {
  if (!socket.authorized) return {};
  const { subject } = socket.getPeerCertificate();
  // Node gives an array for a repeated part, whatever its types say.
  const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());
  const [commonName] = list(subject?.CN);
  return commonName === undefined ? {} : { certificate: { commonName, organizations: list(subject?.O) } };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
