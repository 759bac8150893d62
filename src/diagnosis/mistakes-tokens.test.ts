// Typical mistakes about tokens: how a healthy world is broken, what a request gets, and the first broken link.
import { testRows } from './mistakes.fixture.ts';
import {
  type Asked,
  allow,
  bearer,
  denied,
  deny,
  forbidden,
  from,
  issuer,
  keysOf,
  of,
  ok,
  refusedToken,
  row,
  tokens,
} from './security.fixture.ts';

const claim = (key: string, values: string[]): object => ({ when: [{ key, values }] });
const anyToken = from({ requestPrincipals: [`${issuer}/*`] });
const withToken: Asked = { headers: bearer() };
const bad: Asked = { headers: bearer(), expected: { status: 401 } };

testRows({
  'tokens that should be refused': [
    row('nobody looks', [], ok, bad, 'MALLA-JWT-01'),
    row(
      'in another namespace',
      [tokens({}, of('httpbin'), 'fuera')],
      ok,
      bad,
      'MALLA-JWT-02',
      'RequestAuthentication acceso metadata.namespace',
    ),
    row(
      'the selector',
      [tokens({}, of('http-bin'))],
      ok,
      bad,
      'MALLA-JWT-03',
      'RequestAuthentication acceso spec.selector.matchLabels',
    ),
    row(
      'another header',
      [tokens({ fromHeaders: [{ name: 'x-token' }] })],
      ok,
      bad,
      'MALLA-JWT-08',
      'RequestAuthentication acceso spec.jwtRules[0].fromHeaders',
    ),
    row('nobody asks for one', [tokens()], ok, forbidden, 'MALLA-JWT-09', 'RequestAuthentication acceso'),
  ],
  'tokens that should be taken': [
    row(
      'the issuer',
      [tokens({ issuer: `${issuer}/` })],
      refusedToken('Jwt issuer is not configured'),
      withToken,
      'MALLA-JWT-04',
      'RequestAuthentication acceso spec.jwtRules[0].issuer',
    ),
    row(
      'the keys',
      [tokens({ jwks: keysOf('foreign') })],
      refusedToken('Jwt verification fails'),
      withToken,
      'MALLA-JWT-05',
      'RequestAuthentication acceso spec.jwtRules[0].jwks',
    ),
    row(
      'the audience',
      [tokens({ audiences: ['tienda'] })],
      { status: 403, body: 'Audiences in Jwt are not allowed' },
      withToken,
      'MALLA-JWT-06',
      'RequestAuthentication acceso spec.jwtRules[0].audiences',
    ),
    row('a token that has expired', [tokens()], refusedToken('Jwt is expired'), withToken, 'MALLA-JWT-07'),
    row(
      'half a token',
      [tokens()],
      refusedToken('Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'),
      withToken,
      'MALLA-JWT-10',
    ),
    row(
      'keys that cannot be fetched',
      [tokens({ jwks: undefined, jwksUri: 'https://nadie.example/keys' })],
      refusedToken('Jwks remote fetch is failed'),
      withToken,
      'MALLA-JWT-12',
    ),
    row(
      'the form of the principal',
      [tokens(), allow([from({ requestPrincipals: ['ana'] })])],
      denied,
      withToken,
      'MALLA-JWT-11',
      'AuthorizationPolicy permitir spec.rules[0].from[0].source.requestPrincipals',
    ),
    row('nobody verifies it', [allow([anyToken])], denied, withToken, 'MALLA-JWT-14', 'AuthorizationPolicy permitir'),
    row(
      'the verifier is elsewhere',
      [allow([anyToken]), tokens({}, of('http-bin'))],
      denied,
      withToken,
      'MALLA-JWT-03',
    ),
    row(
      'the name of the claim',
      [tokens(), allow([claim('request.auth.claims[grupos]', ['almacen'])])],
      denied,
      withToken,
      'MALLA-JWT-13',
      'AuthorizationPolicy permitir spec.rules[0].when[0]',
    ),
    row(
      'the value of the claim',
      [tokens(), allow([claim('request.auth.claims[grupo]', ['Almacen'])])],
      denied,
      withToken,
      'MALLA-JWT-13',
    ),
    row('a rule that asks for a token', [tokens(), allow([anyToken])], denied, {}, 'MALLA-JWT-15'),
    row(
      'DENY where ALLOW is meant',
      [tokens(), deny([anyToken])],
      ok,
      forbidden,
      'MALLA-JWT-09',
      'AuthorizationPolicy denegar spec.action',
    ),
  ],
});
