// One line for each field of a rule: something that fits it and something that does not.
import { describe, expect, test } from 'vitest';
import type { InboundConnection, MeshRequest, TokenOutcome } from '../engine.ts';
import { engineOf } from '../fixtures.ts';
import { ana, ask, authz, from, meshed, nobody, operation, other, plain, server, source, when } from './fixtures.ts';

interface Case {
  rule: object;
  holds?: [Partial<MeshRequest>?, InboundConnection?, TokenOutcome?];
  fails?: [Partial<MeshRequest>?, InboundConnection?, TokenOutcome?];
}
const cases: Record<string, Case> = {
  'principals exact': {
    rule: source({ principals: ['cluster.local/ns/default/sa/curl'] }),
    holds: [{}, meshed],
    fails: [{}, other],
  },
  'principals need mutual TLS': { rule: source({ principals: ['*'] }), holds: [{}, meshed], fails: [{}, plain] },
  'principals prefix': {
    rule: source({ principals: ['cluster.local/ns/default/*'] }),
    holds: [{}, meshed],
    fails: [{}, other],
  },
  'principals suffix': { rule: source({ principals: ['*/sa/curl'] }), holds: [{}, meshed], fails: [{}, other] },
  notPrincipals: { rule: source({ notPrincipals: ['*/sa/curl'] }), holds: [{}, plain], fails: [{}, meshed] },
  namespaces: { rule: source({ namespaces: ['default'] }), holds: [{}, meshed], fails: [{}, other] },
  notNamespaces: { rule: source({ notNamespaces: ['default'] }), holds: [{}, plain], fails: [{}, meshed] },
  serviceAccounts: { rule: source({ serviceAccounts: ['default/curl'] }), holds: [{}, meshed], fails: [{}, other] },
  'serviceAccounts of the policy’s namespace': {
    rule: source({ serviceAccounts: ['curl'] }),
    holds: [{}, meshed],
    fails: [{}, { ...plain, principal: 'spiffe://cluster.local/ns/other/sa/curl' }],
  },
  ipBlocks: { rule: source({ ipBlocks: ['10.0.0.0/24'] }), holds: [{}, plain], fails: [{}, from('10.0.1.9')] },
  'ipBlocks one address': { rule: source({ ipBlocks: ['10.0.0.9'] }), holds: [], fails: [{}, from('10.0.0.8')] },
  'ipBlocks version 6': {
    rule: source({ ipBlocks: ['2001:db8::/32'] }),
    holds: [{}, from('2001:db8:1::1')],
    fails: [],
  },
  remoteIpBlocks: {
    rule: source({ remoteIpBlocks: ['203.0.113.0/24'] }),
    holds: [{ headers: { 'x-forwarded-for': '1.1.1.1, 203.0.113.7' } }],
    fails: [{ headers: { 'x-forwarded-for': '203.0.113.7, 1.1.1.1' } }],
  },
  requestPrincipals: {
    rule: source({ requestPrincipals: ['fid@example.com/ana'] }),
    holds: [{}, plain, ana],
    fails: [],
  },
  'requestPrincipals with a star for the subject': {
    rule: source({ requestPrincipals: ['fid@example.com/*'] }),
    holds: [{}, plain, ana],
    fails: [{}, plain, { ...ana, subject: '' }],
  },
  'requestPrincipals with a star for the issuer': {
    rule: source({ requestPrincipals: ['*/ana'] }),
    holds: [{}, plain, ana],
    fails: [{}, plain, { ...ana, subject: 'otra/ana' }],
  },
  'requestPrincipals with a URL for issuer': {
    rule: source({ requestPrincipals: ['https://a.example/b/ana'] }),
    holds: [{}, plain, { ...ana, issuer: 'https://a.example/b' }],
    fails: [{}, plain, { ...ana, issuer: 'https://a.example', subject: 'b/ana' }],
  },
  'requestPrincipals need a subject': {
    rule: source({ requestPrincipals: ['*'] }),
    fails: [{}, plain, { ...ana, subject: '' }],
  },
  trustDomains: {
    rule: source({ trustDomains: ['cluster.local'] }),
    holds: [{}, meshed],
    fails: [{}, { ...plain, principal: 'spiffe://otro.local/ns/default/sa/curl' }],
  },
  'trustDomains need mutual TLS': { rule: source({ trustDomains: ['*'] }), holds: [{}, meshed], fails: [{}, plain] },
  'namespaces with a star inside': {
    rule: source({ namespaces: ['de*lt'] }),
    holds: [{}, meshed],
    fails: [{}, { ...plain, principal: 'spiffe://cluster.local/ns/delt2/sa/curl' }],
  },
  'requestPrincipals any': { rule: source({ requestPrincipals: ['*'] }), holds: [{}, plain, ana], fails: [] },
  notRequestPrincipals: { rule: source({ notRequestPrincipals: ['*'] }), holds: [], fails: [{}, plain, ana] },
  'hosts ignore case': { rule: operation({ hosts: ['HTTPBIN:8000'] }), holds: [], fails: [{ authority: 'x' }] },
  ports: { rule: operation({ ports: ['8080'] }), holds: [], fails: [{}, { ...plain, port: 9090 }] },
  methods: { rule: operation({ methods: ['GET'] }), holds: [], fails: [{ method: 'POST' }] },
  notMethods: { rule: operation({ notMethods: ['GET'] }), holds: [{ method: 'POST' }], fails: [] },
  'paths exact, without query': {
    rule: operation({ paths: ['/headers'] }),
    holds: [{ path: '/headers?x=1' }],
    fails: [{ path: '/headers/1' }],
  },
  'paths prefix': { rule: operation({ paths: ['/status/*'] }), holds: [{ path: '/status/200' }], fails: [] },
  'paths suffix': { rule: operation({ paths: ['*.png'] }), holds: [{ path: '/a/b.png' }], fails: [] },
  'paths template, one segment': {
    rule: operation({ paths: ['/a/{*}/c'] }),
    holds: [{ path: '/a/b/c' }],
    fails: [{ path: '/a/b/b/c' }],
  },
  'paths template, many': {
    rule: operation({ paths: ['/a/{**}'] }),
    holds: [{ path: '/a/b/c/d' }],
    fails: [{ path: '/b/a' }],
  },
  'paths template, the last slash is part of it': {
    rule: operation({ paths: ['/a/{**}'] }),
    holds: [{ path: '/a/' }],
    fails: [{ path: '/a' }],
  },
  'paths template, something before the last slash': {
    rule: operation({ paths: ['/foo/{**}/'] }),
    holds: [{ path: '/foo//' }],
    fails: [{ path: '/foo/' }],
  },
  'paths template, both': {
    rule: operation({ paths: ['/foo/{*}/bar/{**}'] }),
    holds: [{ path: '/foo/buzz/bar/baz' }],
    fails: [{ path: '/foo/bar/baz' }],
  },
  notPaths: { rule: operation({ notPaths: ['/status/*'] }), holds: [], fails: [{ path: '/status/200' }] },
  'two fields of one entry must both hold': {
    rule: operation({ methods: ['GET'], paths: ['/headers'] }),
    holds: [],
    fails: [{ path: '/ip' }],
  },
  'one entry of several is enough': {
    rule: { to: [{ operation: { paths: ['/ip'] } }, { operation: { methods: ['GET'] } }] },
    holds: [],
    fails: [{ method: 'PUT' }],
  },
  'request.headers': {
    rule: when('request.headers[X-Rol]', ['admin*']),
    holds: [{ headers: { 'x-rol': 'administrador' } }],
    fails: [],
  },
  'request.headers, there and empty': {
    rule: when('request.headers[x-rol]', ['*']),
    holds: [{ headers: { 'x-rol': '' } }],
    fails: [],
  },
  'request.headers, one of several values': {
    rule: when('request.headers[x-rol]', ['admin']),
    holds: [{ headers: { 'x-rol': 'otro\nadmin' } }],
    fails: [{ headers: { 'x-rol': 'otro\nmas' } }],
  },
  'request.headers, not, among several values': {
    rule: when('request.headers[x-rol]', [], ['admin']),
    holds: [{ headers: { 'x-rol': 'otro\nmas' } }],
    fails: [{ headers: { 'x-rol': 'otro\nadmin' } }],
  },
  'source.trustDomain': { rule: when('source.trustDomain', ['cluster.*']), holds: [{}, meshed], fails: [{}, plain] },
  'request.headers, not': {
    rule: when('request.headers[x-rol]', [], ['admin']),
    holds: [],
    fails: [{ headers: { 'x-rol': 'admin' } }],
  },
  'source.ip': { rule: when('source.ip', ['10.0.0.0/8']), holds: [], fails: [{}, from('192.168.0.1')] },
  'source.namespace': { rule: when('source.namespace', ['default']), holds: [{}, meshed], fails: [{}, other] },
  'source.principal': { rule: when('source.principal', ['*/sa/curl']), holds: [{}, meshed], fails: [] },
  'destination.ip': {
    rule: when('destination.ip', ['10.0.0.5']),
    holds: [],
    fails: [{}, { ...plain, destinationAddress: '10.0.0.6' }],
  },
  'destination.port': { rule: when('destination.port', ['8080']), holds: [], fails: [{}, { ...plain, port: 1 }] },
  'connection.sni': {
    rule: when('connection.sni', ['www.example.com']),
    holds: [{}, { ...plain, serverName: 'www.example.com' }],
    fails: [],
  },
  'request.auth.principal': {
    rule: when('request.auth.principal', ['fid@example.com/*']),
    holds: [{}, plain, ana],
    fails: [],
  },
  'request.auth.audiences': { rule: when('request.auth.audiences', ['tienda']), holds: [{}, plain, ana], fails: [] },
  'claims in a list': { rule: when('request.auth.claims[groups]', ['grupo9']), holds: [{}, plain, ana], fails: [] },
  'claims, nested': { rule: when('request.auth.claims[realm][roles]', ['admin']), holds: [{}, plain, ana], fails: [] },
  'claims, a scope of several words': {
    rule: when('request.auth.claims[scope]', ['escribir']),
    holds: [{}, plain, ana],
    fails: [],
  },
  'claims, a scope is not its whole text': {
    rule: when('request.auth.claims[scope]', ['leer escribir']),
    fails: [{}, plain, ana],
  },
  'an unknown key holds for nothing, what it leaves out neither': {
    rule: when('source.nothing', [], ['x']),
    fails: [],
  },
  'an unknown key holds for nothing': { rule: when('source.nothing', ['*']), fails: [] },
};

describe.each(Object.entries(cases))('a rule by %s', (_, { rule, holds, fails }) => {
  const allows = ([request, connection = plain, token = nobody]: NonNullable<Case['holds']>, action: string) =>
    engineOf(authz({ action, rules: [rule] })).admit(server, connection, ask(request), token).kind === 'admitted';

  if (holds)
    test('lets in or keeps out what fits', () => {
      expect([allows(holds, 'ALLOW'), allows(holds, 'DENY')]).toEqual([true, false]);
    });
  if (fails)
    test('does not speak of what does not', () => {
      expect([allows(fails, 'ALLOW'), allows(fails, 'DENY')]).toEqual([false, true]);
    });
});
