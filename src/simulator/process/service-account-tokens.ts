// Tokens of service accounts: JWTs signed with a key of the cluster.
import { createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import type { KubeObject } from '../../mesh/objects.ts';
import { serviceAccountGroups } from '../api/http/impersonation.ts';
import type { User } from '../api/http/request.ts';

export interface ServiceAccountTokens {
  issue(account: KubeObject, audiences: string[], expires: number): string;
  /** Undefined unless the signature is ours, the time right and the account still the same one. */
  verify(token: string): User | undefined;
  /** SPIFFE identity of a good token that was made for the audience. */
  identityOf(token: string, audience: string): string | undefined;
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

interface Claims {
  aud: string[];
  exp: number;
  iat: number;
  iss: string;
  jti: string;
  nbf: number;
  sub: string;
  'kubernetes.io': { namespace: string; serviceaccount: { name: string; uid: string } };
}

export function createServiceAccountTokens(options: {
  /** PEM of a P-256 private key. */
  key: string;
  now(): number;
  find(namespace: string, name: string): KubeObject | undefined;
}): ServiceAccountTokens {
  const publicKey = createPublicKey(options.key);
  return {
    issue(account, audiences, expires) {
      const { name, namespace = '', uid = '' } = account.metadata;
      const now = Math.floor(options.now() / 1000);
      const claims: Claims = {
        aud: audiences,
        exp: Math.floor(expires / 1000),
        iat: now,
        iss: issuer,
        jti: randomUUID(),
        nbf: now,
        sub: `system:serviceaccount:${namespace}:${name}`,
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      };
      const text = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`;
      const signature = sign('sha256', Buffer.from(text), { key: options.key, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
    verify(token) {
      const claims = claimsOf(token);
      return claims && { name: claims.sub, groups: [...serviceAccountGroups(claims.sub), 'system:authenticated'] };
    },
    identityOf(token, audience) {
      const claims = claimsOf(token);
      if (!claims?.aud.includes(audience)) return undefined;
      const { namespace, serviceaccount } = claims['kubernetes.io'];
      return `spiffe://cluster.local/ns/${namespace}/sa/${serviceaccount.name}`;
    },
  };

  /** Undefined: not good. */
  function claimsOf(token: string): Claims | undefined {
    const [header, body, signature, more] = token.split('.');
    if (!header || !body || !signature || more !== undefined) return undefined;
    const signed = verify(
      'sha256',
      Buffer.from(`${header}.${body}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!signed) return undefined;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
    const { namespace, serviceaccount } = claims['kubernetes.io'];
    const account = options.find(namespace, serviceaccount.name);
    const good = claims.exp * 1000 >= options.now() && account?.metadata.uid === serviceaccount.uid;
    return good ? claims : undefined;
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
