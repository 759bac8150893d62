// What holds for any policies and any request.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TokenOutcome } from '../engine.ts';
import { engineOf, service } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { ana, ask, authz, meshed, nobody, other, peer, plain, policy, selector, server } from './fixtures.ts';

// Few values and few fields at once, so that rules often hold.
const strings = (...known: string[]) => fc.subarray(known, { minLength: 1 });
const field = (name: string, ...known: string[]) =>
  fc.tuple(fc.boolean(), strings(...known)).map(([not, values]) => ({
    [not ? `not${name.charAt(0).toUpperCase()}${name.slice(1)}` : name]: values,
  }));
const upToTwo = (...fields: fc.Arbitrary<Record<string, string[]>>[]) =>
  fc
    .array(fc.oneof(...fields), { minLength: 1, maxLength: 2 })
    .map((all): Record<string, string[]> => Object.assign({}, ...all));
const source = upToTwo(
  field('principals', '*', '*/sa/curl', 'cluster.local/ns/other/*'),
  field('namespaces', 'default', 'oth*'),
  field('requestPrincipals', '*', 'fid@example.com/*'),
  field('ipBlocks', '10.0.0.0/24', '10.0.0.10'),
  field('trustDomains', 'cluster.local', 'x'),
);
const operation = upToTwo(
  field('methods', 'GET', 'POST'),
  field('paths', '/headers', '/status/*', '/{*}', '/a/{**}'),
  field('hosts', 'httpbin:8000', '*'),
  field('ports', '8080', '9090'),
);
const condition = fc.record(
  {
    key: fc.constantFrom(
      'source.ip',
      'request.headers[x-rol]',
      'request.auth.claims[groups]',
      'source.principal',
      'no',
    ),
    values: strings('10.0.0.9', 'admin', 'grupo1', '*'),
    notValues: strings('10.0.0.9', 'admin', 'grupo1'),
  },
  { requiredKeys: ['key'] },
);
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 2 });
const rule = fc.record(
  { from: few(fc.record({ source })), to: few(fc.record({ operation })), when: few(condition) },
  { requiredKeys: [] },
);
const policies = (action: string, minLength: number) =>
  fc
    .array(fc.array(rule, { maxLength: 3 }), { minLength, maxLength: 3 })
    .map((all) => all.map((rules, i) => authz({ action, rules }, { name: `${action.toLowerCase()}-${i}` })));

interface Asking {
  connection: typeof meshed | typeof plain;
  token: TokenOutcome;
  method: string;
  path: string;
  headers: Record<string, string>;
}
const asking: fc.Arbitrary<Asking> = fc.record({
  connection: fc.constantFrom(plain, meshed, other),
  token: fc.constantFrom(nobody, ana),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/headers', '/status/200?x=1', '/a/b/c', '/'),
  headers: fc.constantFrom<Record<string, string>>({}, { 'x-rol': 'admin' }, { 'x-rol': '' }),
});
const mongo = service('mongo', 8080, {
  selector: { app: 'httpbin' },
  ports: [{ name: 'tcp', port: 8080, targetPort: 8080 }],
});

function passes(objects: readonly KubeObject[], { connection, token, ...request }: Asking): boolean {
  return engineOf(...objects).admit(server, connection, ask(request), token).kind === 'admitted';
}
const connects = (objects: readonly KubeObject[], { connection }: Asking): boolean =>
  engineOf(mongo, ...objects).accept(server, connection).refusal === undefined;

describe.each([
  ['requests', passes],
  ['connections', connects],
])('for %s', (_, lets) => {
  test('what is made here lets some through and keeps others out', () => {
    const made = fc.sample(fc.tuple(policies('ALLOW', 1), policies('DENY', 0), asking), { numRuns: 1_000, seed: 1 });
    const through = made.filter(([allow, deny, asked]) => lets([...allow, ...deny], asked)).length;
    expect(through).toBeGreaterThan(15);
    expect(through).toBeLessThan(985);
  });

  test('a DENY more lets nothing more through', () => {
    const some = fc.tuple(policies('ALLOW', 0), policies('DENY', 0), policies('DENY', 1), asking);
    fc.assert(
      fc.property(some, ([allow, deny, more, asked]) => {
        const named = more.map((p) => ({ ...p, metadata: { ...p.metadata, name: `more-${p.metadata.name}` } }));
        if (!lets([...allow, ...deny], asked)) expect(lets([...allow, ...deny, ...named], asked)).toBe(false);
      }),
    );
  });

  test('what a DENY keeps out no ALLOW lets in', () => {
    fc.assert(
      fc.property(policies('ALLOW', 1), policies('DENY', 1), asking, (allow, deny, asked) => {
        if (!lets(deny, asked)) expect(lets([...allow, ...deny], asked)).toBe(false);
      }),
    );
  });

  test('where there is an ALLOW, another keeps nothing more out', () => {
    const some = fc.tuple(policies('ALLOW', 1), policies('ALLOW', 1), policies('DENY', 0), asking);
    fc.assert(
      fc.property(some, ([allow, more, deny, asked]) => {
        const named = more.map((p) => ({ ...p, metadata: { ...p.metadata, name: `more-${p.metadata.name}` } }));
        if (lets([...allow, ...deny], asked)) expect(lets([...allow, ...named, ...deny], asked)).toBe(true);
      }),
    );
  });

  test('an answer does not depend on the order of the objects', () => {
    fc.assert(
      fc.property(policies('ALLOW', 0), policies('DENY', 0), asking, (allow, deny, asked) => {
        expect(lets([...deny.toReversed(), ...allow.toReversed()], asked)).toBe(lets([...allow, ...deny], asked));
      }),
    );
  });
});

test('an ALLOW and a DENY of the same rules are each other’s opposite', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), asking, (rules, asked) => {
      expect(passes([authz({ action: 'ALLOW', rules })], asked)).toBe(
        !passes([authz({ action: 'DENY', rules })], asked),
      );
    }),
  );
});

test('a denial always names the line that decided', () => {
  fc.assert(
    fc.property(policies('ALLOW', 0), policies('DENY', 0), asking, (allow, deny, asked) => {
      const { connection, token, ...request } = asked;
      const admission = engineOf(...allow, ...deny).admit(server, connection, ask(request), token);
      if (admission.kind !== 'denied') return;
      const [kept] = admission.steps.slice(-1);
      expect(kept?.result).toMatch(/^denied/);
      expect(kept?.source).toMatchObject({ kind: 'AuthorizationPolicy', path: expect.stringMatching(/^spec/) });
    }),
  );
});

test('whatever the objects say, there is an answer', () => {
  const spec = fc.oneof(
    fc.jsonValue(),
    fc.record({
      selector: fc.oneof(fc.constant(selector), fc.jsonValue()),
      action: fc.oneof(fc.constantFrom('ALLOW', 'DENY', 'CUSTOM', 'AUDIT'), fc.jsonValue()),
      rules: fc.array(
        fc.record({
          from: fc.array(
            fc.record({ source: fc.dictionary(fc.constantFrom(...Object.keys(anything)), fc.jsonValue()) }),
          ),
          to: fc.jsonValue(),
          when: fc.array(
            fc.record({ key: fc.oneof(fc.string(), fc.constant('source.ip')), values: fc.array(fc.string()) }),
          ),
        }),
      ),
      mtls: fc.jsonValue(),
      portLevelMtls: fc.jsonValue(),
      jwtRules: fc.array(fc.jsonValue()),
      targetRefs: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(spec, asking, (any, { connection, token, ...request }) => {
      const engine = engineOf(mongo, authz(any), peer(any), policy('RequestAuthentication', any));
      engine.accept(server, connection);
      engine.tokenRules(server);
      expect(['admitted', 'denied']).toContain(engine.admit(server, connection, ask(request), token).kind);
    }),
  );
});

const anything = {
  principals: 0,
  notPrincipals: 0,
  ipBlocks: 0,
  namespaces: 0,
  requestPrincipals: 0,
  serviceAccounts: 0,
};
