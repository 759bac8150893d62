import { expect, test } from 'vitest';
import { pod } from '../../mesh/fixtures.ts';
import type { ProxyRecord } from '../traffic.ts';
import { formatAccessLog } from './access-log.ts';
import { createAccessLogPolicy } from './access-log-policy.ts';
import { compileJsonFormat, compileTextFormat } from './log-format.ts';

const record: ProxyRecord = {
  reporter: 'source',
  role: 'sidecar',
  pod: pod('web', {}),
  protocol: 'http',
  mtls: false,
  start: Date.parse('2026-11-21T04:46:40.130Z'),
  request: { method: 'GET', path: '/a?b=1', authority: 'x:80', headers: { 'x-team': 'azul', 'x-bad': 'a\rb"' } },
  status: 503,
  flags: ['UF', 'URX'],
  bytesReceived: 0,
  bytesSent: 95,
  duration: 12.7,
  upstreamHost: '10.0.0.9:8080',
  cluster: 'outbound|80||x.default.svc.cluster.local',
  downstreamLocal: '10.0.0.3:80',
  downstreamRemote: '10.0.0.4:5555',
  route: '-',
};
const line = (format: string) => compileTextFormat(format)?.(record);

test.each([
  ['%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%', 'GET /a?b=1 HTTP/1.1'],
  ['[%START_TIME%]', '[2026-11-21T04:46:40.130Z]'],
  ['%START_TIME(%Y/%m/%dT%H:%M:%S.%3f%z %s)%', '2026/11/21T04:46:40.130+0000 1795236400'],
  ['%RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION%', '503 UF,URX 12'],
  ['%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% %RESPONSE_DURATION% %ROUTE_NAME%', '- - -'],
  ['team=%REQ(X-TEAM)% %REQ(x-none)% %REQ(x-none?x-team):2%', 'team=azul - az'],
  ['%UPSTREAM_HOST% %UPSTREAM_REMOTE_PORT% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', '10.0.0.9:8080 8080 10.0.0.4'],
  ['%HOSTNAME% 100%% %CONNECTION_ID% %DYNAMIC_METADATA(a)%', 'web 100% - -'],
  ['%UPSTREAM_CLUSTER_RAW%\n', 'outbound|80||x.default.svc.cluster.local'],
  ['no operators, 5 % alone', 'no operators, 5 % alone'],
  ['%REQ(X-BAD)%', 'a_b_'],
])('%s', (format, expected) => {
  expect(line(format)).toBe(expected);
});

test('JSON keeps types, sorts names and nests', () => {
  const format = compileJsonFormat({
    status: '%RESPONSE_CODE%',
    asked: { path: '%REQ(:PATH)%', host: '%REQ(:AUTHORITY)%' },
    route: '%ROUTE_NAME%',
    text: 'code %RESPONSE_CODE%, route %ROUTE_NAME%',
    fixed: 1,
  });
  expect(format?.(record)).toBe(
    '{"asked":{"host":"x:80","path":"/a?b=1"},"fixed":1,"route":null,"status":503,"text":"code 503, route -"}',
  );
});

test('an operator that Envoy does not have makes the whole format unusable', () => {
  expect(compileTextFormat('%RESPONSE_CODE% %NOT_KNOWN%')).toBeUndefined();
  expect(compileJsonFormat({ a: { b: ['%NOT_KNOWN(a)%'] } })).toBeUndefined();
});

test('what is no format is none', () => {
  expect(compileJsonFormat({})).toBeUndefined();
  expect(compileJsonFormat('x')).toBeUndefined();
  expect(compileTextFormat('x'.repeat(100_000))).toBeUndefined();
});

const written = (
  meshConfig: Record<string, unknown>,
  objects: Parameters<typeof createAccessLogPolicy>[0]['objects'] = [],
) =>
  createAccessLogPolicy({ version: 1, objects, meshConfig, rootNamespace: 'istio-system' })(record).map((encoding) =>
    formatAccessLog(record, encoding),
  );

test("the mesh's configuration gives the format, in text or JSON; one that cannot be read leaves Istio's", () => {
  const file = { accessLogFile: '/dev/stdout' };
  expect(written({ ...file, accessLogFormat: '%RESPONSE_CODE% %REQ(:PATH)%\n' })).toEqual(['503 /a?b=1']);
  expect(written({ ...file, accessLogEncoding: 'JSON', accessLogFormat: '{"code":"%RESPONSE_CODE%"}' })).toEqual([
    '{"code":503}',
  ]);
  expect(written({ ...file, accessLogEncoding: 'JSON', accessLogFormat: 'not JSON' })[0]).toContain(
    '"response_code":503',
  );
});

test('a provider of the mesh has a format of its own', () => {
  const telemetry = {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'logs', namespace: 'istio-system' },
    spec: { accessLogging: [{ providers: [{ name: 'short' }, { name: 'fields' }] }] },
  };
  const provider = (name: string, logFormat: unknown) => ({
    name,
    envoyFileAccessLog: { path: '/dev/stdout', logFormat },
  });
  const extensionProviders = [
    provider('short', { text: '%RESPONSE_CODE%\n' }),
    provider('fields', { labels: { code: '%RESPONSE_CODE%' } }),
  ];
  expect(written({ extensionProviders }, [telemetry])).toEqual(['503', '{"code":503}']);
});
