// Typical mistakes before any routing: how a healthy world is broken, what is seen, and the first broken link.
import { bookinfo, namespace, to, workload } from './bookinfo.fixture.ts';
import {
  answer,
  injection,
  noSidecar,
  page,
  pods,
  refused,
  reviews,
  split,
  testRows,
  waiting,
  withRules,
} from './mistakes.fixture.ts';

testRows({
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
      mistake: 'the template opts out, in a namespace that says nothing',
      world: noSidecar(bookinfo(), 'details-v1')
        .set('Pod', 'details-v1-abc-12345', ['metadata', 'labels', 'sidecar.istio.io/inject'], 'false')
        .set('Namespace', 'default', ['metadata', 'labels'], {}),
      symptom: pods('app=details', { sidecar: true }),
      code: 'MALLA-INY-06',
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
    ...[
      {
        mistake: 'an image of Jaeger that is not there, beside those of Istio',
        label: ['app', 'jaeger'] as const,
        code: 'MALLA-APP-02',
      },
      { mistake: 'an image of a gateway', label: ['istio', 'egressgateway'] as const, code: 'MALLA-SAL-05' },
    ].map(({ mistake, label: [key, value], code }) => ({
      mistake,
      world: bookinfo()
        .add(...workload('istio-system', 'otro', { [key]: value }, { port: 80, sidecar: false }))
        .set('Pod', 'otro-abc-12345', ['status'], {
          containerStatuses: [{ name: 'otro', state: { waiting: { reason: 'ErrImagePull' } } }],
        }),
      symptom: pods(`${key}=${value}`, { namespace: 'istio-system' }),
      code,
    })),
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
      mistake: 'a profile without egress gateway',
      world: bookinfo(),
      symptom: { type: 'pods', pattern: { namespace: 'istio-system', selector: 'istio=egressgateway', atLeast: 1 } },
      code: 'MALLA-INS-04',
    },
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
      mistake: 'none: the only pod of a Service has just been deleted',
      world: bookinfo().remove('Pod', 'productpage'),
      symptom: page(answer(503, 'no healthy upstream')),
      code: 'MALLA-SAL-06',
      at: 'Deployment productpage-v1',
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
});
