// Typical mistakes on the way of traffic: how a healthy world is broken, what is seen, and the first broken link.
import { expect, test } from 'vitest';
import { bookinfo, destinationRule, to, virtualService } from './bookinfo.fixture.ts';
import { findCause } from './find-cause.ts';
import { answer, page, refused, reviews, split, testRows, url, waiting, withRules } from './mistakes.fixture.ts';
import { createScene } from './scene.ts';
import type { Symptom } from './symptom.ts';

testRows({
  gateway: [
    { mistake: 'no Gateway', world: bookinfo().remove('Gateway'), symptom: page(refused), code: 'MALLA-PAS-01' },
    {
      mistake: 'the selector',
      world: bookinfo().set('Gateway', 'bookinfo-gateway', ['spec', 'selector', 'istio'], 'ingresgateway'),
      symptom: page(refused),
      code: 'MALLA-PAS-02',
      at: 'Gateway bookinfo-gateway spec.selector',
    },
    {
      mistake: 'the port',
      world: bookinfo().set('Gateway', 'bookinfo-gateway', ['spec', 'servers', 0, 'port', 'number'], 9080),
      symptom: page(refused),
      code: 'MALLA-PAS-03',
      at: 'Gateway bookinfo-gateway spec.servers[0].port.number',
    },
    {
      mistake: 'the hosts',
      world: bookinfo().set('Gateway', 'bookinfo-gateway', ['spec', 'servers', 0, 'hosts'], ['bookinfo.example']),
      symptom: page(answer(404)),
      code: 'MALLA-PAS-04',
    },
    {
      mistake: 'the protocol',
      world: bookinfo()
        .set('Gateway', 'bookinfo-gateway', ['spec', 'servers', 0, 'port', 'protocol'], 'TCP')
        .remove('VirtualService'),
      symptom: page(answer(404)),
      code: 'MALLA-PAS-05',
    },
    {
      mistake: 'a VirtualService that forgets its gateways',
      world: bookinfo().set('VirtualService', 'bookinfo', ['spec', 'gateways'], undefined),
      symptom: page(answer(404)),
      code: 'MALLA-RUT-01',
      at: 'VirtualService bookinfo spec.gateways',
    },
    {
      mistake: 'no VirtualService',
      world: bookinfo().remove('VirtualService'),
      symptom: page(answer(404)),
      code: 'MALLA-RUT-01',
    },
    {
      mistake: 'a gateway that does not exist',
      world: bookinfo().set('VirtualService', 'bookinfo', ['spec', 'gateways'], ['bookinfo-gatway']),
      symptom: page(answer(404)),
      code: 'MALLA-RUT-02',
      at: 'VirtualService bookinfo spec.gateways[0]',
    },
    {
      mistake: 'a path that no rule takes',
      world: bookinfo(),
      symptom: page(answer(404), '/'),
      code: 'MALLA-RUT-03',
      at: 'VirtualService bookinfo spec.http',
    },
    {
      mistake: 'the hosts of the VirtualService',
      world: bookinfo().set('VirtualService', 'bookinfo', ['spec', 'hosts'], ['bookinfo.example']),
      symptom: page(answer(404)),
      code: 'MALLA-RUT-04',
    },
    {
      mistake: 'a destination that is not a Service',
      world: bookinfo().set('VirtualService', 'bookinfo', ['spec', 'http', 0, 'route'], [to('productpag')]),
      symptom: page(answer(503)),
      code: 'MALLA-RUT-10',
      at: 'VirtualService bookinfo spec.http[0].route[0].destination.host',
    },
    {
      mistake: 'a port that the Service does not have',
      world: bookinfo().set('VirtualService', 'bookinfo', ['spec', 'http', 0, 'route', 0, 'destination', 'port'], {
        number: 80,
      }),
      symptom: page(answer(503)),
      code: 'MALLA-RUT-11',
    },
  ],
  subsets: [
    {
      mistake: 'no DestinationRule',
      world: bookinfo().add(reviews(to('reviews', 'v1'))),
      symptom: split({ v1: 1 }),
      code: 'MALLA-DES-01',
      at: 'VirtualService reviews spec.http[0].route[0].destination.subset',
    },
    {
      mistake: 'no DestinationRule, seen as 503',
      world: bookinfo().add(reviews(to('reviews', 'v1'))),
      symptom: page(answer(503), '/api/v1/products/0/reviews'),
      code: 'MALLA-DES-01',
    },
    {
      mistake: 'a subset that is not defined',
      world: withRules(reviews(to('reviews', 'v9'))),
      symptom: split({ v1: 1 }),
      code: 'MALLA-DES-02',
    },
    {
      mistake: 'subset labels that no pod has',
      world: bookinfo().add(
        destinationRule('reviews', 'reviews', { v1: { version: 'v4' } }),
        reviews(to('reviews', 'v1')),
      ),
      symptom: split({ v1: 1 }),
      code: 'MALLA-DES-03',
      at: 'DestinationRule reviews spec.subsets[0].labels',
    },
    {
      mistake: 'the host of the DestinationRule',
      world: bookinfo().add(
        destinationRule('reviews', 'review', { v1: { version: 'v1' } }),
        reviews(to('reviews', 'v1')),
      ),
      symptom: split({ v1: 1 }),
      code: 'MALLA-DES-04',
      at: 'DestinationRule reviews spec.host',
    },
    {
      mistake: 'a subset with the labels of another version',
      world: bookinfo().add(
        destinationRule('reviews', 'reviews', { v1: { version: 'v1' }, v2: { version: 'v3' } }),
        reviews(to('reviews', 'v2')),
      ),
      symptom: split({ v2: 1 }),
      code: 'MALLA-DES-05',
      at: 'DestinationRule reviews spec.subsets[1].labels',
    },
    {
      mistake: 'the DestinationRule in another namespace',
      world: bookinfo().add(
        destinationRule('reviews', 'reviews', { v1: { version: 'v1' } }, 'otro'),
        reviews(to('reviews', 'v1')),
      ),
      symptom: split({ v1: 1 }),
      code: 'MALLA-DES-06',
    },
  ],
  splits: [
    { mistake: 'no VirtualService', world: withRules(), symptom: split({ v1: 90, v2: 10 }), code: 'MALLA-RUT-05' },
    {
      mistake: 'a VirtualService for the gateway only',
      world: withRules(
        virtualService('reviews', ['reviews'], [{ route: [to('reviews', 'v1')] }], { gateways: ['bookinfo-gateway'] }),
      ),
      symptom: split({ v1: 1 }),
      code: 'MALLA-RUT-06',
      at: 'VirtualService reviews spec.gateways',
    },
    {
      mistake: 'two VirtualServices for one host',
      world: withRules(
        reviews(to('reviews', 'v1')),
        virtualService('reviews-canary', ['reviews'], [{ route: [to('reviews', 'v1', 90), to('reviews', 'v2', 10)] }]),
      ),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-RUT-07',
      at: 'VirtualService reviews-canary spec.hosts',
    },
    {
      mistake: 'the VirtualService in another namespace',
      world: withRules(virtualService('reviews', ['reviews'], [{ route: [to('reviews', 'v1')] }], {}, 'otro')),
      symptom: split({ v1: 1 }),
      code: 'MALLA-RUT-08',
      at: 'VirtualService reviews metadata.namespace',
    },
    {
      mistake: 'a slip in the host',
      world: withRules(virtualService('reviews', ['review'], [{ route: [to('reviews', 'v1')] }])),
      symptom: split({ v1: 1 }),
      code: 'MALLA-RUT-08',
      at: 'VirtualService reviews spec.hosts[0]',
    },
    {
      mistake: 'a catch-all rule before',
      world: withRules(
        virtualService(
          'reviews',
          ['reviews'],
          [{ route: [to('reviews', 'v1')] }, { match: [{ headers: {} }], route: [to('reviews', 'v3')] }],
        ),
      ),
      symptom: split({ v3: 1 }),
      code: 'MALLA-RUT-09',
      at: 'VirtualService reviews spec.http[0]',
    },
    {
      mistake: 'a rule left behind',
      world: withRules(reviews(to('reviews', 'v1'))),
      symptom: split({ v1: 1, v2: 1, v3: 1 }),
      code: 'MALLA-RUT-12',
    },
    {
      mistake: 'weights wrong',
      world: withRules(reviews(to('reviews', 'v1', 80), to('reviews', 'v2', 20))),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-REP-01',
      at: 'VirtualService reviews spec.http[0].route[0].weight',
    },
    {
      mistake: 'weights swapped',
      world: withRules(reviews(to('reviews', 'v1', 10), to('reviews', 'v2', 90))),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-REP-02',
      at: 'VirtualService reviews spec.http[0].route',
    },
    {
      mistake: 'a version without destination',
      world: withRules(reviews(to('reviews', 'v1'))),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-REP-03',
    },
    {
      mistake: 'another version',
      world: withRules(reviews(to('reviews', 'v1', 50), to('reviews', 'v2', 50))),
      symptom: split({ v1: 50, v3: 50 }),
      code: 'MALLA-REP-04',
      at: 'VirtualService reviews spec.http[0].route[1].destination.subset',
    },
    {
      mistake: 'sticky sessions',
      world: withRules().set('DestinationRule', 'reviews', ['spec', 'trafficPolicy'], {
        loadBalancer: { consistentHash: { useSourceIp: true } },
      }),
      symptom: split({ v1: 1, v2: 1, v3: 1 }, { decision: 'dependiente' }),
      code: 'MALLA-REP-05',
    },
    {
      mistake: 'no subset in the route',
      world: withRules(reviews(to('reviews'))),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-REP-06',
    },
    {
      mistake: 'a version scaled to 0',
      world: bookinfo().set('Deployment', 'reviews-v3', ['spec', 'replicas'], 0).remove('Pod', 'reviews-v3'),
      symptom: split({ v1: 1, v2: 1, v3: 1 }),
      code: 'MALLA-APP-03',
    },
    {
      mistake: 'no Gateway',
      world: bookinfo().remove('Gateway'),
      symptom: split({ v1: 1, v2: 1, v3: 1 }, { failures: { refused: 40 } }),
      code: 'MALLA-PAS-01',
    },
    {
      mistake: 'right and not yet in force',
      world: withRules(reviews(to('reviews', 'v1', 90), to('reviews', 'v2', 10))),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-SAL-07',
    },
    {
      mistake: 'undecided',
      world: withRules(reviews(to('reviews', 'v1', 90), to('reviews', 'v2', 10))),
      symptom: split({ v1: 90, v2: 10 }, { decision: 'seguir', requests: 5000 }),
      code: 'MALLA-SAL-09',
    },
    {
      mistake: 'a version whose image is gone',
      world: waiting(withRules(reviews(to('reviews', 'v3'))), 'reviews-v3', 'ImagePullBackOff'),
      symptom: split({ v3: 1 }, { failures: { 503: 40 } }),
      code: 'MALLA-SAL-05',
    },
  ],
});

test('a healthy mesh explains a 200 that lacks a text by the page alone', () => {
  const symptom: Symptom = {
    type: 'http',
    pattern: { path: '/productpage', method: 'GET', headers: {}, status: 200, contains: ['x'] },
    url: url('/productpage'),
    answer: answer(200),
  };
  expect(findCause(symptom, createScene(bookinfo().objects)).code).toBe('MALLA-RED-05');
});

test('what no rule explains is what istioctl analyze warns of, if it does', () => {
  const stray = {
    selector: { istio: 'nadie' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['x.es'] }],
  };
  const world = withRules({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'ajeno', namespace: 'default' },
    spec: stray,
  });
  const symptom: Symptom = {
    type: 'http',
    pattern: { path: '/productpage', method: 'GET', headers: {}, status: 200, contains: ['x'] },
    url: url('/productpage'),
    answer: answer(200),
  };
  const cause = findCause(symptom, createScene(world.objects));
  expect([cause.code, cause.message]).toEqual(['MALLA-ANA-01', expect.stringContaining('IST0101')]);
  expect(cause.at).toMatchObject({ kind: 'Gateway', name: 'ajeno' });
});
