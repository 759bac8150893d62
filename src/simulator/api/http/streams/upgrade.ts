// From an HTTP request to a connection that carries streams: what a reply offers, and who may take it.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { badRequest } from '../../errors.ts';
import type { ApiReply, ApiRequest } from '../request.ts';
import { failureStatus } from '../status.ts';
import type { Upgrade } from './offered.ts';

/** A kubelet's answer, which the API server hands on as it is: text, not a Status. */
export class PlainRefusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Largest message of a client: kubectl sends 32 KiB. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;

const webSockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false });

// `ws` reads the protocol's header as the RFC has it, and Kubernetes has a slash in one of its names. So it is not shown
// the header, and the answer's is written here.
const chosenProtocols = new WeakMap<IncomingMessage, string>();
webSockets.on('headers', (headers, incoming) => {
  const protocol = chosenProtocols.get(incoming);
  if (protocol) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
});

export function asksForUpgrade(headers: ApiRequest['headers']): boolean {
  return headers.upgrade !== undefined && /(^|,)\s*upgrade\s*(,|$)/i.test(headers.connection ?? '');
}

export const upgradeRequired = () => badRequest('Upgrade request required');

/** Answers a request that came with an Upgrade header. The socket is the server's no more. */
export function takeConnection(reply: ApiReply, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { upgrade } = reply;
  const asked = (incoming.headers.upgrade ?? '').toLowerCase();
  if (!upgrade) writeReply(socket, reply);
  else if (asked === 'websocket') openWebSocket(upgrade.webSocket, incoming, socket, head);
  else if (asked === 'spdy/3.1') openSpdy(upgrade.spdy, incoming, socket, head);
  else writeReply(socket, text(400, `unable to upgrade: unsupported protocol ${JSON.stringify(asked)}`));
}

function openWebSocket(
  { protocols, serve }: Upgrade['webSocket'],
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const offered = listed(incoming.headers['sec-websocket-protocol']);
  const protocol = offered.length === 0 ? '' : offered.find((p) => protocols.includes(p));
  if (protocol === undefined) {
    writeReply(socket, text(400, `websocket: no supported protocol among ${JSON.stringify(offered)}`));
    return;
  }
  delete incoming.headers['sec-websocket-protocol'];
  chosenProtocols.set(incoming, protocol);
  webSockets.handleUpgrade(incoming, socket, head, (connection) => {
    connection.on('error', () => connection.terminate());
    serve(connection, protocol);
  });
}

function openSpdy(
  { protocols, check, serve }: Upgrade['spdy'],
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) {
  const offered = listed(headerLines(incoming, 'x-stream-protocol-version'));
  const protocol = offered.length === 0 ? '' : offered.find((p) => protocols.includes(p));
  if (protocol === undefined) {
    const accepted = protocols.map((p) => ['X-Accepted-Stream-Protocol-Versions', p] as const);
    const why = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server supports [${protocols.join(' ')}]`;
    writeReply(socket, text(403, why), accepted);
    return;
  }
  try {
    check();
  } catch (error) {
    if (!(error instanceof PlainRefusal)) throw error;
    writeReply(socket, text(error.code, error.message));
    return;
  }
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'];
  if (protocol) lines.push(`X-Stream-Protocol-Version: ${protocol}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
  serve(socket, protocol);
}

const text = (status: number, body: string): ApiReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${body}\n`,
});

/** Header values of all lines with this name. */
function headerLines(incoming: IncomingMessage, name: string): string {
  return (incoming.headersDistinct[name] ?? []).join(',');
}

const listed = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((p) => p.trim())
    .filter((p) => p !== '');

/** The whole answer, and the end of the connection. */
function writeReply(socket: Duplex, reply: ApiReply, more: readonly (readonly [string, string])[] = []): void {
  const whole = typeof reply.body === 'string' || reply.body instanceof Uint8Array;
  const status = whole ? reply.status : 400;
  const body = Buffer.from(
    whole ? (reply.body as string | Uint8Array) : JSON.stringify(failureStatus(badRequest('no upgrade here'))),
  );
  const headers = Object.entries(reply.headers).flatMap(([name, value]) =>
    [value].flat().map((v) => [name, v] as const),
  );
  const lines = [
    ...headers,
    ...more,
    ['content-length', String(body.length)] as const,
    ['connection', 'close'] as const,
  ];
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`,
      ),
      body,
    ]),
  );
}
