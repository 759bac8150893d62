import { expect, test } from 'vitest';
import { bookinfo, destinationRule, seeded, virtualService } from '../../mesh/fixtures.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { explainRequest } from './explain-request.ts';
import type { ExplainQuestion } from './explained-request.ts';
import { choicesOf } from './parties.ts';

function meshed(objects: readonly KubeObject[]): KubeObject[] {
  return objects.map((o) => {
    if (o.kind !== 'Pod') return o;
    const spec = o.spec as { containers?: { name: string }[] };
    return { ...o, spec: { ...spec, containers: [...(spec.containers ?? []), { name: 'istio-proxy' }] } };
  });
}

const canary = [
  virtualService('reviews', {
    hosts: ['reviews'],
    http: [
      {
        match: [{ headers: { 'end-user': { exact: 'jason' } } }],
        route: [{ destination: { host: 'reviews', subset: 'v2' } }],
      },
      {
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
          { destination: { host: 'reviews', subset: 'v3' }, weight: 10 },
        ],
      },
    ],
  }),
  destinationRule('reviews', {
    host: 'reviews',
    subsets: ['v1', 'v2', 'v3'].map((v) => ({ name: v, labels: { version: v } })),
  }),
];
const objects = meshed([...bookinfo(), ...canary]);
const { clients } = choicesOf(objects);
const productpage = clients.find((c) => c.id.includes('productpage'))?.id ?? '';

function ask(extra: Partial<ExplainQuestion> = {}) {
  const context = { objects, rootNamespace: 'istio-system', random: seeded(1).random };
  const question = { client: productpage, host: 'reviews', port: 9080, method: 'GET', path: '/reviews/0', headers: {} };
  return explainRequest(context, { ...question, ...extra });
}

test('each decision names its object and its line', () => {
  const steps = ask()?.hops.flatMap((hop) => hop.steps) ?? [];
  const texts = ask()?.objects ?? {};
  const drawn = steps.find((s) => s.source?.path.startsWith('spec.http[1].route['));
  expect(drawn?.text).toMatch(/de 100/);
  const yaml = texts['VirtualService default/reviews']?.split('\n') ?? [];
  expect(yaml[(drawn?.source?.line ?? 0) - 1]).toMatch(/destination:/);
});

test('a rule that does not fit says what it wanted and what it found', () => {
  const skipped = ask()?.hops[0]?.steps.find((s) => s.tone === 'skipped');
  expect(skipped?.source?.path).toBe('spec.http[0].match[0].headers.end-user');
  expect(skipped?.text).toContain('jason');
});

test('the shares of a thousand like it follow the weights', () => {
  const { shares = [], draws = 0 } = ask() ?? {};
  const v3 = shares.find((s) => s.to.startsWith('reviews-v3'))?.count ?? 0;
  expect(shares.reduce((sum, s) => sum + s.count, 0)).toBe(draws);
  expect(v3).toBeGreaterThan(50);
  expect(v3).toBeLessThan(160);
});

test('a header changes the way', () => {
  expect(ask({ headers: { 'End-User': 'jason' } })?.shares).toEqual([
    { to: expect.stringMatching(/^reviews-v2/), count: 1000 },
  ]);
});

test('a client that is gone is no client', () => {
  expect(ask({ client: 'sidecar/default/nobody' })).toBeUndefined();
});
