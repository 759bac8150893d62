// Typical mistakes in what makes a mesh seen: a healthy world broken in one way, what a check saw, and its first broken link.
import type { KubeObject } from '../mesh/objects.ts';
import { bookinfo, object, service, to, virtualService, type World, workload } from './bookinfo.fixture.ts';
import { answer, noSidecar, refused, testRows, url } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';
import type { LogSighting, MetricSighting, SeenSpan, SelectorFacts, TraceSighting } from './telemetry-sighting.ts';

const demo = {
  accessLogFile: '/dev/stdout',
  extensionProviders: [
    { name: 'jaeger', opentelemetry: { service: 'jaeger-collector.istio-system.svc.cluster.local', port: 4317 } },
  ],
};

const telemetry = (spec: object, ns = 'istio-system', name = 'mesh-default'): KubeObject => ({
  ...object('telemetry.istio.io/v1', 'Telemetry', name, ns),
  spec,
});

/** Bookinfo with Prometheus and Jaeger, traced. */
const observed = (): World =>
  bookinfo().add(
    ...workload(
      'istio-system',
      'prometheus',
      { 'app.kubernetes.io/name': 'prometheus' },
      { port: 9090, sidecar: false },
    ),
    ...workload('istio-system', 'jaeger', { app: 'jaeger' }, { port: 16686, sidecar: false }),
    service('jaeger-collector', 'istio-system'),
    telemetry(tracing),
  );
const tracing = { tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 100 }] };
const traced = (spec: object, ns?: string): World => observed().remove('Telemetry').add(telemetry(spec, ns));

const log = (more: Partial<LogSighting> = {}, pattern: object = {}): Symptom => ({
  type: 'registro',
  pattern: {
    source: { namespace: 'default', selector: 'app=details', container: 'istio-proxy' },
    line: '418',
    atLeast: 1,
    ...pattern,
  },
  sighting: { pods: 1, requests: 3, found: 0, meshConfig: demo, ...more },
});
/** A request of reviews to ratings, whose line in the log of reviews should end so. */
const flagged = (ending: string) => ({
  source: { namespace: 'default', selector: 'app=reviews', container: 'istio-proxy' },
  line: `"GET /ratings/0 HTTP/1\\.1" ${ending} `,
  request: {
    from: { namespace: 'default', selector: 'app=reviews' },
    url: 'http://ratings:9080/ratings/0',
    method: 'GET',
    headers: {},
  },
});
const aborting = (httpStatus: number) => ({ abort: { httpStatus, percentage: { value: 100 } } });
const also = { also: { namespace: 'default', selector: 'app=ratings', container: 'istio-proxy' } };

const facts = (more: Partial<SelectorFacts> = {}): SelectorFacts => ({
  metric: 'istio_requests_total',
  ranged: true,
  known: true,
  metrics: [],
  labels: ['reporter', 'destination_service_name', 'response_code'],
  matchers: [{ name: 'reporter', operator: '=', value: 'source', values: ['destination', 'source'] }],
  ...more,
});
const about = (service: string, values: string[]): SelectorFacts =>
  facts({ matchers: [{ name: 'destination_service_name', operator: '=', value: service, values }] });
const metric = (more: Partial<MetricSighting> = {}, pattern: object = {}): Symptom => ({
  type: 'metrica',
  pattern: { query: 'q', is: 'mayor', value: 0, ...pattern },
  sighting: { outcome: { kind: 'values', values: [] }, query: 'q', selectors: [facts()], targets: [], ...more },
});
const written = { query: { namespace: 'default', configMap: 'senales', key: 'trafico' } };
const annotated = (w: World, value: string | undefined): World =>
  w.set('Pod', 'details-v1-abc-12345', ['metadata', 'annotations'], value ? { 'prometheus.io/scrape': value } : {});
/** All pods ask to be scraped, as injected pods do. */
const scraped = (): World => {
  const world = observed();
  for (const pod of world.objects.filter((o) => o.kind === 'Pod'))
    pod.metadata.annotations = { 'prometheus.io/scrape': 'true' };
  return world;
};

const spansOf = (...services: string[]): SeenSpan[] =>
  services.map((service, i) => ({ id: String(i), parent: '', service, side: 'server' }));
const trace = (more: Partial<TraceSighting> = {}, pattern: object = {}): Symptom => ({
  type: 'traza',
  pattern: {
    path: '/productpage',
    method: 'GET',
    headers: {},
    services: ['productpage.default', 'details.default'],
    own: true,
    ...pattern,
  },
  sighting: {
    url: url('/productpage'),
    answer: answer(200),
    outcome: { kind: 'none' },
    strays: [],
    meshConfig: demo,
    ...more,
  },
});

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
  ],
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
