// Prometheus: scrapes the running pods as its ConfigMap says, keeps the last hour in memory, and answers its HTTP API.
import { fields, items, text as textOf } from '../../mesh/read.ts';
import { createQueryEngine } from '../../promql/query.ts';
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../contract.ts';
import { tagOf } from '../istio/debug/release.ts';
import { answerApi, type PrometheusServer } from '../telemetry/prometheus/http-api.ts';
import { humanPage } from '../telemetry/prometheus/human-page.ts';
import { readScrapeConfig, type ScrapeConfig } from '../telemetry/prometheus/scrape-config.ts';
import { startScraper } from '../telemetry/prometheus/scraper.ts';
import { createSeriesStore } from '../telemetry/prometheus/series-store.ts';
import { bodyOf, html, pathOf, text } from './replies.ts';

const RETENTION = 3_600_000;
const MOST_SERIES = 20_000;
/** Its pod has to be on the network; the real one waits for some part of the interval. */
const FIRST_SCRAPE = 300;
const NO_CONFIG: ScrapeConfig = { jobs: [], interval: 60_000, evaluationInterval: 60_000 };

export function prometheus(context: ContainerContext): RunningContainer {
  const { clock, api, image } = context;
  const configuration = configurationSource(context);
  const interval = configuration.read().interval;
  const store = createSeriesStore({ mostSeries: MOST_SERIES, mostSamples: Math.ceil((RETENTION * 1.15) / interval) });
  const scraper = startScraper({
    clock,
    store,
    cluster: api ?? { get: () => undefined, list: () => [] },
    config: configuration.read,
    fetch: (request, timeout) => fetchPage(context, request, timeout),
    retention: RETENTION,
    firstAfter: FIRST_SCRAPE,
  });
  const server: PrometheusServer = {
    engine: createQueryEngine({
      storage: store,
      now: () => performance.now(),
      interval: configuration.read().evaluationInterval,
    }),
    store,
    scraper,
    version: tagOf(image).replace(/^v/, ''),
    startedAt: clock.now(),
    now: clock.now,
    configuration: configuration.written,
    flags: argumentsOf(context),
  };
  context.log(`time=${new Date(clock.now()).toISOString()} level=INFO msg="Server is ready to receive web requests."`);
  return { ports: { 9090: (request) => answer(server, request) }, stop: scraper.stop };
}

/** The sidecar of the addon that watches the configuration: there is nothing to reload here. */
export function configReloader(): RunningContainer {
  return { ports: { 8080: (request) => (pathOf(request) === '/healthz' ? text(200, 'OK') : text(404, '')) } };
}

function answer(server: PrometheusServer, request: HttpRequest): HttpReply {
  const path = pathOf(request);
  if (path.startsWith('/api/v1/')) return answerApi(server, path.slice('/api/v1/'.length), parametersOf(request));
  switch (path) {
    case '/-/ready':
      return text(200, 'Prometheus Server is Ready.\n');
    case '/-/healthy':
      return text(200, 'Prometheus Server is Healthy.\n');
    case '/-/reload':
      return request.method === 'POST' || request.method === 'PUT' ? text(200, '') : text(405, 'Method Not Allowed');
    case '/metrics':
      return text(200, ownMetrics(server), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    case '/':
    case '/graph':
    case '/query':
    case '/targets':
      return html(200, humanPage(server.scraper.targets().active, server.store.size));
    default:
      return text(404, '404 page not found\n');
  }
}

/** Of the address, and of a form in the body. */
function parametersOf(request: HttpRequest): URLSearchParams {
  const query = request.path.indexOf('?');
  const parameters = new URLSearchParams(query < 0 ? '' : request.path.slice(query + 1));
  const type = request.headers['content-type'] ?? '';
  if (request.method === 'POST' && type.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(bodyOf(request))) parameters.append(name, value);
  }
  return parameters;
}

function ownMetrics({ version, store, startedAt }: PrometheusServer): string {
  return [
    '# TYPE prometheus_build_info gauge',
    `prometheus_build_info{version="${version}"} 1`,
    '# TYPE prometheus_tsdb_head_series gauge',
    `prometheus_tsdb_head_series ${store.size}`,
    '# TYPE process_start_time_seconds gauge',
    `process_start_time_seconds ${startedAt / 1000}`,
    '',
  ].join('\n');
}

/** Its own page goes over loopback; all others are pods'. */
async function fetchPage(context: ContainerContext, request: HttpRequest, timeout: number): Promise<HttpReply> {
  const own = /^(?:localhost|127\.0\.0\.1):(\d+)$/.exec(request.authority);
  if (!own) return context.call(request, timeout);
  const reply = await context.local?.(Number(own[1]), request);
  if (!reply) throw new Error(`dial tcp ${request.authority}: connect: connection refused`);
  return reply;
}

interface ConfigurationSource {
  written(): string;
  /** What it says now; a text that is no configuration leaves the one before. */
  read(): ScrapeConfig;
}

function configurationSource({ pod, api }: ContainerContext): ConfigurationSource {
  const maps = items(fields(pod.spec).volumes).flatMap((v) => textOf(fields(fields(v).configMap).name) ?? []);
  let before = '';
  let config = NO_CONFIG;
  const written = (): string => {
    for (const name of maps) {
      const found = textOf(fields(api?.get('configmaps', pod.metadata.namespace, name)?.data)['prometheus.yml']);
      if (found !== undefined) return found;
    }
    return '';
  };
  return {
    written,
    read() {
      const now = written();
      if (now === before) return config;
      before = now;
      config = readScrapeConfig(now) ?? config;
      return config;
    },
  };
}

function argumentsOf({ pod, containerName }: ContainerContext): string[] {
  const containers = items(fields(pod.spec).containers).map(fields);
  const own = containers.find((c) => c.name === containerName);
  return items(own?.args).filter((a) => typeof a === 'string');
}
