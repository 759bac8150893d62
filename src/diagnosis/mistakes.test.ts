// Typical mistakes, one row each: how a healthy world is broken, what is seen, and the first broken link.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../mesh/objects.ts';
import type { Answer } from '../traffic/load.ts';
import {
  bookinfo,
  destinationRule,
  namespace,
  reviewsRule,
  to,
  virtualService,
  type World,
} from './bookinfo.fixture.ts';
import { findCause } from './find-cause.ts';
import { createScene } from './scene.ts';
import type { MeasuredSplit, Symptom } from './symptom.ts';

const url = (path: string): URL => new URL(`http://127.0.0.1:31380${path}`);
const answer = (status: number, body = ''): Answer => ({ status, headers: {}, body, milliseconds: 1 });
const refused: Answer = { ...answer(0), failure: 'refused' };
const page = (seen: Answer, path = '/productpage'): Symptom => ({
  type: 'http',
  pattern: { path, method: 'GET', headers: {}, status: 200, contains: [] },
  url: url(path),
  answer: seen,
});
const pods = (selector: string, more: { sidecar?: boolean; atLeast?: number; namespace?: string } = {}): Symptom => ({
  type: 'pods',
  pattern: { namespace: 'default', atLeast: 1, selector, ...more },
});
const injection: Symptom = { type: 'inyeccion', namespace: 'default' };
const split = (expected: Record<string, number>, measured: Partial<MeasuredSplit> = {}): Symptom => ({
  type: 'reparto',
  pattern: {
    path: '/api/v1/products/0/reviews',
    headers: {},
    classes: { v1: 'reviews-v1-', v2: 'reviews-v2-', v3: 'reviews-v3-' },
    expected,
  },
  url: url('/api/v1/products/0/reviews'),
  measured: { decision: 'incorrecto', requests: 40, counts: {}, failures: {}, ...measured },
});
const reviews = (...route: unknown[]): KubeObject => virtualService('reviews', ['reviews'], [{ route }]);
/** Bookinfo with subsets and these VirtualServices. */
const withRules = (...rules: KubeObject[]): World => bookinfo().add(reviewsRule(), ...rules);
const noSidecar = (w: World, name: string): World =>
  w.set('Pod', `${name}-abc-12345`, ['spec', 'initContainers'], undefined);
const waiting = (w: World, name: string, reason: string): World =>
  w.set('Pod', `${name}-abc-12345`, ['status'], {
    phase: 'Pending',
    containerStatuses: [{ name: 'reviews', state: { waiting: { reason } } }],
  });

interface Row {
  mistake: string;
  world: World;
  symptom: Symptom;
  code: string;
  at?: string;
}

const rows: Record<string, Row[]> = {
  installation: [
    {
      mistake: 'nothing installed',
      world: bookinfo().remove('Deployment', 'istio').remove('Pod', 'istio'),
      symptom: pods('app=istiod', { namespace: 'istio-system' }),
      code: 'MALLA-INS-01',
    },
    {
      mistake: 'a profile without ingress gateway',
      world: bookinfo().remove('Deployment', 'istio-ingress').remove('Pod', 'istio-ingress'),
      symptom: pods('app=istio-ingressgateway', { namespace: 'istio-system' }),
      code: 'MALLA-INS-02',
    },
    {
      mistake: 'no ingress gateway, seen from outside',
      world: bookinfo().remove('Deployment', 'istio-ingress').remove('Pod', 'istio-ingress'),
      symptom: page(refused),
      code: 'MALLA-INS-02',
    },
    {
      mistake: 'no injection webhook',
      world: bookinfo().remove('MutatingWebhookConfiguration'),
      symptom: injection,
      code: 'MALLA-INS-03',
    },
    {
      mistake: 'a CRD that istioctl did not get to',
      world: bookinfo(),
      symptom: {
        type: 'objeto',
        pattern: {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          name: 'virtualservices.networking.istio.io',
          exists: true,
        },
        found: undefined,
        differences: [],
      },
      code: 'MALLA-INS-03',
    },
  ],
  injection: [
    {
      mistake: 'no label',
      world: bookinfo().set('Namespace', 'default', ['metadata', 'labels'], {}),
      symptom: injection,
      code: 'MALLA-INY-01',
      at: 'Namespace default',
    },
    {
      mistake: 'istio-injectio=enabled',
      world: bookinfo().set('Namespace', 'default', ['metadata', 'labels'], { 'istio-injectio': 'enabled' }),
      symptom: injection,
      code: 'MALLA-INY-02',
      at: 'Namespace default metadata.labels.istio-injectio',
    },
    {
      mistake: 'istio_injection=enabled',
      world: bookinfo().set('Namespace', 'default', ['metadata', 'labels'], { istio_injection: 'enabled' }),
      symptom: injection,
      code: 'MALLA-INY-02',
    },
    ...['true', 'disabled'].map((value) => ({
      mistake: `istio-injection=${value}`,
      world: bookinfo().set('Namespace', 'default', ['metadata', 'labels'], { 'istio-injection': value }),
      symptom: injection,
      code: 'MALLA-INY-03',
    })),
    {
      mistake: 'the label on another namespace',
      world: bookinfo()
        .set('Namespace', 'default', ['metadata', 'labels'], {})
        .add(namespace('bookinfo', { 'istio-injection': 'enabled' })),
      symptom: injection,
      code: 'MALLA-INY-04',
    },
    {
      mistake: 'not restarted',
      world: noSidecar(bookinfo(), 'details-v1'),
      symptom: pods('app=details', { sidecar: true }),
      code: 'MALLA-INY-05',
      at: 'Deployment details-v1',
    },
    {
      mistake: 'the template opts out',
      world: noSidecar(bookinfo(), 'details-v1').set(
        'Pod',
        'details-v1-abc-12345',
        ['metadata', 'labels', 'sidecar.istio.io/inject'],
        'false',
      ),
      symptom: pods('app=details', { sidecar: true }),
      code: 'MALLA-INY-06',
      at: 'Deployment details-v1 spec.template.metadata.labels["sidecar.istio.io/inject"]',
    },
    {
      mistake: 'hostNetwork',
      world: noSidecar(bookinfo(), 'details-v1').set('Pod', 'details-v1-abc-12345', ['spec', 'hostNetwork'], true),
      symptom: pods('app=details', { sidecar: true }),
      code: 'MALLA-INY-07',
    },
    {
      mistake: 'a sidecar too many',
      world: bookinfo(),
      symptom: pods('app=details', { sidecar: false }),
      code: 'MALLA-INY-08',
    },
    {
      mistake: 'a revision that is not installed',
      world: bookinfo().set('Namespace', 'default', ['metadata', 'labels'], { 'istio.io/rev': 'canary' }),
      symptom: injection,
      code: 'MALLA-INY-09',
    },
    {
      mistake: 'the caller has no sidecar',
      world: noSidecar(withRules(reviews(to('reviews', 'v1', 90), to('reviews', 'v2', 10))), 'productpage-v1'),
      symptom: split({ v1: 90, v2: 10 }),
      code: 'MALLA-INY-10',
      at: 'Deployment productpage-v1',
    },
  ],
  workloads: [
    { mistake: 'never applied', world: bookinfo(), symptom: pods('app=hello'), code: 'MALLA-APP-01' },
    {
      mistake: 'an image that is not there',
      world: waiting(bookinfo(), 'reviews-v2', 'ImagePullBackOff'),
      symptom: pods('app=reviews'),
      code: 'MALLA-APP-02',
      at: 'Deployment reviews-v2 spec.template.spec.containers[0].image',
    },
    {
      mistake: 'replicas 0',
      world: bookinfo().set('Deployment', 'details-v1', ['spec', 'replicas'], 0).remove('Pod', 'details'),
      symptom: pods('app=details'),
      code: 'MALLA-APP-03',
      at: 'Deployment details-v1 spec.replicas',
    },
    {
      mistake: 'too few replicas',
      world: bookinfo(),
      symptom: pods('app=details', { atLeast: 2 }),
      code: 'MALLA-APP-03',
    },
    {
      mistake: 'a program that crashes',
      world: waiting(bookinfo(), 'reviews-v2', 'CrashLoopBackOff'),
      symptom: pods('app=reviews'),
      code: 'MALLA-APP-04',
    },
    {
      mistake: 'a missing ConfigMap',
      world: waiting(bookinfo(), 'reviews-v2', 'CreateContainerConfigError'),
      symptom: pods('app=reviews'),
      code: 'MALLA-APP-04',
    },
    {
      mistake: 'no node fits',
      world: bookinfo().set('Pod', 'details-v1-abc-12345', ['status'], {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
        ],
      }),
      symptom: pods('app=details'),
      code: 'MALLA-APP-05',
    },
    {
      mistake: 'running and not ready',
      world: bookinfo().set('Pod', 'details-v1-abc-12345', ['status', 'conditions'], []),
      symptom: pods('app=details'),
      code: 'MALLA-APP-06',
    },
    {
      mistake: 'still starting',
      world: waiting(bookinfo(), 'reviews-v2', 'ContainerCreating'),
      symptom: pods('app=reviews'),
      code: 'MALLA-SAL-06',
    },
    { mistake: 'a slip in the label', world: bookinfo(), symptom: pods('app=detail'), code: 'MALLA-APP-10' },
    {
      mistake: 'a quota refuses the pods',
      world: bookinfo()
        .remove('Pod', 'details')
        .set(
          'Deployment',
          'details-v1',
          ['status', 'conditions'],
          [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' }],
        ),
      symptom: pods('app=details'),
      code: 'MALLA-APP-11',
    },
    {
      mistake: 'applied in another namespace',
      world: bookinfo(),
      symptom: pods('app=details', { namespace: 'otro' }),
      code: 'MALLA-APP-12',
    },
    {
      mistake: 'the selector of the Service',
      world: bookinfo().set('Service', 'productpage', ['spec', 'selector'], { app: 'product' }),
      symptom: page(answer(503, 'no healthy upstream')),
      code: 'MALLA-APP-08',
      at: 'Service productpage spec.selector',
    },
    {
      mistake: 'the targetPort of the Service',
      world: bookinfo().set('Service', 'reviews', ['spec', 'ports', 0, 'targetPort'], 80),
      symptom: page(answer(503)),
      code: 'MALLA-APP-09',
      at: 'Service reviews spec.ports[0].targetPort',
    },
    {
      mistake: 'no Service',
      world: bookinfo().remove('Service', 'productpage'),
      symptom: page(answer(503)),
      code: 'MALLA-APP-07',
    },
    {
      mistake: 'replicas 0, seen from outside',
      world: bookinfo().set('Deployment', 'productpage-v1', ['spec', 'replicas'], 0).remove('Pod', 'productpage'),
      symptom: page(answer(503, 'no healthy upstream')),
      code: 'MALLA-APP-03',
    },
  ],
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
};

for (const [area, table] of Object.entries(rows)) {
  describe(area, () => {
    for (const { mistake, world, symptom, code, at } of table) {
      test(`${mistake} → ${code}`, () => {
        const cause = findCause(symptom, createScene(world.objects));
        expect(cause.code, cause.message).toBe(code);
        if (at) expect([cause.at?.kind, cause.at?.name, cause.at?.path].join(' ')).toContain(at);
      });
    }
  });
}

test('a healthy mesh explains a 200 that lacks a text by the page alone', () => {
  const symptom: Symptom = {
    type: 'http',
    pattern: { path: '/productpage', method: 'GET', headers: {}, status: 200, contains: ['x'] },
    url: url('/productpage'),
    answer: answer(200),
  };
  expect(findCause(symptom, createScene(bookinfo().objects)).code).toBe('MALLA-RED-05');
});
