import { expect, test } from 'vitest';
import { always, bookinfo, engineOf, get, INGRESS, openGateway, virtualService } from './fixtures.ts';
import type { KubeObject } from './objects.ts';

const answer = (status: number, match?: unknown) => ({
  ...(match !== undefined && { match }),
  directResponse: { status },
});
const prefix = (path: string) => [{ uri: { prefix: path } }];

function status(objects: KubeObject[], path: string, headers: Record<string, string> = {}): number {
  const decision = engineOf(...bookinfo(), openGateway(), ...objects).decide(
    INGRESS,
    get(`http://x:8080${path}`, { headers }),
    always(0),
  );
  return decision.outcome.kind === 'reply' ? decision.outcome.status : 0;
}

const root = (...http: unknown[]) => virtualService('root', { hosts: ['*'], gateways: ['bookinfo-gateway'], http });
const delegate = (name: string, http: unknown[], spec = {}, namespace = 'default') =>
  virtualService(name, { http, ...spec }, { namespace });
const to = (name: string, match: unknown = prefix('/a'), namespace?: string) => ({
  match,
  delegate: { name, ...(namespace && { namespace }) },
});

test('rules of the delegate stand in the place of the one that delegates', () => {
  const inner = delegate('a', [answer(291, prefix('/a/one')), answer(292, prefix('/zzz')), answer(293)]);
  const objects = [root(to('a'), answer(298, prefix('/rest'))), inner];
  expect(status(objects, '/a/one')).toBe(291);
  expect(status(objects, '/a/two')).toBe(293);
  expect(status(objects, '/rest')).toBe(298);
  // Not part of what the root delegates.
  expect(status(objects, '/zzz')).toBe(404);
});

test('a delegate that is missing, has hosts, or is not exported gives no route; the others stay', () => {
  const withHosts = delegate('hosted', [answer(291)], { hosts: ['a.example'], gateways: ['g'] });
  const hidden = delegate('hidden', [answer(291)], { exportTo: ['.'] }, 'other');
  const rest = answer(298);
  for (const rule of [to('nobody'), to('hosted'), to('hidden', prefix('/a'), 'other')]) {
    expect(status([root(rule, rest), withHosts, hidden], '/a/x')).toBe(298);
  }
  const open = delegate('open', [answer(291)], {}, 'other');
  expect(status([root(to('open', prefix('/a'), 'other'), rest), open], '/a/x')).toBe(291);
});

test('delegates that delegate go no further, not even to themselves', () => {
  const loop = delegate('loop', [{ delegate: { name: 'loop' } }, answer(291, prefix('/a/b'))]);
  const toRoot = delegate('back', [{ delegate: { name: 'root' } }]);
  expect(status([root(to('loop'), to('back', prefix('/c'))), loop, toRoot], '/a/b')).toBe(291);
  expect(status([root(to('loop'), to('back', prefix('/c'))), loop, toRoot], '/c')).toBe(404);
});

test('both matches must hold, and what the delegate does not say the root says', () => {
  const match = [{ uri: { prefix: '/a' }, headers: { 'x-root': { exact: '1' } } }];
  const inner = delegate('a', [answer(291, [{ uri: { exact: '/a/b' }, headers: { 'x-own': { exact: '2' } } }])]);
  const response = { response: { set: { 'x-from': 'root' } } };
  const objects = [root({ ...to('a', match), headers: response }), inner];
  expect(status(objects, '/a/b', { 'x-root': '1' })).toBe(404);
  expect(status(objects, '/a/b', { 'x-own': '2' })).toBe(404);
  expect(status(objects, '/a/b', { 'x-root': '1', 'x-own': '2' })).toBe(291);
  const { outcome } = engineOf(...bookinfo(), openGateway(), ...objects).decide(
    INGRESS,
    get('http://x:8080/a/b', { headers: { 'x-root': '1', 'x-own': '2' } }),
    always(0),
  );
  expect(outcome).toMatchObject({ headers: { 'x-from': 'root' } });
});

test.each([
  ['a shorter prefix', { uri: { prefix: '/' } }],
  ['another path', { uri: { exact: '/b' } }],
  ['a regular expression', { uri: { regex: '/a/.*' } }],
  ['other case rules', { uri: { prefix: '/a' }, ignoreUriCase: true }],
  ['another port', { uri: { prefix: '/a' }, port: 9 }],
  ['another header value', { headers: { h: { exact: 'other' } } }],
])("%s is no part of the root's match", (_, match) => {
  const wide = [{ uri: { prefix: '/a' }, port: 8080, headers: { h: { exact: 'v' } } }];
  const objects = [root(to('a', wide)), delegate('a', [answer(291, [match])])];
  for (const path of ['/a', '/b', '/a/x']) expect(status(objects, path, { h: 'v' })).toBe(404);
});

test('short host names are of the namespace of the delegate', () => {
  const inner = delegate('a', [{ route: [{ destination: { host: 'details', port: { number: 9080 } } }] }], {}, 'other');
  const { outcome } = engineOf(...bookinfo(), openGateway(), root(to('a', prefix('/a'), 'other')), inner).decide(
    INGRESS,
    get('http://x:8080/a'),
    always(0),
  );
  expect(outcome).toMatchObject({ status: 503, flags: ['NC'] });
});

test('steps point at the root, at the delegate, and at delegates that cannot be used', () => {
  const inner = delegate('a', [answer(291, [{ headers: { h: { exact: 'v' } } }])]);
  const engine = engineOf(...bookinfo(), openGateway(), root(to('a'), to('nobody', prefix('/n'))), inner);
  const request = get('http://x:8080/a', { headers: { h: 'v' } });
  const { steps } = engine.decide(INGRESS, request, always(0));
  expect(steps.map((s) => [s.kind, s.result, s.source?.name, s.source?.path])).toEqual([
    ['listener', 'matched', 'bookinfo-gateway', 'spec.servers[0]'],
    ['virtual-host', 'matched', 'root', 'spec.hosts[0]'],
    ['delegate', 'delegate-not-found', 'root', 'spec.http[1].delegate'],
    ['delegate', 'delegated', 'root', 'spec.http[0]'],
    ['match', 'matched', 'a', 'spec.http[0].match[0]'],
    ['rule', 'matched', 'a', 'spec.http[0]'],
    ['reply', 'direct_response', undefined, undefined],
  ]);
  const rejected = engine.decide(INGRESS, get('http://x:8080/b', { headers: { h: 'v' } }), always(0)).steps;
  // The path is the root's condition, the header the delegate's.
  expect(rejected.find((s) => s.result === 'rejected')?.source).toMatchObject({
    name: 'root',
    path: 'spec.http[0].match[0].uri',
  });
});
