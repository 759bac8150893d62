import { expect, test } from 'vitest';
import type { MeshRequest } from './engine.ts';
import { always, bookinfo, engineOf, get, SIDECAR, virtualService } from './fixtures.ts';

const route = [{ destination: { host: 'reviews' } }];

function decide(rule: unknown, request: MeshRequest = get('http://reviews:9080/old/x?q=1')) {
  const rules = virtualService('reviews', { hosts: ['reviews'], http: [rule] });
  return engineOf(...bookinfo(), rules).decide(SIDECAR, request, always(0)).outcome;
}

function location(redirect: unknown, request?: MeshRequest): string | undefined {
  const outcome = decide({ redirect }, request);
  return outcome.kind === 'reply' ? outcome.headers.location : undefined;
}

test('a redirect replaces the whole path and keeps the query, unless the new path has its own', () => {
  expect(decide({ redirect: { uri: '/new', authority: 'other.example' } })).toMatchObject({
    status: 301,
    body: '',
    flags: [],
    details: 'direct_response',
    headers: { location: 'http://other.example/new?q=1' },
  });
  expect(location({ uri: '/new?z=2' })).toBe('http://reviews:9080/new?z=2');
  expect(location({ authority: 'a.b' })).toBe('http://a.b/old/x?q=1');
});

test('a redirect keeps the port of the Host, writes a new one unless the scheme implies it', () => {
  expect(location({ scheme: 'https' })).toBe('https://reviews:9080/old/x?q=1');
  expect(location({ scheme: 'https', port: 443 })).toBe('https://reviews:9080/old/x?q=1');
  expect(location({ scheme: 'https' }, get('http://reviews:9080/x', { authority: 'reviews:80' }))).toBe(
    'https://reviews/x',
  );
  expect(location({ port: 81 })).toBe('http://reviews:81/old/x?q=1');
  expect(location({ uri: '/n', derivePort: 'FROM_REQUEST_PORT', authority: 'a.b' })).toBe('http://a.b:9080/n?q=1');
});

test('redirect codes: 301 by default, the five of Envoy, and no action for another', () => {
  for (const code of [302, 303, 307, 308])
    expect(decide({ redirect: { uri: '/', redirectCode: code } })).toMatchObject({ status: code });
  expect(decide({ redirect: { uri: '/', redirectCode: 304 } })).toMatchObject({ kind: 'forward', route: 'default' });
});

test('a direct response has the text, or the bytes in base64', () => {
  expect(decide({ directResponse: { status: 410, body: { string: 'gone\n' } } })).toMatchObject({
    status: 410,
    body: 'gone\n',
    headers: { 'content-type': 'text/plain' },
  });
  expect(decide({ directResponse: { status: 200, body: { bytes: 'aG9sYcOx' } } })).toMatchObject({ body: 'holañ' });
  expect(decide({ directResponse: { status: 503 } })).toMatchObject({ status: 503, body: '', headers: {} });
});

test('a rewrite replaces the matched prefix, or the whole path of an exact or regular match', () => {
  const rewritten = (uri: unknown) => {
    const outcome = decide({ match: [{ uri }], rewrite: { uri: '/anything' }, route });
    return outcome.kind === 'forward' ? outcome.rewrittenPath : outcome;
  };
  expect(rewritten({ prefix: '/old' })).toBe('/anything/x?q=1');
  expect(rewritten({ exact: '/old/x' })).toBe('/anything?q=1');
  expect(rewritten({ regex: '/o.*' })).toBe('/anything?q=1');
  expect(decide({ rewrite: { uri: '/new/' }, route })).toMatchObject({ rewrittenPath: '/new/old/x?q=1' });
});

test('a rewrite by regular expression has groups', () => {
  const rewrite = { uriRegexRewrite: { match: '^/old/([a-z]+)$', rewrite: '/v2/\\1/$1' } };
  expect(decide({ rewrite, route })).toMatchObject({ rewrittenPath: '/v2/x/$1?q=1' });
  expect(decide({ rewrite: { uriRegexRewrite: { match: '[', rewrite: '' } }, route })).not.toHaveProperty(
    'rewrittenPath',
  );
});

test('the authority is rewritten by `rewrite` and by setting the Host header', () => {
  expect(decide({ rewrite: { authority: 'a.b' }, route })).toMatchObject({ rewrittenAuthority: 'a.b' });
  expect(decide({ headers: { request: { set: { host: 'c.d' } } }, route })).toMatchObject({
    rewrittenAuthority: 'c.d',
  });
});

const headers = (value: string) => ({
  request: { set: { 'X-Who': value }, remove: [`x-${value}`] },
  response: { add: { 'x-r': value } },
});

test('a single destination is one with its rule: all is removed first, and it has the last word', () => {
  const outcome = decide({
    headers: headers('rule'),
    route: [{ destination: { host: 'reviews' }, headers: headers('dest') }],
  });
  expect(outcome).toMatchObject({
    requestHeaders: [
      { set: [['x-who', 'rule']], remove: ['x-rule', 'x-dest'] },
      { set: [['x-who', 'dest']], remove: [] },
    ],
    responseHeaders: [{ add: [['x-r', 'rule']] }, { add: [['x-r', 'dest']] }],
  });
});

test('one of several destinations changes headers before the rule does', () => {
  const destination = { destination: { host: 'reviews' }, headers: headers('dest'), weight: 1 };
  expect(decide({ headers: headers('rule'), route: [destination, destination] })).toMatchObject({
    requestHeaders: [
      { set: [['x-who', 'dest']], remove: ['x-dest'] },
      { set: [['x-who', 'rule']], remove: ['x-rule'] },
    ],
  });
});

test('values of headers may be of the request; two per cent signs are one', () => {
  const set = {
    'x-who': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
    'x-percent': '100%%',
    'x-agent': 'by %REQ(user-agent):4% at %REQ(:authority)%',
    'x-other': '%UNKNOWN_COMMAND% %REQ(missing)%',
  };
  const request = get('http://reviews:9080/x', { sourceAddress: '10.0.0.9', headers: { 'user-agent': 'curl/8' } });
  expect(decide({ headers: { request: { set } }, route }, request)).toMatchObject({
    requestHeaders: [
      {
        set: [
          ['x-who', '10.0.0.9'],
          ['x-percent', '100%'],
          ['x-agent', 'by curl at reviews:9080'],
          ['x-other', '%UNKNOWN_COMMAND% -'],
        ],
      },
    ],
  });
});

test("answers of the proxy have the rule's response headers too", () => {
  const response = { set: { 'Content-Type': 'application/json', 'x-dr': '1' } };
  expect(decide({ directResponse: { status: 200, body: { string: '{}' } }, headers: { response } })).toMatchObject({
    headers: { 'content-type': 'application/json', 'x-dr': '1' },
  });
  expect(decide({ route: [{ destination: { host: 'nobody' } }], headers: { response } })).toMatchObject({
    status: 503,
    headers: { 'x-dr': '1' },
  });
});
