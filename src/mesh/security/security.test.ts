import { describe, expect, test } from 'vitest';
import type { InboundConnection, Proxy as MeshProxy, MeshRequest, TokenOutcome } from '../engine.ts';
import { engineOf, pod, service } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';

const server: MeshProxy = { kind: 'sidecar', namespace: 'default', labels: { app: 'httpbin' } };
const gateway: MeshProxy = { kind: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } };
const plain: InboundConnection = { port: 8080, sourceAddress: '10.0.0.9', destinationAddress: '10.0.0.5' };
const meshed = { ...plain, principal: 'spiffe://cluster.local/ns/default/sa/curl' };
const nobody: TokenOutcome = { kind: 'none' };
const ana: TokenOutcome = {
  kind: 'valid',
  issuer: 'fid@example.com',
  subject: 'ana',
  claims: {
    iss: 'fid@example.com',
    sub: 'ana',
    aud: ['tienda'],
    groups: ['grupo1', 'grupo9'],
    realm: { roles: ['admin'] },
    scope: 'leer escribir',
  },
};

function policy(
  kind: string,
  spec: unknown,
  { name = 'fid', namespace = 'default', age = 1, annotations = {} } = {},
): KubeObject {
  return {
    apiVersion: 'security.istio.io/v1',
    kind,
    metadata: { name, namespace, annotations, creationTimestamp: `2026-01-0${age}T00:00:00Z` },
    spec,
  };
}
const peer = (spec: unknown, extra = {}) => policy('PeerAuthentication', spec, extra);
const authz = (spec: unknown, extra = {}) => policy('AuthorizationPolicy', spec, extra);
const selector = { matchLabels: { app: 'httpbin' } };

function ask(extra: Partial<MeshRequest> = {}): MeshRequest {
  return { authority: 'httpbin:8000', port: 8080, method: 'GET', path: '/headers', headers: {}, ...extra };
}

describe('PeerAuthentication', () => {
  const accepted = (objects: KubeObject[], connection = plain, proxy: MeshProxy = server) =>
    engineOf(...objects).accept(proxy, connection).refusal === undefined;

  test.each([
    ['nothing said', [], true],
    ['the mesh STRICT', [peer({ mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' })], false],
    ['the namespace STRICT', [peer({ mtls: { mode: 'STRICT' } })], false],
    ['another namespace STRICT', [peer({ mtls: { mode: 'STRICT' } }, { namespace: 'other' })], true],
    ['the workload STRICT', [peer({ selector, mtls: { mode: 'STRICT' } })], false],
    ['another workload STRICT', [peer({ selector: { matchLabels: { app: 'x' } }, mtls: { mode: 'STRICT' } })], true],
    [
      'the port PERMISSIVE again',
      [peer({ selector, mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } })],
      true,
    ],
    [
      'the workload PERMISSIVE in a STRICT mesh',
      [
        peer({ mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' }),
        peer({ selector, mtls: { mode: 'PERMISSIVE' } }),
      ],
      true,
    ],
    [
      'the workload UNSET in a STRICT mesh',
      [peer({ mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' }), peer({ selector, mtls: { mode: 'UNSET' } })],
      false,
    ],
    [
      'two of a namespace, the older PERMISSIVE',
      [
        peer({ mtls: { mode: 'STRICT' } }, { name: 'b', age: 2 }),
        peer({ mtls: { mode: 'PERMISSIVE' } }, { name: 'a' }),
      ],
      true,
    ],
  ])('plain text, %s', (_, objects, taken) => {
    expect(accepted(objects)).toBe(taken);
    expect(accepted(objects, meshed)).toBe(true);
  });

  test('a refusal ends the connection as Envoy does, and names the line', () => {
    const { refusal, steps } = engineOf(peer({ mtls: { mode: 'STRICT' } })).accept(server, plain);
    expect(refusal).toEqual({ kind: 'closed', details: 'filter_chain_not_found', flags: ['NR'] });
    expect(steps.at(-1)?.source).toMatchObject({ kind: 'PeerAuthentication', path: 'spec.mtls.mode' });
  });

  test('DISABLE tells clients not to use mutual TLS; gateways are not asked', () => {
    const engine = engineOf(peer({ mtls: { mode: 'DISABLE' } }));
    expect(engine.takesMutualTls(server, 8080)).toBe(false);
    expect(accepted([peer({ mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' })], plain, gateway)).toBe(true);
  });
});

interface Case {
  rule: object;
  holds?: [Partial<MeshRequest>?, InboundConnection?, TokenOutcome?];
  fails?: [Partial<MeshRequest>?, InboundConnection?, TokenOutcome?];
}
const source = (s: object) => ({ from: [{ source: s }] });
const operation = (o: object) => ({ to: [{ operation: o }] });
const when = (key: string, values: string[], notValues: string[] = []) => ({ when: [{ key, values, notValues }] });
const other = { ...plain, principal: 'spiffe://cluster.local/ns/other/sa/web' };
const from = (sourceAddress: string): InboundConnection => ({ ...plain, sourceAddress });

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
  'paths template, both': {
    rule: operation({ paths: ['/{*}/x/{**}/z'] }),
    holds: [{ path: '/a/x/b/c/z' }],
    fails: [{ path: '/a/y/b/z' }],
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

describe('AuthorizationPolicy', () => {
  const get = { rules: [{ to: [{ operation: { methods: ['GET'] } }] }] };
  const verdict = (objects: KubeObject[], request: Partial<MeshRequest> = {}, proxy: MeshProxy = server) =>
    engineOf(...objects).admit(proxy, meshed, ask(request), nobody);
  const denial = (...args: Parameters<typeof verdict>) => {
    const admission = verdict(...args);
    return admission.kind === 'denied' ? admission.reply : undefined;
  };

  test('none at all lets everything in, an empty one nothing', () => {
    expect(verdict([]).kind).toBe('admitted');
    expect(denial([authz({})])).toMatchObject({
      status: 403,
      body: 'RBAC: access denied',
      details: 'rbac_access_denied_matched_policy[none]',
      flags: [],
    });
    expect(verdict([authz({ rules: [{}] })]).kind).toBe('admitted');
  });

  test('DENY comes before ALLOW and is told by its rule', () => {
    const objects = [
      authz({ rules: [{}] }, { name: 'all' }),
      authz(
        { action: 'DENY', rules: [{ to: [{ operation: { methods: ['PUT'] } }] }, ...get.rules] },
        { name: 'no-get' },
      ),
    ];
    expect(denial(objects)?.details).toBe('rbac_access_denied_matched_policy[ns[default]-policy[no-get]-rule[1]]');
    expect(verdict(objects, { method: 'POST' }).kind).toBe('admitted');
  });

  test('of the root namespace it is for all, of another for nobody else, with a selector for its own', () => {
    expect(denial([authz({}, { namespace: 'istio-system' })])).toBeDefined();
    expect(denial([authz({}, { namespace: 'other' })])).toBeUndefined();
    expect(denial([authz({ selector: { matchLabels: { app: 'x' } } })])).toBeUndefined();
    expect(denial([authz({ selector })])).toBeDefined();
    expect(
      denial(
        [authz({ selector: { matchLabels: { istio: 'ingressgateway' } } }, { namespace: 'istio-system' })],
        {},
        gateway,
      ),
    ).toBeDefined();
  });

  test('AUDIT and a dry run decide nothing and are noted', () => {
    const noted = verdict([
      authz({ action: 'AUDIT', ...get }),
      authz({ action: 'DENY', ...get }, { name: 'try', annotations: { 'istio.io/dry-run': 'true' } }),
    ]);
    expect(noted.kind).toBe('admitted');
    expect(noted.steps.map((s) => s.result)).toEqual(['noted', 'noted']);
  });

  test('CUSTOM is refused: there is nobody to ask', () => {
    const refused = verdict([authz({ action: 'CUSTOM', provider: { name: 'opa' }, ...get })]);
    expect(refused).toMatchObject({ kind: 'denied', reply: { status: 403, flags: ['UAEX'] } });
    expect(refused.steps.at(-1)).toMatchObject({ result: 'unanswered', source: { path: 'spec.rules[0]' } });
  });

  test('what did not fit is explained by its line', () => {
    const { steps } = verdict([authz({ rules: [{ from: [{ source: { namespaces: ['other'] } }], ...get.rules[0] }] })]);
    expect(steps.map((s) => [s.result, s.source?.path])).toEqual([
      ['skipped', 'spec.rules[0].from[0].source.namespaces'],
      ['denied-by-default', 'spec'],
    ]);
  });

  test('on a TCP port a connection is closed; what speaks of requests cannot be asked there', () => {
    const mongo = service('mongo', 27017, {
      selector: { app: 'httpbin' },
      ports: [{ name: 'tcp', port: 27017, targetPort: 27017 }],
    });
    const end = (spec: object) =>
      engineOf(mongo, pod('m', { app: 'httpbin' }), authz(spec)).accept(server, { ...meshed, port: 27017 }).refusal
        ?.details;
    expect(end({ rules: [source({ namespaces: ['default'] })] })).toBeUndefined();
    expect(end({ rules: [source({ namespaces: ['other'] })] })).toBe('rbac_access_denied_matched_policy[none]');
    expect(end({ rules: [operation({ methods: ['GET'] })] })).toBe('rbac_access_denied_matched_policy[none]');
    expect(end({ action: 'DENY', rules: [operation({ methods: ['GET'] })] })).toBe(
      'rbac_access_denied_matched_policy[ns[default]-policy[fid]-rule[0]]',
    );
  });
});

test('a token that is refused gives Envoy’s answer', () => {
  const token: TokenOutcome = {
    kind: 'invalid',
    body: 'Jwt is expired',
    details: 'jwt_authn_access_denied{Jwt_is_expired}',
    source: { kind: 'RequestAuthentication', namespace: 'default', name: 'fid', path: 'spec.jwtRules[0]' },
  };
  expect(engineOf().admit(server, meshed, ask({ path: '/a?b=c' }), token)).toMatchObject({
    kind: 'denied',
    reply: {
      status: 401,
      headers: {
        'www-authenticate': 'Bearer realm="http://httpbin:8000/a?b=c", error="invalid_token"',
        'content-type': 'text/plain',
      },
    },
  });
});

test('token rules say where to look', () => {
  const rules = engineOf(
    policy('RequestAuthentication', {
      jwtRules: [
        { issuer: 'a', jwks: '{}' },
        { issuer: 'b', jwksUri: 'http://x/', fromParams: ['t'] },
      ],
    }),
  ).tokenRules(server);
  expect(rules).toMatchObject([
    { issuer: 'a', fromHeaders: [{ name: 'authorization', prefix: 'Bearer ' }], fromParams: ['access_token'] },
    { issuer: 'b', fromHeaders: [], fromParams: ['t'], source: { path: 'spec.jwtRules[1]' } },
  ]);
});
