// Who may speak to istiod's xDS ports: who brings a token of a service account, made for istiod. What is said to the others are a real
// istiod's own words.
import type { IncomingHttpHeaders } from 'node:http2';
import { type Field, readFields } from './wire.ts';

export interface Refused {
  code: number;
  message: string;
}

/** SPIFFE identity of a token's account; undefined: the token is not good, or not for this audience. */
export type IdentityOf = (token: string, audience: string) => string | undefined;

const AUDIENCE = 'istio-ca';
const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;

/** Plain text proves nothing, whatever it brings. */
export const WITHOUT_TLS: Refused = { code: UNAUTHENTICATED, message: 'authentication required' };

export function authenticate(
  { authorization = '' }: IncomingHttpHeaders,
  identityOf: IdentityOf,
): { identity: string } | Refused {
  const [, token] = /^Bearer (.+)$/.exec(authorization) ?? [];
  const identity = token === undefined ? undefined : identityOf(token, AUDIENCE);
  return identity === undefined ? { code: UNAUTHENTICATED, message: 'authentication failure' } : { identity };
}

/** A proxy may only ask for itself: its node's namespace is its token's. `message`: a DiscoveryRequest. */
export function authorize(identity: string, message: Uint8Array): Refused | undefined {
  const id = nodeOf(message);
  const [kind = '', , name = ''] = id.split('~');
  if (kind !== 'sidecar' && kind !== 'router') return undefined;
  const namespace = name.slice(name.lastIndexOf('.') + 1);
  if (identity.includes(`/ns/${namespace}/sa/`)) return undefined;
  const text = `authorization failed: no identities ([${identity}]) matched ${namespace}/`;
  return { code: PERMISSION_DENIED, message: text };
}

function nodeOf(message: Uint8Array): string {
  const node = readFields(message).find(({ number }: Field) => number === 2);
  const id = node && readFields(node.bytes).find(({ number }) => number === 1);
  return id?.bytes.toString() ?? '';
}
