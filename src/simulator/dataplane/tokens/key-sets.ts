// The keys that a rule trusts: written in it, or fetched from where it says, and kept for as long as Istio keeps them.
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { TokenRule } from '../../../mesh/engine.ts';

/** The answer's body. Rejects when there is none: only addresses inside the cluster and on loopback can be asked. */
export type FetchKeys = (url: string) => Promise<string>;

export interface KeySets {
  /** Undefined: the keys cannot be had. */
  of(rule: TokenRule): Promise<JWTVerifyGetKey | undefined>;
}

export interface KeySetsOptions {
  fetchKeys: FetchKeys;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** istiod refreshes keys every 20 minutes, and asks again sooner for those that it could not have. */
const KEPT = 20 * 60_000;
const KEPT_FAILURE = 10_000;
const MOST = 200;

export function createKeySets({ fetchKeys, now }: KeySetsOptions): KeySets {
  const written = new Map<string, JWTVerifyGetKey | undefined>();
  const fetched = new Map<string, { until: number; keys: Promise<JWTVerifyGetKey | undefined> }>();

  function fetchedFrom(url: string): Promise<JWTVerifyGetKey | undefined> {
    const known = fetched.get(url);
    if (known && known.until > now()) return known.keys;
    if (fetched.size >= MOST) fetched.clear();
    const entry = { until: now() + KEPT, keys: fetchKeys(url).then(readKeys, () => undefined) };
    fetched.set(url, entry);
    void entry.keys.then((keys) => {
      if (!keys) entry.until = now() + KEPT_FAILURE;
    });
    return entry.keys;
  }

  return {
    async of({ jwks, jwksUri }) {
      if (jwks === undefined) return jwksUri === undefined ? undefined : fetchedFrom(jwksUri);
      if (!written.has(jwks)) {
        if (written.size >= MOST) written.clear();
        written.set(jwks, readKeys(jwks));
      }
      return written.get(jwks);
    },
  };
}

function readKeys(text: string): JWTVerifyGetKey | undefined {
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  } catch {
    return undefined;
  }
}
