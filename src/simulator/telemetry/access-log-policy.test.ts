import { expect, test } from 'vitest';
import { pod } from '../../mesh/fixtures.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { ProxyRecord } from '../traffic.ts';
import { createAccessLogPolicy } from './access-log-policy.ts';

const web = pod('web', { app: 'web' });

const record = (extra: Partial<ProxyRecord> = {}): ProxyRecord => ({
  reporter: 'source',
  role: 'sidecar',
  pod: web,
  protocol: 'http',
  start: 0,
  duration: 1,
  request: { method: 'GET', path: '/a?b=1', authority: 'web', headers: { 'user-agent': 'curl/8', 'x-team': 'a' } },
  status: 200,
  flags: [],
  bytesReceived: 0,
  bytesSent: 0,
  route: 'default',
  downstreamLocal: '10.0.0.1:80',
  downstreamRemote: '10.0.0.2:40000',
  mtls: true,
  ...extra,
});

const telemetry = (
  accessLogging: unknown,
  { namespace = 'default', matchLabels, name = 't' }: { namespace?: string; matchLabels?: object; name?: string } = {},
): KubeObject => ({
  apiVersion: 'telemetry.istio.io/v1',
  kind: 'Telemetry',
  metadata: { name, namespace, creationTimestamp: '2026-03-01T10:00:00Z' },
  spec: { accessLogging, ...(matchLabels && { selector: { matchLabels } }) },
});

const FILE = { accessLogFile: '/dev/stdout' };

function lines(meshConfig: Record<string, unknown>, objects: KubeObject[], asked = record()): readonly unknown[] {
  return createAccessLogPolicy({ version: 1, objects, meshConfig, rootNamespace: 'istio-system' })(asked);
}

test('the mesh’s accessLogFile decides where no Telemetry speaks', () => {
  expect(lines({}, [])).toEqual([]);
  expect(lines(FILE, [])).toEqual(['text']);
  expect(lines({ ...FILE, accessLogEncoding: 'JSON' }, [])).toEqual(['json']);
  expect(lines({ ...FILE }, [telemetry(undefined)])).toEqual(['text']);
});

test('a Telemetry turns it on, off, and for some workloads only', () => {
  const on = [{ providers: [{ name: 'envoy' }] }];
  const off = [{ providers: [{ name: 'envoy' }], disabled: true }];
  expect(lines({}, [telemetry(on, { namespace: 'istio-system' })])).toEqual(['text']);
  expect(lines(FILE, [telemetry(off)])).toEqual([]);
  expect(lines(FILE, [telemetry(off, { namespace: 'other' })])).toEqual(['text']);
  expect(lines({}, [telemetry(on, { matchLabels: { app: 'other' } })])).toEqual([]);
  const mesh = telemetry(on, { namespace: 'istio-system' });
  const except = telemetry([{ providers: [{ name: 'envoy' }], disabled: true }], { matchLabels: { app: 'web' } });
  expect(lines({}, [mesh, except])).toEqual([]);
  expect(lines({}, [mesh, except], record({ pod: pod('x', { app: 'x' }) }))).toEqual(['text']);
});

test('a Telemetry that names no provider, or only for the other mode, changes nothing', () => {
  expect(lines(FILE, [telemetry([{ disabled: true }])])).toEqual(['text']);
  const clients = [telemetry([{ providers: [{ name: 'envoy' }], match: { mode: 'CLIENT' } }])];
  expect(lines(FILE, clients, record({ reporter: 'destination' }))).toEqual(['text']);
});

test('a provider that nobody has declared is not there: alone it changes nothing, beside another it does not count', () => {
  const filter = { expression: 'response.code >= 400' };
  const named = (...names: string[]) => [telemetry([{ providers: names.map((name) => ({ name })), filter }])];
  expect(lines(FILE, named('envoi'))).toEqual(['text']);
  expect(lines({}, named('envoi'))).toEqual([]);
  expect(lines(FILE, named('envoi', 'envoy'))).toEqual([]);
  expect(lines(FILE, named('envoi', 'envoy'), record({ status: 404 }))).toEqual(['text']);
});

test('CLIENT and SERVER match what the proxy is to the request', () => {
  const servers = [telemetry([{ providers: [{ name: 'envoy' }], match: { mode: 'SERVER' } }])];
  expect(lines({}, servers)).toEqual([]);
  expect(lines({}, servers, record({ reporter: 'destination' }))).toEqual(['text']);
});

test('only providers that write to the proxy’s output write lines', () => {
  const named = (name: string) => [telemetry([{ providers: [{ name }] }])];
  const file = { name: 'mine', envoyFileAccessLog: { path: '/dev/stdout', logFormat: { labels: { a: 'b' } } } };
  const extensionProviders = [file, { name: 'otel', envoyOtelAls: { service: 'x', port: 4317 } }];
  expect(lines({ extensionProviders }, named('mine'))).toEqual([expect.any(Function)]);
  expect(lines({ extensionProviders }, named('otel'))).toEqual([]);
  expect(lines({ extensionProviders }, named('nobody'))).toEqual([]);
});

test.each([
  ['response.code >= 400', false, true],
  ['response.code < 400 && request.method == "GET"', true, false],
  ["request.url_path == '/a' || response.code == 500", true, true],
  ["request.headers['x-team'] in ['a', 'b']", true, true],
  ["has(request.headers['x-nothing'])", false, false],
  ['!has(response.nothing) && !connection.mtls', true, true],
  ["request.headers['x-none'] == 'a' || response.code == 503", false, true],
  ["response.code == 200 ? request.method == 'GET' : false", true, false],
  ['response.code % 100 == 3 && response.code / 100 == 5', false, true],
  ["request.time > timestamp('2020-01-01T00:00:00Z') && request.duration < duration('1s')", false, false],
  ["'x-team' in request.headers && size(request.path) > 3", true, true],
  ['response.flags == 0', true, true],
  ["request.useragent.startsWith('curl') && !request.path.contains('zzz')", true, true],
  ["request.path.matches('^/a.*b=[0-9]$')", true, true],
  ["xds.cluster_name == 'BlackHoleCluster'", false, false],
  ['response.code', false, false],
  ['response.code >= "x"', false, false],
  ['response.code >=', false, false],
  ['nothing.like == this', false, false],
  ['('.repeat(10_000), false, false],
  ['!'.repeat(100_000), false, false],
])('the filter %s', (expression, of200, of503) => {
  const filtered = [telemetry([{ providers: [{ name: 'envoy' }], filter: { expression } }])];
  expect(lines({}, filtered).length > 0).toBe(of200);
  expect(lines({}, filtered, record({ status: 503 })).length > 0).toBe(of503);
});

test('rubbish in a Telemetry or in the mesh configuration harms nobody', () => {
  for (const rubbish of [null, 1, 'x', [null], [{ providers: 1 }], [{ filter: [] }], {}]) {
    expect(() => lines({ extensionProviders: rubbish, defaultProviders: rubbish }, [telemetry(rubbish)])).not.toThrow();
  }
});
