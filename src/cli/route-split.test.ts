import { expect, test } from 'vitest';
import { openGateway, virtualService } from '../mesh/fixtures.ts';
import { describe } from './commands/measure.ts';
import { countersOf, destinationCounts, requestsFor } from './route-split.ts';

const page = (v1: number, v2: number) => `outbound|9080|v1|reviews.default.svc.cluster.local::observability_name::x
outbound|9080|v1|reviews.default.svc.cluster.local::10.0.0.1:9080::rq_success::5
outbound|9080|v1|reviews.default.svc.cluster.local::10.0.0.1:9080::rq_total::${v1}
outbound|9080|v2|reviews.default.svc.cluster.local::10.0.0.2:9080::rq_total::${v2}
outbound|9080|v2|reviews.default.svc.cluster.local::[fd00::2]:9080::rq_total::1
inbound|9080||::10.0.0.3:9080::rq_total::99
`;
const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight });
const reviews = virtualService('reviews', { hosts: ['reviews'], http: [{ route: [to('v1', 90), to('v2', 10)] }] });

test('requests are counted by destination, over all endpoints', () => {
  expect(destinationCounts(reviews, countersOf(page(1, 1)), countersOf(page(91, 11)))).toEqual([
    { host: 'reviews.default.svc.cluster.local', subset: 'v1', requests: 90 },
    { host: 'reviews.default.svc.cluster.local', subset: 'v2', requests: 10 },
  ]);
});

test('a proxy that starts again is no negative count', () => {
  expect(destinationCounts(reviews, countersOf(page(50, 1)), countersOf(page(0, 3)))[0]?.requests).toBe(0);
});

test('routes of a gateway are asked by their own paths, those of the mesh by the pages that lead to them', () => {
  const page_ = virtualService('bookinfo', {
    hosts: ['*'],
    gateways: ['bookinfo-gateway'],
    http: [
      {
        match: [
          { uri: { exact: '/productpage' } },
          { uri: { prefix: '/static' } },
          { uri: { regex: '.*' } },
          { method: { exact: 'POST' }, uri: { exact: '/login' } },
        ],
      },
    ],
  });
  const named = virtualService('web', { hosts: ['web.example.com'], gateways: ['bookinfo-gateway'], http: [{}] });
  expect(requestsFor(page_, [page_, named])).toEqual([{ path: '/productpage' }, { path: '/static' }]);
  expect(requestsFor(named, [page_, named])).toEqual([{ path: '/', host: 'web.example.com' }]);
  expect(requestsFor(reviews, [page_, reviews, openGateway()])).toEqual([
    { path: '/productpage' },
    { path: '/static' },
  ]);
});

test('the report says shares of what has passed', () => {
  const destinations = [
    { host: 'reviews', subset: 'v1', requests: 3 },
    { host: 'reviews', subset: 'v2', requests: 1 },
  ];
  expect(describe({ route: 'r', namespace: 'd', sent: 4, unanswered: 0, destinations, milliseconds: 1 })).toContain(
    '75,0 %',
  );
});
