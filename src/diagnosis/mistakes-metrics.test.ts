// Typical mistakes in metrics: a healthy world broken in one way, what a check saw, and its first broken link.
import { abort, rule } from './behaviour.fixture.ts';
import { bookinfo, to, virtualService } from './bookinfo.fixture.ts';
import { noSidecar, testRows, url } from './mistakes.fixture.ts';
import { about, annotated, facts, metric, observed, scraped, telemetry, written } from './telemetry.fixture.ts';

testRows({
  metrics: [
    {
      mistake: 'no Prometheus',
      world: bookinfo(),
      symptom: metric({ outcome: { kind: 'absent' } }),
      code: 'MALLA-OBS-12',
    },
    {
      mistake: 'Prometheus scaled to nothing',
      world: observed().set('Deployment', 'prometheus', ['spec', 'replicas'], 0).remove('Pod', 'prometheus'),
      symptom: metric({ outcome: { kind: 'silent', detail: 'no endpoints' } }),
      code: 'MALLA-APP-03',
    },
    {
      mistake: 'a Prometheus that does not answer',
      world: observed(),
      symptom: metric({ outcome: { kind: 'silent', detail: 'no endpoints' } }),
      code: 'MALLA-OBS-13',
    },
    {
      mistake: 'a parenthesis too few',
      world: scraped(),
      symptom: metric({ outcome: { kind: 'refused', detail: '1:5: parse error: unclosed left parenthesis' } }),
      code: 'MALLA-OBS-14',
    },
    {
      mistake: 'a letter too many in the metric',
      world: scraped(),
      symptom: metric({
        selectors: [facts({ metric: 'istio_request_total', known: false, metrics: ['istio_requests_total', 'up'] })],
      }),
      code: 'MALLA-OBS-15',
    },
    {
      mistake: 'a metric that came while it was asked about',
      world: scraped(),
      symptom: metric({ selectors: [facts({ known: false, metrics: ['istio_requests_total', 'up'] })] }),
      code: 'MALLA-OBS-19',
    },
    {
      mistake: 'a metric that others are like, before anybody has counted it',
      world: scraped(),
      symptom: metric({ selectors: [facts({ known: false, metrics: ['istio_request_total', 'up'] })] }),
      code: 'MALLA-OBS-19',
    },
    {
      mistake: 'the unit forgotten in the metric',
      world: scraped(),
      symptom: metric({
        selectors: [
          facts({
            metric: 'istio_request_duration_bucket',
            known: false,
            metrics: ['istio_requests_total', 'istio_request_duration_milliseconds_bucket'],
          }),
        ],
      }),
      code: 'MALLA-OBS-15',
    },
    {
      mistake: 'a label that is not there',
      world: scraped(),
      symptom: metric({
        selectors: [facts({ matchers: [{ name: 'response_codes', operator: '=', value: '200', values: [] }] })],
      }),
      code: 'MALLA-OBS-16',
    },
    {
      mistake: 'a value with a letter too few',
      world: scraped(),
      symptom: metric({ selectors: [about('productpag', ['productpage', 'details'])] }),
      code: 'MALLA-OBS-17',
    },
    {
      mistake: 'the pod asks not to be scraped',
      world: annotated(scraped(), 'false'),
      symptom: metric({ selectors: [about('details', ['productpage'])] }),
      code: 'MALLA-OBS-21',
      at: 'Deployment details-v1 spec.template.metadata.annotations["prometheus.io/scrape"]',
    },
    {
      mistake: 'a port of scraping where nobody listens',
      world: scraped(),
      symptom: metric({
        selectors: [about('details', ['productpage'])],
        targets: [{ namespace: 'default', pod: 'details-v1-abc-12345', up: false, error: 'connection refused' }],
      }),
      code: 'MALLA-OBS-18',
      at: 'Deployment details-v1',
    },
    {
      mistake: 'the workload has no sidecar',
      world: noSidecar(scraped(), 'details-v1'),
      symptom: metric({ selectors: [about('details', ['productpage'])] }),
      code: 'MALLA-INY-05',
    },
    {
      mistake: 'metrics turned off',
      world: scraped().add(
        telemetry({ metrics: [{ overrides: [{ match: { metric: 'REQUEST_COUNT' }, disabled: true }] }] }, 'default'),
      ),
      symptom: metric({ selectors: [about('details', ['productpage'])] }),
      code: 'MALLA-OBS-22',
      at: 'Telemetry mesh-default spec.metrics[0].overrides[0].disabled',
    },
    {
      mistake: 'a closed entry: no traffic can come',
      world: scraped().remove('Gateway'),
      symptom: metric({ entry: url('') }),
      code: 'MALLA-PAS-01',
    },
    {
      mistake: 'errors asked where they are not counted',
      world: scraped(),
      symptom: metric({ outcome: { kind: 'values', values: [], reference: 0.5 } }, { is: 'como', reference: 'r' }),
      code: 'MALLA-OBS-26',
    },
    { mistake: 'no traffic', world: scraped(), symptom: metric(), code: 'MALLA-OBS-19' },
    {
      mistake: 'a mesh that has counted nothing yet',
      world: scraped(),
      symptom: metric({ selectors: [facts({ known: false, metrics: ['up', 'go_goroutines'] })] }),
      code: 'MALLA-OBS-19',
    },
    {
      mistake: 'the ConfigMap never applied',
      world: scraped(),
      symptom: metric({ outcome: { kind: 'no query', configMap: false, keys: [] } }, written),
      code: 'MALLA-OBS-20',
    },
    {
      mistake: 'a typo in the key',
      world: scraped(),
      symptom: metric({ outcome: { kind: 'no query', configMap: true, keys: ['trafio'] } }, written),
      code: 'MALLA-OBS-20',
      at: 'ConfigMap senales data.trafico',
    },
    {
      mistake: 'both proxies counted',
      world: scraped(),
      symptom: metric(
        { outcome: { kind: 'values', values: [4], reference: 2 }, selectors: [facts({ matchers: [] })] },
        { is: 'como', reference: 'r' },
      ),
      code: 'MALLA-OBS-23',
    },
    {
      mistake: 'a counter without rate',
      world: scraped(),
      symptom: metric(
        { outcome: { kind: 'values', values: [400], reference: 2 }, selectors: [facts({ ranged: false })] },
        { is: 'como', reference: 'r' },
      ),
      code: 'MALLA-OBS-24',
    },
    {
      mistake: 'no sum',
      world: scraped(),
      symptom: metric({ outcome: { kind: 'values', values: [1, 2], reference: 3 } }, { is: 'como', reference: 'r' }),
      code: 'MALLA-OBS-25',
    },
    {
      mistake: 'another question',
      world: scraped(),
      symptom: metric({ outcome: { kind: 'values', values: [7], reference: 3 } }, { is: 'como', reference: 'r' }),
      code: 'MALLA-OBS-26',
    },
    {
      mistake: 'errors of a rule that an older one hides',
      world: scraped().add(
        virtualService('a-ratings', ['ratings'], [{ route: [to('ratings')] }]),
        rule('ratings', { fault: abort(500, 50), route: [to('ratings')] }),
      ),
      symptom: metric(
        {
          outcome: { kind: 'values', values: [] },
          selectors: [
            facts({
              matchers: [
                { name: 'destination_service_name', operator: '=', value: 'ratings', values: ['ratings'] },
                { name: 'response_code', operator: '=~', value: '5..', values: ['200', '500'] },
              ],
            }),
          ],
        },
        { is: 'como', reference: 'x' },
      ),
      code: 'MALLA-RUT-07',
      at: 'VirtualService ratings spec.hosts',
    },
  ],
});
