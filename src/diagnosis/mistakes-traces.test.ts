// Typical mistakes in traces: a healthy world broken in one way, what a check saw, and its first broken link.
import { bookinfo, to, virtualService } from './bookinfo.fixture.ts';
import { noSidecar, refused, testRows } from './mistakes.fixture.ts';
import { observed, spansOf, trace, traced, tracing } from './telemetry.fixture.ts';

testRows({
  traces: [
    {
      mistake: 'a closed entry',
      world: observed().remove('Gateway'),
      symptom: trace({ answer: refused }),
      code: 'MALLA-PAS-01',
    },
    {
      mistake: 'no Jaeger',
      world: bookinfo(),
      symptom: trace({ outcome: { kind: 'absent' } }),
      code: 'MALLA-OBS-30',
    },
    {
      mistake: 'a Jaeger that does not answer',
      world: observed(),
      symptom: trace({ outcome: { kind: 'silent', detail: '503' } }),
      code: 'MALLA-OBS-31',
    },
    {
      mistake: 'Jaeger without its image',
      world: observed().set('Pod', 'jaeger-abc-12345', ['status'], {
        containerStatuses: [{ name: 'jaeger', state: { waiting: { reason: 'ErrImagePull' } } }],
      }),
      symptom: trace({ outcome: { kind: 'silent', detail: '503' } }),
      code: 'MALLA-SAL-05',
    },
    { mistake: 'no provider', world: observed().remove('Telemetry'), symptom: trace(), code: 'MALLA-OBS-32' },
    {
      mistake: 'Telemetry in the namespace of the application',
      world: traced(tracing, 'default'),
      symptom: trace(),
      code: 'MALLA-OBS-05',
      at: 'Telemetry mesh-default metadata.namespace',
    },
    {
      mistake: 'a provider with a typo',
      world: traced({ tracing: [{ providers: [{ name: 'jeager' }] }] }),
      symptom: trace(),
      code: 'MALLA-OBS-07',
      at: 'Telemetry mesh-default spec.tracing[0].providers[0].name',
    },
    {
      mistake: 'spans are not reported',
      world: traced({ tracing: [{ providers: [{ name: 'jaeger' }], disableSpanReporting: true }] }),
      symptom: trace(),
      code: 'MALLA-OBS-34',
    },
    {
      mistake: 'sampling 0',
      world: traced({ tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 0 }] }),
      symptom: trace({}, { own: false }),
      code: 'MALLA-OBS-33',
      at: 'Telemetry mesh-default spec.tracing[0].randomSamplingPercentage',
    },
    {
      mistake: 'a collector that is not there',
      world: observed().remove('Service', 'jaeger-collector'),
      symptom: trace(),
      code: 'MALLA-OBS-35',
    },
    { mistake: 'spans on their way', world: observed(), symptom: trace(), code: 'MALLA-OBS-38' },
    {
      mistake: 'a service that forgets the headers',
      world: observed(),
      symptom: trace({
        outcome: { kind: 'trace', spans: spansOf('productpage.default') },
        strays: ['productpage.default'],
      }),
      code: 'MALLA-OBS-36',
      at: 'Deployment productpage-v1',
    },
    {
      mistake: 'a service without sidecar',
      world: noSidecar(observed(), 'details-v1'),
      symptom: trace({ outcome: { kind: 'trace', spans: spansOf('productpage.default') } }),
      code: 'MALLA-INY-05',
    },
    {
      mistake: 'a service that is not called',
      world: observed(),
      symptom: trace({ outcome: { kind: 'trace', spans: spansOf('productpage.default') } }),
      code: 'MALLA-OBS-37',
    },
    {
      mistake: 'the entry still sends to another',
      world: observed(),
      symptom: trace(
        { outcome: { kind: 'trace', spans: spansOf('productpage.default') } },
        { services: ['details.default', 'productpage.default'] },
      ),
      code: 'MALLA-OBS-37',
      at: 'VirtualService bookinfo spec.http[0].route',
    },
    {
      mistake: 'the rule that sends it there is in another namespace, where its Gateway is not',
      world: observed().add(
        virtualService(
          'bookinfo',
          ['*'],
          [{ route: [to('details')] }],
          { gateways: ['bookinfo-gateway'] },
          'kube-public',
        ),
      ),
      symptom: trace({ outcome: { kind: 'trace', spans: spansOf('productpage.default') } }),
      code: 'MALLA-RUT-02',
      at: 'VirtualService bookinfo spec.gateways[0]',
    },
    {
      mistake: 'a hop with a span too few',
      world: observed(),
      symptom: trace(
        { outcome: { kind: 'trace', spans: spansOf('productpage.default', 'details.default') } },
        { spans: 6 },
      ),
      code: 'MALLA-OBS-39',
    },
  ],
});
