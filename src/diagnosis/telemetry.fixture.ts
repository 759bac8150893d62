// What the tables of mistakes in logs, metrics and traces share: an observed world, and what a check saw.
import type { KubeObject } from '../mesh/objects.ts';
import { bookinfo, object, service, type World, workload } from './bookinfo.fixture.ts';
import { answer, url } from './mistakes.fixture.ts';
import type { Symptom } from './symptom.ts';
import type { LogSighting, MetricSighting, SeenSpan, SelectorFacts, TraceSighting } from './telemetry-sighting.ts';

export const demo = {
  accessLogFile: '/dev/stdout',
  extensionProviders: [
    { name: 'jaeger', opentelemetry: { service: 'jaeger-collector.istio-system.svc.cluster.local', port: 4317 } },
  ],
};

export const telemetry = (spec: object, ns = 'istio-system', name = 'mesh-default'): KubeObject => ({
  ...object('telemetry.istio.io/v1', 'Telemetry', name, ns),
  spec,
});

/** Bookinfo with Prometheus and Jaeger, traced. */
export const observed = (): World =>
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
export const tracing = { tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 100 }] };
export const traced = (spec: object, ns?: string): World => observed().remove('Telemetry').add(telemetry(spec, ns));

export const log = (more: Partial<LogSighting> = {}, pattern: object = {}): Symptom => ({
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
export const flagged = (ending: string) => ({
  source: { namespace: 'default', selector: 'app=reviews', container: 'istio-proxy' },
  line: `"GET /ratings/0 HTTP/1\\.1" ${ending} `,
  request: {
    from: { namespace: 'default', selector: 'app=reviews' },
    url: 'http://ratings:9080/ratings/0',
    method: 'GET',
    headers: {},
  },
});
export const aborting = (httpStatus: number) => ({ abort: { httpStatus, percentage: { value: 100 } } });
export const also = { also: { namespace: 'default', selector: 'app=ratings', container: 'istio-proxy' } };

export const facts = (more: Partial<SelectorFacts> = {}): SelectorFacts => ({
  metric: 'istio_requests_total',
  ranged: true,
  known: true,
  metrics: [],
  labels: ['reporter', 'destination_service_name', 'response_code'],
  matchers: [{ name: 'reporter', operator: '=', value: 'source', values: ['destination', 'source'] }],
  ...more,
});
export const about = (service: string, values: string[]): SelectorFacts =>
  facts({ matchers: [{ name: 'destination_service_name', operator: '=', value: service, values }] });
export const metric = (more: Partial<MetricSighting> = {}, pattern: object = {}): Symptom => ({
  type: 'metrica',
  pattern: { query: 'q', is: 'mayor', value: 0, ...pattern },
  sighting: { outcome: { kind: 'values', values: [] }, query: 'q', selectors: [facts()], targets: [], ...more },
});
export const written = { query: { namespace: 'default', configMap: 'senales', key: 'trafico' } };
export const annotated = (w: World, value: string | undefined): World =>
  w.set('Pod', 'details-v1-abc-12345', ['metadata', 'annotations'], value ? { 'prometheus.io/scrape': value } : {});
/** All pods ask to be scraped, as injected pods do. */
export const scraped = (): World => {
  const world = observed();
  for (const pod of world.objects.filter((o) => o.kind === 'Pod'))
    pod.metadata.annotations = { 'prometheus.io/scrape': 'true' };
  return world;
};

export const spansOf = (...services: string[]): SeenSpan[] =>
  services.map((service, i) => ({ id: String(i), parent: '', service, side: 'server' }));
export const trace = (more: Partial<TraceSighting> = {}, pattern: object = {}): Symptom => ({
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
