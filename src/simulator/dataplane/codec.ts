// What Envoy's HTTP/1 codec says of a request that comes as data: the clients are programs inside simulated pods, whose
// bytes nobody writes. Seen on a real sidecar; for real connections see ports/http-front.ts.
import { METHODS } from 'node:http';
import type { HttpReply, HttpRequest } from '../contract.ts';
import { localReply } from './headers.ts';
import { LARGEST_HEAD } from './ports/http-front.ts';
import { HEADERS_TOO_LARGE, LOW_VERSION, NOT_HTTP, type Refusal, TOO_MANY_HEADERS } from './ports/refusals.ts';

const MOST_HEADERS = 100;
const methods = new Set(METHODS);
const TARGET = /^(\/|[a-z]+:\/\/|\*$)/i;

/** Undefined: it is read. */
export function codecRefusal(request: HttpRequest): Refusal | undefined {
  const { method, path, authority, headers } = request;
  if (!methods.has(method) || method === 'CONNECT') return NOT_HTTP;
  if (/\s/.test(authority)) return NOT_HTTP;
  const length = headers['content-length'];
  if (length !== undefined && !/^\d+$/.test(length)) return NOT_HTTP;
  const oversized = headRefusal(path, headers);
  if (oversized) return oversized;
  if (request.version === 'HTTP/1.0') return LOW_VERSION;
  return TARGET.test(path) ? undefined : BAD_TARGET;
}

function headRefusal(path: string, headers: Readonly<Record<string, string>>): Refusal | undefined {
  let [size, count] = [path.length, 0];
  for (const name in headers) {
    count++;
    size += name.length + (headers[name]?.length ?? 0);
  }
  if (size > LARGEST_HEAD) return HEADERS_TOO_LARGE;
  return count > MOST_HEADERS ? TOO_MANY_HEADERS : undefined;
}

const BAD_TARGET: Refusal = { ...NOT_HTTP, details: 'http1.invalid_url' };

/** A codec that could not read the request has no server name of its own yet; the connection ends. */
export function refusalReply(refusal: Refusal, now: number): HttpReply {
  const read = refusal === LOW_VERSION || refusal === BAD_TARGET;
  const headers = { connection: 'close' };
  return localReply({ status: refusal.status, headers, body: refusal.body }, read ? 'istio-envoy' : 'envoy', now);
}

/** A client that thinks it speaks to a proxy sends the whole URL, and its host counts. */
export function withOriginForm(request: HttpRequest): HttpRequest {
  if (request.path.startsWith('/')) return request;
  const [, authority, rest] = /^[a-z]+:\/\/([^/?#]*)(.*)$/i.exec(request.path) ?? [];
  if (authority === undefined) return request;
  const connectTo = request.connectTo ?? request.authority;
  return { ...request, path: rest?.startsWith('/') ? rest : `/${rest ?? ''}`, authority, connectTo };
}
