// Typical mistakes in access logs: a healthy world broken in one way, what a check saw, and its first broken link.
import { bookinfo, to, virtualService } from './bookinfo.fixture.ts';
import { noSidecar, testRows } from './mistakes.fixture.ts';
import { aborting, also, flagged, log, telemetry } from './telemetry.fixture.ts';

testRows({
  'access log': [
    {
      mistake: 'replicas 0',
      world: bookinfo().set('Deployment', 'details-v1', ['spec', 'replicas'], 0).remove('Pod', 'details'),
      symptom: log(),
      code: 'MALLA-APP-03',
    },
    {
      mistake: 'the pod has no sidecar',
      world: noSidecar(bookinfo(), 'details-v1'),
      symptom: log(),
      code: 'MALLA-INY-05',
    },
    {
      mistake: 'a container that is not there',
      world: bookinfo(),
      symptom: log(
        { pods: 0, otherContainers: ['details', 'istio-proxy'] },
        { source: { namespace: 'default', selector: 'app=details', container: 'istio-prox' } },
      ),
      code: 'MALLA-OBS-02',
      at: 'Deployment details-v1',
    },
    {
      mistake: 'turned off for the namespace',
      world: bookinfo().add(telemetry({ accessLogging: [{ disabled: true }] }, 'default')),
      symptom: log(),
      code: 'MALLA-OBS-03',
      at: 'Telemetry mesh-default spec.accessLogging[0].disabled',
    },
    { mistake: 'never turned on', world: bookinfo(), symptom: log({ meshConfig: {} }), code: 'MALLA-OBS-04' },
    {
      mistake: 'turned on in another namespace',
      world: bookinfo().add(telemetry({ accessLogging: [{ providers: [{ name: 'envoy' }] }] }, 'otro')),
      symptom: log({ meshConfig: {} }),
      code: 'MALLA-OBS-05',
      at: 'Telemetry mesh-default metadata.namespace',
    },
    {
      mistake: 'turned on for a workload that is not this one',
      world: bookinfo().add(
        telemetry(
          { selector: { matchLabels: { app: 'detail' } }, accessLogging: [{ providers: [{ name: 'envoy' }] }] },
          'default',
        ),
      ),
      symptom: log({ meshConfig: {} }),
      code: 'MALLA-OBS-06',
      at: 'spec.selector.matchLabels',
    },
    {
      mistake: 'a provider that nobody has declared',
      world: bookinfo().add(telemetry({ accessLogging: [{ providers: [{ name: 'envoi' }] }] })),
      symptom: log(),
      code: 'MALLA-OBS-07',
      at: 'Telemetry mesh-default spec.accessLogging[0].providers[0].name',
    },
    {
      mistake: 'a filter that leaves the request out',
      world: bookinfo().add(
        telemetry({
          accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 500' } }],
        }),
      ),
      symptom: log(),
      code: 'MALLA-OBS-08',
      at: 'filter.expression',
    },
    {
      mistake: 'a filter that is too wide',
      world: bookinfo().add(
        telemetry({
          accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 100' } }],
        }),
      ),
      symptom: log({ found: 1 }, { atLeast: 0, atMost: 0 }),
      code: 'MALLA-OBS-40',
      at: 'Telemetry mesh-default spec.accessLogging[0].filter',
    },
    {
      mistake: 'a filter beside a provider that nobody has declared',
      world: bookinfo().add(
        telemetry({
          accessLogging: [{ providers: [{ name: 'envoi' }], filter: { expression: 'response.code >= 400' } }],
        }),
      ),
      symptom: log({ found: 1 }, { atLeast: 0, atMost: 0 }),
      code: 'MALLA-OBS-07',
      at: 'Telemetry mesh-default spec.accessLogging[0].providers[0].name',
    },
    {
      mistake: 'a filter that is too wide, beside one provider that exists and one that does not',
      world: bookinfo().add(
        telemetry({
          accessLogging: [
            { providers: [{ name: 'envoi' }, { name: 'envoy' }], filter: { expression: 'response.code >= 100' } },
          ],
        }),
      ),
      symptom: log({ found: 1 }, { atLeast: 0, atMost: 0 }),
      code: 'MALLA-OBS-40',
    },
    { mistake: 'no request was sent', world: bookinfo(), symptom: log({ requests: 0 }), code: 'MALLA-OBS-09' },
    { mistake: 'another request was sent', world: bookinfo(), symptom: log(), code: 'MALLA-OBS-10' },
    {
      mistake: 'a fault that takes nobody is no FI',
      world: bookinfo().add(
        virtualService('ratings', ['ratings'], [{ fault: { abort: { httpStatus: 503 } }, route: [to('ratings')] }]),
      ),
      symptom: log({}, flagged('503 FI')),
      code: 'MALLA-FAL-02',
    },
    {
      mistake: 'a fault with another status is not that FI',
      world: bookinfo().add(virtualService('ratings', ['ratings'], [{ fault: aborting(418), route: [to('ratings')] }])),
      symptom: log({}, flagged('503 FI')),
      code: 'MALLA-FAL-03',
    },
    {
      mistake: 'a slip in the host of the rule leaves no FI',
      world: bookinfo().add(virtualService('ratings', ['ratigns'], [{ fault: aborting(503), route: [to('ratings')] }])),
      symptom: log({}, flagged('503 FI')),
      code: 'MALLA-RUT-08',
    },
    {
      mistake: 'a more general path before that of the fault',
      world: bookinfo().add(
        virtualService(
          'ratings',
          ['ratings'],
          [
            { match: [{ uri: { prefix: '/rat' } }], route: [to('ratings')] },
            { match: [{ uri: { prefix: '/ratings' } }], fault: aborting(503), route: [to('ratings')] },
          ],
        ),
      ),
      symptom: log({}, flagged('503 FI')),
      code: 'MALLA-RUT-21',
      at: 'VirtualService ratings spec.http[0].match',
    },
    {
      mistake: 'another path in the rule of the fault',
      world: bookinfo().add(
        virtualService(
          'ratings',
          ['ratings'],
          [{ match: [{ uri: { prefix: '/ratings/00' } }], fault: aborting(503), route: [to('ratings')] }],
        ),
      ),
      symptom: log({}, flagged('503 FI')),
      code: 'MALLA-RUT-23',
      at: 'VirtualService ratings spec.http[0].match[0].uri',
    },
    {
      mistake: 'a rule without match takes what none should',
      world: bookinfo().add(virtualService('ratings', ['ratings'], [{ route: [to('ratings')] }])),
      symptom: log({}, flagged('404 NR')),
      code: 'MALLA-RUT-25',
      at: 'VirtualService ratings spec.http[0].match',
    },
    {
      mistake: 'without rules for the host there is no NR',
      world: bookinfo(),
      symptom: log({}, flagged('404 NR')),
      code: 'MALLA-RUT-05',
    },
    {
      mistake: 'the proxy of the caller answered itself',
      world: bookinfo(),
      symptom: log({ found: 1, also: { pods: 1, requests: 4 } }, also),
      code: 'MALLA-OBS-11',
    },
    {
      mistake: 'the other pod has no sidecar',
      world: noSidecar(bookinfo(), 'ratings-v1'),
      symptom: log({ found: 1, also: { pods: 1, requests: 0 } }, also),
      code: 'MALLA-INY-05',
    },
  ],
});
