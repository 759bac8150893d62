import { describe, expect, test } from 'vitest';
import type { Proxy as MeshProxy, MeshRequest, TokenOutcome } from '../engine.ts';
import { engineOf } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { ask, authz, gateway, meshed, nobody, peer, plain, policy, selector, server } from './fixtures.ts';

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
      'a selector in the root namespace, which is passed over',
      [peer({ selector, mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' })],
      true,
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

  test('of several that deny, the first by name is told', () => {
    const objects = ['b', 'a', 'a-b'].map((name, i) => authz({ action: 'DENY', ...get }, { name, age: i + 1 }));
    expect(denial(objects)?.details).toBe('rbac_access_denied_matched_policy[ns[default]-policy[a-b]-rule[0]]');
  });

  test('with targetRefs it is for a gateway of its own namespace and no other', () => {
    const labels = { 'gateway.networking.k8s.io/gateway-name': 'web' };
    const web: MeshProxy = { kind: 'gateway', namespace: 'default', labels };
    const spec = { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' }] };
    expect(denial([authz(spec)], {}, web)).toBeDefined();
    expect(denial([authz(spec, { namespace: 'istio-system' })], {}, web)).toBeUndefined();
    expect(denial([authz(spec)], {}, server)).toBeUndefined();
  });

  test('what did not fit is explained by its line', () => {
    const { steps } = verdict([authz({ rules: [{ from: [{ source: { namespaces: ['other'] } }], ...get.rules[0] }] })]);
    expect(steps.map((s) => [s.result, s.source?.path])).toEqual([
      ['skipped', 'spec.rules[0].from[0].source.namespaces'],
      ['denied-by-default', 'spec'],
    ]);
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
