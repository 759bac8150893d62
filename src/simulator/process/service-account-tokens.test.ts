import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { issueCertificate } from './pki/certificate.ts';
import { createServiceAccountTokens } from './service-account-tokens.ts';

const now = Date.parse('2026-11-21T08:00:00Z');
const validity = { notBefore: new Date(now), notAfter: new Date(now + 1e9) };
const { key } = issueCertificate({ commonName: 'a', use: 'ca', ...validity });
const account: KubeObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'robot', namespace: 'shop', uid: 'u1' },
};

function tokens(over: { key?: string; now?: number; account?: KubeObject } = {}) {
  return createServiceAccountTokens({
    key: over.key ?? key,
    now: () => over.now ?? now,
    find: () => over.account ?? account,
  });
}

const token = tokens().issue(account, ['api'], now + 3_600_000);

test('a token names its account and its groups', () => {
  expect(tokens().verify(token)).toEqual({
    name: 'system:serviceaccount:shop:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
  });
});

test('a token that ended, was changed, was signed by another key or outlived its account is not known', () => {
  const other = issueCertificate({ commonName: 'b', use: 'ca', ...validity }).key;
  const [header, , signature] = token.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'system:admin' })).toString('base64url');
  expect(tokens({ now: now + 3_700_000 }).verify(token)).toBeUndefined();
  expect(tokens({ key: other }).verify(token)).toBeUndefined();
  expect(tokens().verify(`${header}.${claims}.${signature}`)).toBeUndefined();
  expect(tokens().verify('a.b.c')).toBeUndefined();
  expect(tokens().verify('rubbish')).toBeUndefined();
  const reborn = { ...account, metadata: { ...account.metadata, uid: 'u2' } };
  expect(tokens({ account: reborn }).verify(token)).toBeUndefined();
});

test('an identity is only given for the audience that the token was made for', () => {
  const identity = 'spiffe://cluster.local/ns/shop/sa/robot';
  expect(tokens().identityOf(token, 'api')).toBe(identity);
  expect(tokens().identityOf(token, 'istio-ca')).toBeUndefined();
  expect(tokens({ now: now + 3_700_000 }).identityOf(token, 'api')).toBeUndefined();
  expect(tokens().identityOf('rubbish', 'api')).toBeUndefined();
});
