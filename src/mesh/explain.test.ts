import { expect, test } from 'vitest';
import type { Decision } from './decision.ts';
import { always, bookinfo, engineOf, get, INGRESS, openGateway, SIDECAR, subsets, virtualService } from './fixtures.ts';

test('the steps of a split name every object responsible', () => {
  const route = [
    { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
    { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
  ];
  const rules = virtualService('reviews', { hosts: ['reviews'], http: [{ route }] });
  const engine = engineOf(...bookinfo(), subsets('reviews', 'v1', 'v2'), rules);
  const { steps } = engine.decide(SIDECAR, get('http://reviews:9080/reviews/0'), always(0.95));
  expect(steps.map((s) => [s.kind, s.result, s.source?.kind, s.source?.path])).toEqual([
    ['listener', 'matched', undefined, undefined],
    ['virtual-host', 'matched', 'VirtualService', 'spec.hosts[0]'],
    ['rule', 'matched', 'VirtualService', 'spec.http[0]'],
    ['destination', 'drawn', 'VirtualService', 'spec.http[0].route[1]'],
    ['subset', 'found', 'DestinationRule', 'spec.subsets[1]'],
    ['endpoint', 'only', undefined, undefined],
  ]);
  expect(steps[3]?.facts).toMatchObject({ weight: 10, total: 100, draw: 0.95, subset: 'v2' });
});

test('a rejected match says which condition failed, what it wanted and what it got', () => {
  const match = [{ headers: { 'end-user': { exact: 'jason' } } }];
  const http = [{ match, route: [{ destination: { host: 'reviews' } }] }];
  const engine = engineOf(...bookinfo(), virtualService('reviews', { hosts: ['reviews'], http }));
  const request = get('http://reviews:9080/', { headers: { 'end-user': 'ana' } });
  const { steps } = engine.decide(SIDECAR, request, always(0));
  expect(steps).toContainEqual({
    kind: 'match',
    result: 'rejected',
    source: expect.objectContaining({ path: 'spec.http[0].match[0].headers.end-user' }),
    facts: { operator: 'exact', expected: 'jason', actual: 'ana', negated: false },
  });
  expect(steps.at(-1)).toMatchObject({ kind: 'reply', result: 'route_not_found', facts: { status: 404, flags: 'NR' } });
});

test('a missing subset is the last step before the reply', () => {
  const http = [{ route: [{ destination: { host: 'reviews', subset: 'v9' } }] }];
  const engine = engineOf(...bookinfo(), virtualService('reviews', { hosts: ['reviews'], http }));
  const { steps } = engine.decide(SIDECAR, get('http://reviews:9080/'), always(0));
  expect(steps.at(-2)).toMatchObject({
    kind: 'subset',
    result: 'subset-not-found',
    source: { path: 'spec.http[0].route[0]' },
  });
});

test('steps and outcome survive JSON', () => {
  const bound = virtualService('b', {
    hosts: ['*'],
    gateways: ['bookinfo-gateway'],
    http: [{ route: [{ destination: { host: 'details' } }] }],
  });
  const decision = engineOf(...bookinfo(), openGateway(), bound).decide(INGRESS, get('http://x:8080/'), always(0));
  const { steps, outcome } = JSON.parse(JSON.stringify(decision)) as Decision;
  expect(steps).toEqual(decision.steps);
  expect(outcome).toMatchObject({ kind: 'forward', cluster: 'outbound|9080||details.default.svc.cluster.local' });
});
