import { expect, test } from 'vitest';
import type { MeshRequest } from './engine.ts';
import { always, bookinfo, engineOf, get, SIDECAR, subsets, virtualService } from './fixtures.ts';

const URL = 'http://reviews:9080/reviews/0';

/** Whether a request takes the rule with this match; the rule after it takes the rest. */
function matches(match: unknown, request: MeshRequest = get(URL)): boolean {
  const http = [
    { match: [match], route: [{ destination: { host: 'reviews', subset: 'v2' } }] },
    { route: [{ destination: { host: 'reviews', subset: 'v1' } }] },
  ];
  const engine = engineOf(
    ...bookinfo(),
    subsets('reviews', 'v1', 'v2'),
    virtualService('reviews', { hosts: ['reviews'], http }),
  );
  const { outcome } = engine.decide(SIDECAR, request, always(0));
  if (outcome.kind !== 'forward') throw new Error(`unexpected ${outcome.kind}`);
  return outcome.subset === 'v2';
}

const withPath = (path: string) => get(`http://reviews:9080${path}`);
const withHeaders = (headers: Record<string, string>) => get(URL, { headers });

test('uri.exact is the whole path without the query', () => {
  const match = { uri: { exact: '/reviews/0' } };
  expect(matches(match, withPath('/reviews/0?x=1'))).toBe(true);
  expect(matches(match, withPath('/reviews/0/'))).toBe(false);
  expect(matches(match, withPath('/Reviews/0'))).toBe(false);
});

test('uri.prefix is a plain prefix, not one of segments', () => {
  expect(matches({ uri: { prefix: '/api' } }, withPath('/apiary'))).toBe(true);
  expect(matches({ uri: { prefix: '/api/' } }, withPath('/api'))).toBe(false);
});

test('uri.regex is RE2 over the whole path', () => {
  expect(matches({ uri: { regex: '/reviews/\\d+' } }, withPath('/reviews/12?a=b'))).toBe(true);
  expect(matches({ uri: { regex: '/reviews' } }, withPath('/reviews/12'))).toBe(false);
  expect(matches({ uri: { regex: '*[' } }, withPath('/reviews/12'))).toBe(false);
  const started = performance.now();
  matches({ uri: { regex: '(a+)+$' } }, withPath(`/${'a'.repeat(5_000)}!`));
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('ignoreUriCase is for exact and prefix', () => {
  expect(matches({ ignoreUriCase: true, uri: { exact: '/REVIEWS/0' } })).toBe(true);
  expect(matches({ ignoreUriCase: true, uri: { prefix: '/REV' } })).toBe(true);
  expect(matches({ ignoreUriCase: true, uri: { regex: '/REVIEWS/0' } })).toBe(false);
});

test('headers: exact, prefix, regex, and present by an empty match', () => {
  const jason = withHeaders({ 'end-user': 'jason' });
  expect(matches({ headers: { 'end-user': { exact: 'jason' } } }, jason)).toBe(true);
  expect(matches({ headers: { 'end-user': { exact: 'Jason' } } }, jason)).toBe(false);
  expect(matches({ headers: { 'end-user': { prefix: 'ja' } } }, jason)).toBe(true);
  expect(matches({ headers: { 'end-user': { regex: 'j.*n' } } }, jason)).toBe(true);
  expect(matches({ headers: { 'end-user': { regex: 'jas' } } }, jason)).toBe(false);
  expect(matches({ headers: { 'end-user': {} } }, jason)).toBe(true);
  expect(matches({ headers: { 'end-user': {} } })).toBe(false);
});

test('a header named like a property of every object is just a missing header', () => {
  expect(matches({ headers: { constructor: {} } })).toBe(false);
  expect(matches({ headers: { __proto__: { exact: 'x' } } })).toBe(true);
});

test('uri, scheme, method and authority among headers are ignored', () => {
  expect(matches({ headers: { method: { exact: 'POST' }, authority: { exact: 'nobody' } } })).toBe(true);
});

test('withoutHeaders inverts, and a missing header satisfies it', () => {
  const match = { withoutHeaders: { 'end-user': { exact: 'jason' } } };
  expect(matches(match)).toBe(true);
  expect(matches(match, withHeaders({ 'end-user': 'ana' }))).toBe(true);
  expect(matches(match, withHeaders({ 'end-user': 'jason' }))).toBe(false);
});

test('method, authority and scheme', () => {
  expect(matches({ method: { exact: 'POST' } }, get(URL, { method: 'POST' }))).toBe(true);
  expect(matches({ method: { exact: 'post' } }, get(URL, { method: 'POST' }))).toBe(false);
  expect(matches({ authority: { prefix: 'reviews' } })).toBe(true);
  expect(matches({ scheme: { exact: 'https' } })).toBe(false);
});

test('queryParams: exact, regex and present, the first of a name, as written', () => {
  const path = withPath('/x?user=ana&user=eva&flag&code=12');
  expect(matches({ queryParams: { user: { exact: 'ana' } } }, path)).toBe(true);
  expect(matches({ queryParams: { user: { exact: 'eva' } } }, path)).toBe(false);
  expect(matches({ queryParams: { code: { regex: '\\d+' } } }, path)).toBe(true);
  expect(matches({ queryParams: { flag: {} } }, path)).toBe(true);
  expect(matches({ queryParams: { missing: {} } }, path)).toBe(false);
});

test('conditions of one match are all required; matches of one rule are alternatives', () => {
  const both = { uri: { prefix: '/reviews' }, headers: { 'end-user': { exact: 'jason' } } };
  expect(matches(both)).toBe(false);
  expect(matches(both, withHeaders({ 'end-user': 'jason' }))).toBe(true);
});

test('port, sourceLabels, sourceNamespace and gateways choose the proxies that get the match', () => {
  expect(matches({ port: 9080 })).toBe(true);
  expect(matches({ port: 80 })).toBe(false);
  expect(matches({ sourceLabels: { app: 'productpage' } })).toBe(true);
  expect(matches({ sourceLabels: { app: 'other' } })).toBe(false);
  expect(matches({ sourceNamespace: 'default' })).toBe(true);
  expect(matches({ sourceNamespace: 'other' })).toBe(false);
  expect(matches({ gateways: ['mesh'] })).toBe(true);
  expect(matches({ gateways: ['some-gateway'] })).toBe(false);
});

test('of a header that comes more than once, one value is enough and they are never joined', () => {
  const twice = withHeaders({ 'x-a': 'uno\ndos', 'x-on': '1' });
  expect(matches({ headers: { 'x-a': { exact: 'uno' } } }, twice)).toBe(true);
  expect(matches({ headers: { 'x-a': { exact: 'dos' } } }, twice)).toBe(true);
  expect(matches({ headers: { 'x-a': { prefix: 'do' } } }, twice)).toBe(true);
  expect(matches({ headers: { 'x-a': { exact: 'uno,dos' } } }, twice)).toBe(false);
  expect(matches({ headers: { 'x-a': { regex: 'uno.dos' } } }, twice)).toBe(false);
  expect(matches({ headers: { 'x-on': {} }, withoutHeaders: { 'x-a': { exact: 'dos' } } }, twice)).toBe(false);
  expect(matches({ headers: { 'x-on': {} }, withoutHeaders: { 'x-a': { exact: 'tres' } } }, twice)).toBe(true);
});
