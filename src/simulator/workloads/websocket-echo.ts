// A WebSocket whose program sends back what it is told (RFC 6455), within go-httpbin's limits.
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { HttpReply, HttpRequest } from '../contract.ts';

const LONGEST_FRAME = 2_048;
const LONGEST_MESSAGE = 10_240;
/** The text that RFC 6455 has every server hash with the client's key. */
const SALT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const CONTINUED = 0;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

const TOO_LARGE = 1009;
const NOT_ALLOWED = 1002;

/** A text: why the request is no greeting of a WebSocket. */
export function websocketEcho({ upgrade, headers }: HttpRequest): HttpReply | string {
  const { 'sec-websocket-key': key, 'sec-websocket-version': version = '' } = headers;
  if (upgrade !== 'websocket') return 'missing required `Upgrade: websocket` header';
  if (version !== '13') return `only websocket version "13" is supported, got "${version}"`;
  if (!key) return 'missing required `Sec-Websocket-Key` header';
  const accept = createHash('sha1')
    .update(key + SALT)
    .digest('base64');
  return {
    status: 101,
    headers: { connection: 'upgrade', 'sec-websocket-accept': accept, upgrade: 'websocket' },
    body: '',
    tunnel: { take: echo },
  };
}

function echo(client: Duplex): void {
  let bytes = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let kind = 0;

  function close(code: number): void {
    client.end(frame(CLOSE, Buffer.from([code >> 8, code & 0xff])));
    client.off('data', read);
  }

  function heard({ last, opcode, payload }: Frame): void {
    if (opcode === CLOSE) return void client.end(frame(CLOSE, payload));
    if (opcode === PING) return void client.write(frame(PONG, payload));
    if (opcode === PONG) return;
    if (opcode > BINARY || (opcode === CONTINUED) !== parts.length > 0) return void close(NOT_ALLOWED);
    if (opcode !== CONTINUED) kind = opcode;
    parts.push(payload);
    const message = Buffer.concat(parts);
    if (message.length > LONGEST_MESSAGE) return void close(TOO_LARGE);
    if (!last) return;
    parts = [];
    client.write(frame(kind, message));
  }

  function read(chunk: Buffer): void {
    bytes = Buffer.concat([bytes, chunk]);
    for (let next = readFrame(bytes); next; next = readFrame(bytes)) {
      if (typeof next === 'number') return void close(next);
      bytes = bytes.subarray(next.size);
      heard(next);
      if (client.writableEnded) return;
    }
  }

  client.on('data', read);
  client.on('error', () => client.destroy());
  client.on('end', () => client.end());
}

interface Frame {
  last: boolean;
  opcode: number;
  payload: Buffer;
  /** Bytes with its head. */
  size: number;
}

/** Undefined: not whole yet. A number: why the connection must be closed. */
function readFrame(bytes: Buffer): Frame | number | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  // A client masks what it says, and no extension was agreed on.
  if ((second & 0x80) === 0 || (first & 0x70) !== 0) return NOT_ALLOWED;
  const short = second & 0x7f;
  if (short === 127) return TOO_LARGE;
  const head = short === 126 ? 8 : 6;
  if (bytes.length < head) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  if (length > LONGEST_FRAME) return TOO_LARGE;
  if (bytes.length < head + length) return undefined;
  const mask = bytes.subarray(head - 4, head);
  const payload = Buffer.from(bytes.subarray(head, head + length));
  for (let at = 0; at < length; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return { last: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size: head + length };
}

function frame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 4 : 2);
  head.writeUInt8(0x80 | opcode, 0);
  head.writeUInt8(long ? 126 : payload.length, 1);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
