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

test('a redirect keeps the port of the Host, writes a new one, and drops the default of the scheme', () => {
  expect(location({ scheme: 'https' })).toBe('https://reviews:9080/old/x?q=1');
  expect(location({ scheme: 'https', port: 443 })).toBe('https://reviews/old/x?q=1');
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

test('header changes of the destination come before those of the rule', () => {
  const headers = (value: string) => ({
    request: { set: { 'X-Who': value }, remove: ['User-Agent'] },
    response: { add: { 'x-r': value } },
  });
  const outcome = decide({
    headers: headers('rule'),
    route: [{ destination: { host: 'reviews' }, headers: headers('dest') }],
  });
  expect(outcome).toMatchObject({
    requestHeaders: [
      { set: [['x-who', 'dest']], remove: ['user-agent'] },
      { set: [['x-who', 'rule']], remove: ['user-agent'] },
    ],
    responseHeaders: [{ add: [['x-r', 'dest']] }, { add: [['x-r', 'rule']] }],
  });
});
