// Lists in chunks: the rest of a list waits here, as it was when its first chunk was read. Objects are never changed in
// place, so a waiting list costs an array of references.
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ApiError, badRequest } from '../errors.ts';
import { goJsonError } from './go-json-error.ts';

export interface Remainder {
  items: KubeObject[];
  resourceVersion: string;
}

/** What to continue with: what is left of a list, or, of one that is forgotten, the key after which to list anew. */
export type Continued = Remainder | { after: string };

export interface Continuations {
  /** Returns the token that a client continues with. `last` is the object that the list has come to. */
  keep(remainder: Remainder, last: KubeObject | undefined): string;
  /** A token may be used again: a client may repeat a request. Throws 400, and 410 with a token that still serves. */
  find(token: string): Continued;
}

/** As long as etcd keeps old revisions on a real cluster. */
const lifetime = 5 * 60 * 1000;
const most = 64;
const version = 'meta.k8s.io/v1';

/** `compacted` is told the revision of a list that is forgotten. */
export function createContinuations(now: () => number, compacted: (revision: number) => void): Continuations {
  const kept = new Map<string, Remainder & { expires: number }>();
  return {
    keep(remainder, last) {
      const id = randomUUID();
      kept.set(id, { ...remainder, expires: now() + lifetime });
      for (const [old, { expires }] of kept) if (kept.size > most || expires < now()) kept.delete(old);
      return encode({ rv: Number(remainder.resourceVersion), start: last ? listKey(last) : '', id });
    },
    find(token) {
      const { id, rv, start } = decode(token);
      const found = id === undefined ? undefined : kept.get(id);
      if (found && found.expires >= now()) return found;
      if (rv === -1) return { after: start };
      compacted(rv);
      throw expired(start);
    },
  };
}

/** By which lists are sorted. */
export function listKey({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

interface Token {
  /** -1: of whatever there is now. */
  rv: number;
  start: string;
  id?: string;
}

function encode(token: Token): string {
  return Buffer.from(JSON.stringify({ v: version, ...token })).toString('base64url');
}

function decode(token: string): Token {
  const bytes = Buffer.from(token, 'base64url');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest(`invalid continue token: continue key is not valid: ${goJsonError(bytes.toString('latin1'))}`);
  }
  const { v = '', rv, start, id } = (value ?? {}) as Partial<Record<keyof Token | 'v', unknown>>;
  if (v !== version || typeof rv !== 'number' || typeof start !== 'string')
    throw badRequest(
      `invalid continue token: continue key is not valid: server does not recognize this encoded version ${JSON.stringify(v)}`,
    );
  return { rv, start, ...(typeof id === 'string' && { id }) };
}

function expired(start: string): ApiError {
  return new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    undefined,
    { continue: encode({ rv: -1, start }) },
  );
}
