import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TokenRule } from '../../../mesh/engine.ts';
import { createTokenVerifier, type TokenVerifier } from './verify.ts';

const now = Date.UTC(2026, 2, 1);
const seconds = now / 1000;
const [own, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'RS256' }] });
const source = { kind: 'RequestAuthentication', namespace: 'default', name: 'fid', path: 'spec.jwtRules[0]' };

function rule(extra: Partial<TokenRule> = {}): TokenRule {
  return {
    source,
    issuer: 'fid@example.com',
    audiences: [],
    jwks,
    fromHeaders: [{ name: 'authorization', prefix: 'Bearer ' }],
    fromParams: ['access_token'],
    fromCookies: [],
    forwardOriginalToken: false,
    outputClaimToHeaders: [],
    ...extra,
  };
}

interface Signing {
  key?: CryptoKey;
  kid?: string;
}

function sign(claims: JWTPayload = {}, { key = own.privateKey, kid = 'k1' }: Signing = {}): Promise<string> {
  const payload = { iss: 'fid@example.com', sub: 'ana', exp: seconds + 3600, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', ...(kid && { kid }) }).sign(key);
}

let verifier: TokenVerifier;
let asked: string[];
let keys: string;
let clock: number;

beforeEach(() => {
  asked = [];
  keys = jwks;
  clock = now;
  verifier = createTokenVerifier({
    now: () => clock,
    async fetchKeys(url) {
      asked.push(url);
      if (url.includes('gone')) throw new Error('unreachable');
      return keys;
    },
  });
});

function request(headers: Record<string, string> = {}, path = '/headers', method = 'GET') {
  return { method, path, authority: 'httpbin:8000', headers };
}

async function problem(token: string, rules = [rule()]): Promise<string | undefined> {
  const outcome = await verifier.verify(rules, request({ authorization: `Bearer ${token}` }));
  return outcome.kind === 'invalid' ? outcome.body : undefined;
}

describe('a token', () => {
  test('that is good is taken out of the request, and its claims are known', async () => {
    const asking = request({ authorization: `Bearer ${await sign({ groups: ['a'] })}` });
    expect(await verifier.verify([rule()], asking)).toMatchObject({
      kind: 'valid',
      issuer: 'fid@example.com',
      subject: 'ana',
      claims: { groups: ['a'] },
    });
    expect(asking.headers).toEqual({});
  });

  test('that is missing, or is no Bearer, is none', async () => {
    const nothing: Record<string, string>[] = [{}, { authorization: 'Basic dTpw' }, { authorization: 'Bearer ' }];
    for (const headers of nothing) expect(await verifier.verify([rule()], request(headers))).toEqual({ kind: 'none' });
  });

  test('that is bad says why, with Envoy’s words', async () => {
    expect(await problem('basura')).toBe(
      'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections',
    );
    expect(await problem('a.b.c')).toBe('Jwt header is an invalid Base64url encoded');
    expect(await problem(await sign({ exp: seconds - 100 }))).toBe('Jwt is expired');
    expect(await problem(await sign({ nbf: seconds + 100 }))).toBe('Jwt not yet valid');
    expect(await problem(await sign({ iss: 'otro' }))).toBe('Jwt issuer is not configured');
    expect(await problem(await sign({}, { key: other.privateKey }))).toBe('Jwt verification fails');
    expect(await problem(await sign({}, { kid: 'k9' }))).toBe("Jwks doesn't have key to match kid or alg from Jwt");
    const good = await sign();
    expect(await problem(`${good.slice(0, -8)}AAAAAAAA`)).toBe('Jwt verification fails');
  });

  test('without a key id is tried with each key', async () => {
    expect(await problem(await sign({}, { kid: '' }))).toBeUndefined();
  });

  test('for another audience is refused; with scheme and slash it is the same audience', async () => {
    const rules = [rule({ audiences: ['https://tienda.example/'] })];
    expect(await problem(await sign({ aud: 'otra' }), rules)).toBe('Audiences in Jwt are not allowed');
    expect(await problem(await sign(), rules)).toBe('Audiences in Jwt are not allowed');
    expect(await problem(await sign({ aud: ['tienda.example'] }), rules)).toBeUndefined();
  });

  test('that was good once is looked at again for its time', async () => {
    let time = now;
    verifier = createTokenVerifier({ now: () => time, fetchKeys: () => Promise.reject(new Error('no')) });
    const token = await sign({ exp: seconds + 10 });
    expect(await problem(token)).toBeUndefined();
    time += 200_000;
    expect(await problem(token)).toBe('Jwt is expired');
  });
});

test('tokens are found in headers, parameters and cookies, and only where the rule says', async () => {
  const token = await sign();
  const places = rule({ fromHeaders: [{ name: 'x-token', prefix: 'Fid ' }], fromParams: ['tok'], fromCookies: ['t'] });
  const kinds = async (headers: Record<string, string>, path?: string) =>
    (await verifier.verify([places], request(headers, path))).kind;
  expect(await kinds({ 'x-token': `Fid ${token}` })).toBe('valid');
  expect(await kinds({ cookie: `a=b; t=${token}` })).toBe('valid');
  expect(await kinds({}, `/x?tok=${token}`)).toBe('valid');
  expect(await kinds({ authorization: `Bearer ${token}` })).toBe('none');
});

test('a parameter is taken out, and its neighbours stay', async () => {
  const asking = request({}, `/get?a=1&access_token=${await sign()}&b=2`);
  await verifier.verify([rule()], asking);
  expect(asking.path).toBe('/get?a=1&b=2');
});

test('claims go into headers, and what a client wrote there does not stay', async () => {
  const outputs = rule({
    forwardOriginalToken: true,
    outputPayloadToHeader: 'x-payload',
    outputClaimToHeaders: [
      { header: 'x-sub', claim: 'sub' },
      { header: 'x-none', claim: 'nothing' },
    ],
  });
  const asking = request({ authorization: `Bearer ${await sign()}`, 'x-none': 'mine' });
  await verifier.verify([outputs], asking);
  expect(asking.headers).toMatchObject({ 'x-sub': 'ana', authorization: expect.stringContaining('Bearer ') });
  expect(asking.headers['x-none']).toBeUndefined();
  expect(JSON.parse(Buffer.from(asking.headers['x-payload'] ?? '', 'base64url').toString())).toMatchObject({
    sub: 'ana',
  });
});

test('of several rules, that of the issuer judges', async () => {
  const stranger = rule({ issuer: 'otro', jwks: '{"keys":[]}' });
  expect(await problem(await sign(), [stranger, rule()])).toBeUndefined();
});

test('keys are fetched once; when they cannot be had nobody is let in', async () => {
  const { jwks: _written, ...rest } = rule();
  const from = (jwksUri: string): TokenRule => ({ ...rest, jwksUri });
  expect(await problem(await sign(), [from('http://claves.default/jwks')])).toBeUndefined();
  expect(await problem(await sign({ sub: 'eva' }), [from('http://claves.default/jwks')])).toBeUndefined();
  expect(asked).toEqual(['http://claves.default/jwks']);
  expect(await problem(await sign(), [from('http://gone/')])).toBe(
    "Jwks doesn't have key to match kid or alg from Jwt",
  );
});

test('what other keys said of a token does not stand when the keys are fetched again', async () => {
  const { jwks: _written, ...rest } = rule();
  const fetched: TokenRule[] = [{ ...rest, jwksUri: 'http://claves.default/jwks' }];
  const token = await sign({}, { key: other.privateKey, kid: 'k2' });
  expect(await problem(token, fetched)).toBe("Jwks doesn't have key to match kid or alg from Jwt");
  keys = JSON.stringify({ keys: [{ ...(await exportJWK(other.publicKey)), kid: 'k2', alg: 'RS256' }] });
  clock += 21 * 60_000;
  expect(await problem(token, fetched)).toBeUndefined();
  expect(await problem(await sign(), fetched)).toBe("Jwks doesn't have key to match kid or alg from Jwt");
});

test('strings that the rule calls lists are lists for policies, and the program gets the payload as it came', async () => {
  const claims = { permisos: 'leer escribir', login: { scope: 'a b' }, otros: 'c d' };
  const token = await sign(claims);
  const asking = request({ authorization: `Bearer ${token}` });
  const spaced = ['permisos', 'login.scope', 'no.esta', '__proto__.x'];
  const outcome = await verifier.verify(
    [rule({ spaceDelimitedClaims: spaced, outputPayloadToHeader: 'x-payload' })],
    asking,
  );
  expect(outcome).toMatchObject({
    claims: { permisos: ['leer', 'escribir'], login: { scope: ['a', 'b'] }, otros: 'c d' },
  });
  expect(asking.headers['x-payload']).toBe(token.split('.')[1]);
});

test('a preflight of a browser has no token to show', async () => {
  const headers = { origin: 'http://a', 'access-control-request-method': 'GET', authorization: 'Bearer basura' };
  expect((await verifier.verify([rule()], request(headers, '/', 'OPTIONS'))).kind).toBe('none');
});

test('whatever comes as a token, there is an outcome', async () => {
  for (const token of [
    '..',
    '.',
    'e30.e30.e30',
    `${'a'.repeat(100_000)}.b.c`,
    'eyJhbGciOiJub25lIn0.e30.',
    '\u0000.x.y',
  ])
    expect(await problem(token)).toMatch(/^Jw/);
});
