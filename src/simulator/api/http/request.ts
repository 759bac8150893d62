// A request and its answer without a port in sight, so that tests call the API as a function.
import type { Upgrade } from './streams/offered.ts';

export interface ApiRequest {
  method: string;
  /** As on the request line: escapes not decoded, no query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  body: Uint8Array;
  user: User;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

export interface User {
  name: string;
  groups: string[];
}

/** Text, or the same as UTF-8. */
export type Piece = string | Uint8Array;

export interface ApiReply {
  status: number;
  headers: Record<string, string | string[]>;
  /** What is iterable is sent as it comes, until it ends or the client goes away. */
  body: Piece | readonly Piece[] | Generator<Piece> | AsyncIterable<string>;
  /** The revision of the newest write that it tells of, where that is known. */
  tells?: number;
  /** The client gets a connection for streams instead, once it asks for one; `status` and `body` are for who does not. */
  upgrade?: Upgrade;
}

export function jsonReply(value: unknown, status = 200, headers: ApiReply['headers'] = {}): ApiReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: `${JSON.stringify(value)}\n` };
}

export function textReply(text: string, status = 200): ApiReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}
