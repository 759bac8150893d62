// Headers as Envoy writes them: on requests it passes on, on answers, and on its own replies.
import type { HeaderChanges, Reply } from '../../mesh/decision.ts';
import { addHeader, type Direction } from '../../mesh/repeated-headers.ts';
import type { HttpReply } from '../contract.ts';

export type Headers = Record<string, string>;

export function change(
  headers: Headers,
  changes: readonly HeaderChanges[] | undefined,
  direction: Direction = 'request',
): void {
  for (const { remove, set, add } of changes ?? []) {
    for (const name of remove) delete headers[name];
    for (const [name, value] of set) headers[name] = value;
    for (const [name, value] of add) addHeader(headers, name, value, direction);
  }
}

/** What a program answered, with the headers that any HTTP server adds. A copy: proxies on the way back change it. */
export function fromProgram(reply: HttpReply, now: number): HttpReply {
  const headers: Headers = {};
  for (const name in reply.headers) headers[name.toLowerCase()] = reply.headers[name] ?? '';
  headers.date ??= httpDate(now);
  if (hasLength(reply.status)) headers['content-length'] ??= String(byteLength(reply.body));
  const { status, body, tunnel } = reply;
  return tunnel ? { status, headers, body, tunnel } : { status, headers, body };
}

/** An answer that came from upstream, as the proxy `server` hands it back. Changes the answer it is given. */
export function fromUpstream(reply: HttpReply, server: string, milliseconds: number): HttpReply {
  reply.headers['x-envoy-upstream-service-time'] = String(Math.trunc(milliseconds));
  // The server's proxy told it to this one.
  delete reply.headers['x-envoy-decorator-operation'];
  reply.headers.server = server;
  return reply;
}

/** A proxy's own answer; Envoy puts the length before the type when there is a body and last when there is none. */
export function localReply(
  { status, headers, body }: Pick<Reply, 'status' | 'headers' | 'body'>,
  server: string,
  now: number,
): HttpReply {
  const date = httpDate(now);
  if (!hasLength(status)) return { status, headers: { ...headers, date, server }, body: '' };
  if (body === '') return { status, headers: { ...headers, date, server, 'content-length': '0' }, body };
  const { 'content-type': type = 'text/plain', ...rest } = headers;
  return {
    status,
    headers: { ...rest, 'content-length': String(byteLength(body)), 'content-type': type, date, server },
    body,
  };
}

/** Answers that never have a body say no length (RFC 9110, 8.6). */
function hasLength(status: number): boolean {
  return status !== 204 && status >= 200;
}

export function byteLength(body: string | Uint8Array | undefined): number {
  if (body === undefined) return 0;
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}

let dateSecond = -1;
let dateText = '';

/** Written once a second, as HTTP servers do. */
export function httpDate(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1000).toUTCString();
  }
  return dateText;
}

/** A UUID of version 4, as yet without the mark of its trace (src/simulator/telemetry/tracing/tracer.ts). */
export function requestId(random: () => number): string {
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [a, b, c, d] = [hex(), hex(), hex(), hex()];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${'89ab'[Math.floor(random() * 4)] ?? '8'}${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** About as many bytes as the request has on the wire, for proxies that only count them. */
export function wireSize(line: string, headers: Readonly<Headers>, body: string | Uint8Array | undefined): number {
  let size = line.length + 4 + byteLength(body);
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0) + 4;
  return size;
}

export function protocolOf(headers: Readonly<Headers>): 'http' | 'grpc' {
  return headers['content-type']?.startsWith('application/grpc') ? 'grpc' : 'http';
}
