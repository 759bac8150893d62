// Lists in chunks: the rest of a list waits here, as it was when its first chunk was read. Objects are never changed in
// place, so a waiting list costs an array of references.
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../../mesh/objects.ts';
import { badRequest, gone } from '../errors.ts';
import { goJsonError } from './go-json-error.ts';

export interface Remainder {
  items: KubeObject[];
  resourceVersion: string;
}

export interface Continuations {
  /** Returns the token that a client continues with. */
  keep(remainder: Remainder): string;
  /** A token may be used again: a client may repeat a request. Throws 400 and 410. */
  find(token: string): Remainder;
}

/** As long as etcd keeps old revisions on a real cluster. */
const lifetime = 5 * 60 * 1000;
const most = 64;

export function createContinuations(now: () => number): Continuations {
  const kept = new Map<string, Remainder & { expires: number }>();
  return {
    keep(remainder) {
      const id = randomUUID();
      kept.set(id, { ...remainder, expires: now() + lifetime });
      for (const [old, { expires }] of kept) if (kept.size > most || expires < now()) kept.delete(old);
      return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: remainder.resourceVersion, id })).toString(
        'base64url',
      );
    },
    find(token) {
      const found = kept.get(idOf(token));
      if (found && found.expires >= now()) return found;
      throw gone(
        'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
      );
    },
  };
}

function idOf(token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const text = bytes.toString('latin1');
  try {
    const { id } = JSON.parse(text);
    if (typeof id === 'string') return id;
  } catch {
    throw badRequest(`invalid continue token: continue key is not valid: ${goJsonError(text)}`);
  }
  throw badRequest(
    'invalid continue token: continue key is not valid: server does not recognize this encoded version ""',
  );
}
