import { describe, expect, test } from 'vitest';
import type { TokenOutcome } from '../engine.ts';
import { engineOf, pod, service } from '../fixtures.ts';
import { indexMesh } from '../index-mesh.ts';
import { ask, authz, from, gateway, meshed, nobody, operation, server, source } from './fixtures.ts';

const mongo = service('mongo', 27017, {
  selector: { app: 'httpbin' },
  ports: [{ name: 'tcp', port: 27017, targetPort: 27017 }],
});
const opa = service('opa', 9191, {}, 'opa');
const toMongo = { ...meshed, port: 27017 };
const jwtRule = { kind: 'RequestAuthentication', namespace: 'default', name: 'fid', path: 'spec.jwtRules[0]' };
const get = operation({ methods: ['GET'] });

test('a gateway asks its policies about connections whose bytes it does not read', () => {
  const policy = authz(
    {
      action: 'DENY',
      rules: [source({ ipBlocks: ['10.9.0.0/16'] })],
      selector: { matchLabels: { istio: 'ingressgateway' } },
    },
    { namespace: 'istio-system' },
  );
  const refusal = (address: string) => engineOf(policy).accept(gateway, { ...from(address), port: 31400 }).refusal;
  expect(refusal('10.9.1.1')?.details).toBe('rbac_access_denied_matched_policy[ns[istio-system]-policy[fid]-rule[0]]');
  expect(refusal('10.8.1.1')).toBeUndefined();
});

describe('on a TCP port', () => {
  const end = (spec: object) =>
    engineOf(mongo, pod('m', { app: 'httpbin' }), authz(spec)).accept(server, toMongo).refusal?.details;
  const ours = source({ namespaces: ['default'] });

  test('a connection that policies do not let in is closed', () => {
    expect(end({ rules: [ours] })).toBeUndefined();
    expect(end({ rules: [source({ namespaces: ['other'] })] })).toBe('rbac_access_denied_matched_policy[none]');
  });

  test('an ALLOW rule that speaks of requests anywhere holds for nothing', () => {
    const entries = { from: [...ours.from, ...source({ requestPrincipals: ['*'] }).from] };
    for (const rule of [get, { ...ours, ...get }, entries, { when: [{ key: 'request.headers[x]', notValues: ['1'] }] }])
      expect(end({ rules: [rule] })).toBe('rbac_access_denied_matched_policy[none]');
    expect(end({ rules: [get, ours] })).toBeUndefined();
  });

  test('a DENY rule holds by the parts that do not', () => {
    const matched = 'rbac_access_denied_matched_policy[ns[default]-policy[fid]-rule[0]]';
    expect(end({ action: 'DENY', rules: [get] })).toBe(matched);
    expect(end({ action: 'DENY', rules: [{ ...ours, ...get }] })).toBe(matched);
    expect(end({ action: 'DENY', rules: [{ ...source({ namespaces: ['other'] }), ...get }] })).toBeUndefined();
  });

  test('the step names the part that cannot be asked there', () => {
    const { steps } = engineOf(mongo, authz({ rules: [{ ...ours, ...get }] })).accept(server, toMongo);
    expect(steps[0]).toMatchObject({
      result: 'skipped',
      source: { path: 'spec.rules[0].to[0].operation.methods' },
    });
  });
});

describe('CUSTOM', () => {
  const custom = authz({ action: 'CUSTOM', provider: { name: 'opa' }, rules: [get] });
  const engine = (provider?: object, policy = custom) =>
    indexMesh({
      objects: [mongo, opa, policy],
      rootNamespace: 'istio-system',
      ...(provider && { meshConfig: { extensionProviders: [{ name: 'opa', ...provider }] } }),
    });
  const answer = (provider?: object, token: TokenOutcome = nobody) => {
    const admission = engine(provider).admit(server, meshed, ask(), token);
    const { status, details, flags } = admission.kind === 'denied' ? admission.reply : {};
    return { result: admission.steps.at(-1)?.result, status, details, flags };
  };
  const grpc = { service: 'opa.opa.svc.cluster.local', port: 9191 };
  const bad = 'istio-ext-authz-opa-ns[default]-policy[fid]-rule[0]-deny-due-to-bad-CUSTOM-action';

  test('of a provider that nobody defined keeps out what it would have asked about', () => {
    const denied = { status: 403, details: `rbac_access_denied_matched_policy[${bad}]`, flags: [] };
    for (const provider of [
      undefined,
      { zipkin: {} },
      { envoyExtAuthzGrpc: { ...grpc, service: 'gone.opa.svc.cluster.local' } },
      { envoyExtAuthzGrpc: { ...grpc, port: 0 } },
      { envoyExtAuthzHttp: { ...grpc, statusOnError: 'mil' } },
    ])
      expect(answer(provider)).toEqual({ result: 'unanswered', ...denied });
    expect(engine().admit(server, meshed, ask({ method: 'POST' }), nobody).kind).toBe('admitted');
  });

  test('of one that does not answer ends as the provider says', () => {
    const unanswered = { result: 'unanswered', details: 'ext_authz_error', flags: ['UAEX'] };
    expect(answer({ envoyExtAuthzGrpc: grpc })).toEqual({ ...unanswered, status: 403 });
    expect(answer({ envoyExtAuthzHttp: { ...grpc, statusOnError: '503' } })).toEqual({ ...unanswered, status: 503 });
    expect(answer({ envoyExtAuthzGrpc: { ...grpc, failOpen: true } })).toMatchObject({
      result: 'unanswered-open',
      status: undefined,
    });
  });

  test('is asked before the token is looked at', () => {
    const token = { kind: 'invalid', body: 'Jwt is expired', details: 'x', source: jwtRule } as const;
    expect(answer(undefined, token).status).toBe(403);
    expect(answer({ envoyExtAuthzGrpc: { ...grpc, failOpen: true } }, token).status).toBe(401);
  });

  test('on a TCP port only a provider of gRPC is asked', () => {
    const details = (provider?: object) => engine(provider).accept(server, toMongo).refusal?.details;
    expect(details()).toBe(`rbac_access_denied_matched_policy[${bad}]`);
    expect(details({ envoyExtAuthzHttp: grpc })).toBeUndefined();
    expect(details({ envoyExtAuthzGrpc: grpc })).toBe('ext_authz_denied');
  });

  test('names the line of its rule', () => {
    expect(engine().admit(server, meshed, ask(), nobody).steps.at(-1)?.source?.path).toBe('spec.rules[0]');
  });
});
