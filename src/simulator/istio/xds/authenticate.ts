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

/** Who asks may only ask for its own account and namespace, as its node says them. `message`: a DiscoveryRequest. */
export function authorize(identity: string, message: Uint8Array): Refused | undefined {
  const { namespace, account } = nodeOf(message);
  const [, ownNamespace, ownAccount] = /\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(identity) ?? [];
  if ((namespace === '' || namespace === ownNamespace) && (account === '' || account === ownAccount)) return undefined;
  const text = `authorization failed: no identities ([${identity}]) matched ${namespace}/${account}`;
  return { code: PERMISSION_DENIED, message: text };
}

/** Metadata comes first; without it the namespace stands in the domain of the id. Later messages have no node. */
function nodeOf(message: Uint8Array): { namespace: string; account: string } {
  const node = fieldOf(message, 2);
  const metadata = textsOf(node && fieldOf(node, 3));
  const [, , , domain = ''] = (node && fieldOf(node, 1)?.toString())?.split('~') ?? [];
  const [first = '', ...rest] = domain.split('.');
  return {
    namespace: metadata.get('NAMESPACE') || (rest.length > 0 ? first : ''),
    account: metadata.get('SERVICE_ACCOUNT') ?? '',
  };
}

/** Texts of a google.protobuf.Struct. */
function textsOf(struct: Uint8Array | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { number, bytes } of struct ? readFields(struct) : []) {
    if (number !== 1) continue;
    const value = fieldOf(bytes, 2);
    const text = value && fieldOf(value, 3);
    if (text) texts.set(fieldOf(bytes, 1)?.toString() ?? '', text.toString());
  }
  return texts;
}

function fieldOf(message: Uint8Array, wanted: number): Buffer | undefined {
  return readFields(message).findLast(({ number }: Field) => number === wanted)?.bytes;
}
