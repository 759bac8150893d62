// A request as a client writes it, of which Node has read the head.
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Duplex } from 'node:stream';
import { addHeader } from '../../../mesh/repeated-headers.ts';
import type { HttpRequest } from '../../contract.ts';

export type Message = IncomingMessage | Http2ServerRequest;

const LARGEST_BODY = 1024 * 1024;

export function requestOf(message: Message, body: Uint8Array | undefined): HttpRequest {
  const headers = headersOf(message);
  const url = message.url ?? '/';
  // A client that thinks it speaks to a proxy sends the whole URL, and its host counts.
  const absolute = url.startsWith('/') ? undefined : /^[a-z]+:\/\/([^/?]*)(.*)$/i.exec(url);
  const authority = absolute?.[1] ?? String(message.headers[':authority'] ?? message.headers.host ?? '');
  return {
    method: message.method ?? 'GET',
    path: absolute ? absolute[2] || '/' : url,
    authority,
    headers,
    ...(body && { body }),
  };
}

/** Node joins or drops what comes twice: such requests are read as they were written. */
function headersOf({ headers: given, rawHeaders }: Message): Record<string, string> {
  const headers: Record<string, string> = {};
  let count = 0;
  for (const name in given) {
    count++;
    const value = given[name];
    if (typeof value === 'string' && isKept(name)) headers[name] = value;
  }
  return 2 * count === rawHeaders.length ? headers : repeatedHeadersOf(rawHeaders);
}

function repeatedHeadersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (isKept(name)) addHeader(headers, name, raw[at + 1] ?? '', 'request');
  }
  return headers;
}

const isKept = (name: string) => !HOP_BY_HOP.has(name) && !name.startsWith(':');

/** Headers of a connection, not of what it carries. */
export const HOP_BY_HOP = new Set([
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

export function hasBody(message: Message): boolean {
  const { headers } = message;
  if (message.httpVersionMajor === 2) return message.method !== 'GET' && message.method !== 'HEAD';
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Rejects when the client goes away in the middle. */
export function readBody(message: Message): Promise<Uint8Array | 'too-large'> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) chunks.push(chunk);
      else resolve('too-large');
    });
    message.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    message.once('close', () => reject(new Error('the client is gone')));
    message.once('error', reject);
  });
}

/** What follows the head of a request that wants another protocol. Only a length says that there is a body. Rejects when the client goes away in the middle. */
export function bodyAfter(
  head: Buffer,
  { headers }: IncomingMessage,
  socket: Duplex,
): Promise<Uint8Array | 'too-large' | undefined> {
  const length = Number(headers['content-length'] ?? 0);
  if (length > LARGEST_BODY) return Promise.resolve('too-large');
  if (length === 0) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    let bytes = head;
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < length) return;
      socket.off('data', read);
      socket.pause();
      resolve(bytes.subarray(0, length));
    };
    socket.once('close', () => reject(new Error('the client is gone')));
    socket.on('data', read);
    read(Buffer.alloc(0));
  });
}
