// The sentences are those that a real istiod answered (istio master after 1.31 and the facts of 1.30).

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { validate } from './validate.ts';

function check(kind: string, spec: string) {
  return validate({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name: 'bad', namespace: 'default' },
    spec: parse(spec),
  });
}
const route = (fields: string) => `{hosts: [httpbin], http: [{${fields}}]}`;
const to = 'route: [{destination: {host: a}}]';

describe('a VirtualService is refused', () => {
  test.each([
    ['weight -1 < 0', route('route: [{destination: {host: a}, weight: -1}, {destination: {host: b}, weight: 101}]')],
    ['total destination weight = 0', route('route: [{destination: {host: a}}, {destination: {host: b}, weight: 0}]')],
    [
      'HTTP status 700 is not in range 200-599',
      route(`fault: {abort: {httpStatus: 700, percentage: {value: 100}}}, ${to}`),
    ],
    [
      'percentage 101 is neither 0.0, nor in range [0.0001, 100.0]',
      route(`fault: {abort: {httpStatus: 500, percentage: {value: 101}}}, ${to}`),
    ],
    ['1 error occurred:\n\t* HTTP fault injection must have an abort and/or a delay\n\n', route(`fault: {}, ${to}`)],
    ['HTTP route, redirect or direct_response is required', route('match: [{uri: {prefix: /}}]')],
    ['HTTP route cannot contain both route and redirect', route(`redirect: {uri: /x}, ${to}`)],
    ['418 is not a valid redirect code, must be 3xx', route('redirect: {uri: /x, redirectCode: 418}')],
    [
      '"uri": error parsing regexp: missing argument to repetition operator: `*`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
      route(`match: [{uri: {regex: "*["}}], ${to}`),
    ],
    ['"headers": prefix string match should not be empty', route(`match: [{headers: {a: {prefix: ""}}}], ${to}`)],
    ['"bogus" is not a valid retryOn policy', route(`retries: {attempts: 2, retryOn: bogus}, ${to}`)],
    [
      'http retry policy configured when attempts are set to 0 (disabled)',
      route(`retries: {perTryTimeout: 2s}, ${to}`),
    ],
    ['1 error occurred:\n\t* attempts cannot be negative\n\n', route(`retries: {attempts: -1}, ${to}`)],
    ['http, tcp or tls must be provided in virtual service', '{hosts: [a]}'],
    [
      'wildcard host * is not allowed for virtual services bound to the mesh gateway',
      `{hosts: ["*"], http: [{${to}}]}`,
    ],
    ['duplicate hosts in virtual service: a & a', `{hosts: [a, a], http: [{${to}}]}`],
    ['domain name "a_b" invalid (label "a_b" invalid)', `{hosts: [a_b], http: [{${to}}]}`],
    ['subset name is invalid: V_1', route('route: [{destination: {host: a, subset: V_1}}]')],
    ['port number 0 must be in the range 1..65535', route('route: [{destination: {host: a, port: {number: 0}}}]')],
    [
      '2 errors occurred:\n\t* weight -1 < 0\n\t* total destination weight = 0\n\n',
      route('route: [{destination: {host: a}, weight: -1}, {destination: {host: b}, weight: 1}]'),
    ],
  ])('%s', (message, spec) => {
    expect(check('VirtualService', spec).error).toBe(message);
  });
});

test.each([
  [
    'weights that do not sum to 100',
    route('route: [{destination: {host: a}, weight: 50}, {destination: {host: b}, weight: 60}]'),
  ],
  ['no hosts', `{http: [{${to}}]}`],
  ['a host that nothing has', route('route: [{destination: {host: nowhere.example.com}}]')],
  ['* behind a gateway', `{hosts: ["*"], gateways: [g], http: [{${to}}]}`],
  ['nothing at all in a strange shape', route('route: {destination: 3}, redirect: {uri: /x}')],
])('accepted: %s', (_, spec) => {
  expect(check('VirtualService', spec).error).toBeUndefined();
});

test.each([
  [
    'virtualService rule #1 not used (route without matches defined before)',
    `{hosts: [a], http: [{${to}}, {match: [{uri: {prefix: /x}}], ${to}}]}`,
  ],
  [
    'virtualService rule #1 not used (only the last rule can have no matches)',
    `{hosts: [a], http: [{${to}}, {${to}}]}`,
  ],
  [
    'virtualService rule #1 not used (all matches used by prior rules)',
    `{hosts: [a], http: [{match: [{uri: {exact: /x}}], ${to}}, {match: [{uri: {exact: /x}}], ${to}}]}`,
  ],
  [
    'virtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0)',
    `{hosts: [a], http: [{match: [{uri: {exact: /x}}], ${to}}, {match: [{uri: {exact: /x}}], ${to}}]}`,
  ],
  [
    'virtualService rule "late" match #0 of prefix /ab is not used (duplicate/overlapping match in rule #0 of prefix /a on #0)',
    `{hosts: [a], http: [{match: [{uri: {prefix: /a}}], ${to}}, {name: late, match: [{uri: {prefix: /ab}}], ${to}}]}`,
  ],
])('warned: %s', (warning, spec) => {
  const outcome = check('VirtualService', spec);
  expect(outcome.error).toBeUndefined();
  expect(outcome.warnings).toContain(warning);
});

test.each([
  ['duplicate subset names: v1', '{host: a, subsets: [{name: v1, labels: {v: "1"}}, {name: v1, labels: {v: "2"}}]}'],
  ['subset name is invalid: V1_', '{host: a, subsets: [{name: V1_}]}'],
  ['traffic policy must have at least one field', '{host: a, trafficPolicy: {}}'],
  ['connection pool must have at least one field', '{host: a, trafficPolicy: {connectionPool: {}}}'],
  ['percentage 150 is not in range 0..100', '{host: a, trafficPolicy: {outlierDetection: {maxEjectionPercent: 150}}}'],
])('a DestinationRule is refused: %s', (message, spec) => {
  expect(check('DestinationRule', spec).error).toBe(message);
});

const server = (port: string, rest = '') => `{servers: [{port: {${port}}, hosts: ["*"]${rest}}]}`;
test.each([
  ['gateway must have at least one server', '{}'],
  [
    'invalid protocol "FOO", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP',
    server('number: 80, name: a, protocol: FOO'),
  ],
  [
    'port names in servers must be unique: duplicate name a',
    '{servers: [{port: {number: 80, name: a, protocol: HTTP}, hosts: ["*"]}, {port: {number: 81, name: a, protocol: HTTP}, hosts: ["*"]}]}',
  ],
  ['server must have TLS settings for HTTPS/TLS protocols', server('number: 443, name: a, protocol: HTTPS')],
  [
    '2 errors occurred:\n\t* SIMPLE TLS requires a server certificate\n\t* SIMPLE TLS requires a private key\n\n',
    server('number: 443, name: a, protocol: HTTPS', ', tls: {mode: SIMPLE}'),
  ],
  ['port number 70000 must be in the range 1..65535', server('number: 70000, name: a, protocol: HTTP')],
])('a Gateway is refused: %s', (message, spec) => {
  expect(check('Gateway', spec).error).toBe(message);
});

test('a DENY policy without rules is refused, by name and namespace', () => {
  expect(check('AuthorizationPolicy', '{action: DENY}').error).toBe(
    'invalid policy bad.default: DENY action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request',
  );
});

test('no shape of a spec makes it throw', () => {
  for (const kind of ['VirtualService', 'DestinationRule', 'Gateway', 'AuthorizationPolicy'])
    for (const spec of [
      'null',
      '3',
      '[]',
      '{http: [null, 3, {route: [null, []], match: [null, {uri: 3}]}]}',
      '{servers: [null, 3], subsets: [null], rules: [null, {from: [null]}]}',
    ])
      expect(() => check(kind, spec)).not.toThrow();
});
