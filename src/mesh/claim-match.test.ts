import { expect, test } from 'vitest';
import { claimNamed } from './claim-match.ts';
import type { Claims } from './engine.ts';
import { always, bookinfo, engineOf, get, INGRESS, openGateway, SIDECAR, virtualService } from './fixtures.ts';

const rules = (headers: unknown, field = 'headers') =>
  virtualService('claims', {
    hosts: ['*'],
    gateways: ['bookinfo-gateway'],
    http: [{ match: [{ [field]: headers }], directResponse: { status: 299 } }, { directResponse: { status: 298 } }],
  });

function status(headers: unknown, claims?: Claims, field?: string): unknown {
  const { outcome } = engineOf(...bookinfo(), openGateway(), rules(headers, field)).decide(
    INGRESS,
    get('http://x:8080/', claims && { claims }),
    always(0),
  );
  return outcome.kind === 'reply' ? outcome.status : outcome.kind;
}

test('a claim is named with dots or brackets, and a header is no claim', () => {
  expect(claimNamed('@request.auth.claims.sub')).toEqual(['sub']);
  expect(claimNamed('@request.auth.claims.a.b')).toEqual(['a', 'b']);
  expect(claimNamed('@request.auth.claims[https://x.example/role][b]')).toEqual(['https://x.example/role', 'b']);
  for (const name of ['@request.auth.claims', '@request.auth.claims.', '@request.auth.claims[a', 'end-user'])
    expect(claimNamed(name)).toBeUndefined();
});

test.each([
  ['exact', { '@request.auth.claims.sub': { exact: 'ana' } }, { sub: 'ana' }, 299],
  ['exact of another', { '@request.auth.claims.sub': { exact: 'ana' } }, { sub: 'eva' }, 298],
  ['prefix', { '@request.auth.claims.sub': { prefix: 'a' } }, { sub: 'ana' }, 299],
  ['regex', { '@request.auth.claims.sub': { regex: 'a.a' } }, { sub: 'ana' }, 299],
  ['a member of a list', { '@request.auth.claims.groups': { exact: 'b' } }, { groups: ['a', 'b'] }, 299],
  ['none of a list', { '@request.auth.claims.groups': { exact: 'c' } }, { groups: ['a', 'b'] }, 298],
  ['nested', { '@request.auth.claims.realm.role': { exact: 'admin' } }, { realm: { role: 'admin' } }, 299],
  ['nested, not there', { '@request.auth.claims.realm.role': { exact: 'admin' } }, { realm: 'admin' }, 298],
  ['a name of Object', { '@request.auth.claims.constructor': { regex: '*' } }, {}, 298],
  ['two, one of them missing', { '@request.auth.claims.a': { exact: '1' }, b: { exact: '2' } }, { a: '1' }, 298],
])('%s', (_, headers, claims, expected) => {
  expect(status(headers, claims)).toBe(expected);
});

test('without a token no claim matches, and withoutHeaders does', () => {
  const wanted = { '@request.auth.claims.sub': { exact: 'ana' } };
  expect(status(wanted)).toBe(298);
  expect(status(wanted, undefined, 'withoutHeaders')).toBe(299);
  expect(status(wanted, { sub: 'ana' }, 'withoutHeaders')).toBe(298);
});

test('a sidecar knows nothing of claims', () => {
  const inMesh = virtualService('claims', {
    hosts: ['reviews'],
    http: [
      { match: [{ headers: { '@request.auth.claims.sub': { exact: 'ana' } } }], directResponse: { status: 299 } },
      { directResponse: { status: 298 } },
    ],
  });
  const request = get('http://reviews:9080/', {
    claims: { sub: 'ana' },
    headers: { '@request.auth.claims.sub': 'ana' },
  });
  expect(engineOf(...bookinfo(), inMesh).decide(SIDECAR, request, always(0)).outcome).toMatchObject({ status: 298 });
});
