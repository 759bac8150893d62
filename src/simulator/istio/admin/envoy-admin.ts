// Envoy's admin page (port 15000 of istio-proxy): what the proxy runs and has counted.
import type { ContainerContext, HttpReply, HttpRequest } from '../../contract.ts';
import type { ProxySync } from '../../mesh-facts.ts';
import { ENVOY_REVISION, ENVOY_VERSION } from '../debug/release.ts';
import type { Json } from '../envoy-config/json.ts';
import { type ProxyConfiguration, proxyConfiguration } from '../envoy-config/proxy-configuration.ts';
import { certificatesPage } from './certificates-page.ts';
import { clustersJson, clustersText } from './clusters-page.ts';
import { concurrencyOf } from './concurrency.ts';
import { configDump } from './config-dump.ts';
import { onlyResource } from './dump-query.ts';
import { type GivenCertificate, gatewayCertificates } from './gateway-certificates.ts';
import { HELP } from './help.ts';
import { listenersJson, listenersText } from './listeners-page.ts';
import { createLoggers, type Loggers } from './loggers.ts';
import { statistics, statsJson, statsPrometheus, statsText } from './stats-page.ts';
import { certificateSource, type WorkloadCertificate } from './workload-certificate.ts';

export type EnvoyAdmin = (request: Pick<HttpRequest, 'method' | 'path'>) => HttpReply;

interface Admin {
  startedAt: number;
  now(): number;
  sync(): ProxySync;
  configuration(): ProxyConfiguration;
  counters(): ReadonlyMap<string, number>;
  certificate(): WorkloadCertificate | undefined;
  given(configuration: ProxyConfiguration): GivenCertificate[];
  loggers: Loggers;
  drain(): void;
}

interface Page {
  /** GET unless said. */
  post?: true;
  answer(admin: Admin, query: URLSearchParams): HttpReply;
}

/** `onDrain`: the listeners close, and stay so until the proxy starts again. */
export function createEnvoyAdmin(context: ContainerContext, onDrain: () => void): EnvoyAdmin {
  const admin = describe(context, onDrain);
  return ({ method, path }) => {
    const [written = '', query = ''] = path.split('?');
    const pathname = written.replace(/\/{2,}/g, '/');
    const searchParams = new URLSearchParams(query);
    const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
    if (!page) return text(404, `invalid path. ${HELP}`);
    const wanted = page.post ? 'POST' : 'GET';
    if (method !== wanted && !(method === 'HEAD' && !page.post)) {
      return text(405, `Method ${method} not allowed, ${wanted} required.`);
    }
    return page.answer(admin, searchParams);
  };
}

function describe(context: ContainerContext, drain: () => void): Admin {
  const { pod, mesh, api, clock, image } = context;
  const startedAt = clock.now();
  const nothing = { version: 0, objects: [], meshConfig: {}, rootNamespace: 'istio-system' };
  const sync = (): ProxySync =>
    mesh?.proxies().find((p) => p.pod.metadata.uid === pod.metadata.uid) ?? {
      // Not known to istiod: what a proxy is before its first push.
      pod,
      role: image.includes('proxyv2') && isRouter(context) ? 'gateway' : 'sidecar',
      sent: 0,
      acked: 0,
      sentAt: startedAt,
    };
  return {
    startedAt,
    now: clock.now,
    sync,
    configuration() {
      const { pod: current, role, sent } = sync();
      return proxyConfiguration(current, role, (sent > 0 && mesh?.pushed()) || nothing);
    },
    counters: () => mesh?.counters(pod.metadata.uid ?? '') ?? new Map(),
    certificate: certificateSource(pod, api, clock.now),
    given: ({ listeners }) => gatewayCertificates(listeners, pod.metadata.namespace ?? 'default', api),
    loggers: createLoggers('warning', { misc: 'error' }),
    drain,
  };
}

function isRouter({ pod }: ContainerContext): boolean {
  const { containers = [] } = (pod.spec ?? {}) as { containers?: { name: string; args?: string[] }[] };
  return containers.find((c) => c.name === 'istio-proxy')?.args?.[1] === 'router';
}

const pages: Record<string, Page> = {
  '/': { answer: () => text(200, HELP) },
  '/help': { answer: () => text(200, HELP) },
  '/ready': { answer: () => text(200, 'LIVE\n') },
  '/config_dump': {
    answer(admin, query) {
      const endpoints = query.has('include_eds') && query.get('include_eds') !== 'false';
      const { startedAt } = admin;
      const configuration = admin.configuration();
      const dump = configDump(configuration, {
        sync: admin.sync(),
        startedAt,
        certificate: admin.certificate(),
        given: admin.given(configuration),
        endpoints,
      });
      const chosen = onlyResource(dump, query);
      return typeof chosen === 'string' ? text(400, chosen) : json(chosen);
    },
  },
  '/clusters': {
    answer: (admin, query) =>
      query.get('format') === 'json'
        ? json(clustersJson(admin.configuration(), admin.counters()))
        : text(200, clustersText(admin.configuration(), admin.counters())),
  },
  '/listeners': {
    answer: (admin, query) =>
      query.get('format') === 'json'
        ? json(listenersJson(admin.configuration()))
        : text(200, listenersText(admin.configuration())),
  },
  '/certs': { answer: (admin) => json(certificatesPage(admin.certificate(), admin.now())) },
  '/stats': { answer: (admin, query) => stats(admin, query, query.get('format') ?? 'text') },
  '/stats/prometheus': { answer: (admin, query) => stats(admin, query, 'prometheus') },
  '/server_info': { answer: serverInfo },
  '/init_dump': { answer: () => json({}) },
  '/logging': {
    post: true,
    answer: (admin, query) => {
      const levels = admin.loggers.change(query);
      return levels === undefined
        ? text(400, 'usage: /logging?<name>=<level> (change single level)\n')
        : text(200, levels);
    },
  },
  // The kubelet restarts a proxy that ends; nobody needs to end one from here.
  '/drain_listeners': {
    post: true,
    answer(admin) {
      admin.drain();
      return text(200, 'OK\n');
    },
  },
  '/quitquitquit': { post: true, answer: () => text(403, 'refused: the proxy of a simulated pod ends with its pod\n') },
  '/healthcheck/fail': { post: true, answer: () => text(200, 'OK\n') },
  '/healthcheck/ok': { post: true, answer: () => text(200, 'OK\n') },
};

function stats(admin: Admin, query: URLSearchParams, format: string): HttpReply {
  const uptimeSeconds = Math.floor((admin.now() - admin.startedAt) / 1000);
  const source = {
    configuration: admin.configuration(),
    counters: admin.counters(),
    sync: admin.sync(),
    uptimeSeconds,
  };
  const all = statistics(source, { usedOnly: query.has('usedonly'), filter: query.get('filter') ?? undefined });
  if (format === 'json') return { status: 200, headers: { 'content-type': 'application/json' }, body: statsJson(all) };
  return text(200, format === 'prometheus' ? statsPrometheus(all) : statsText(all));
}

function serverInfo(admin: Admin): HttpReply {
  const uptime = `${Math.floor((admin.now() - admin.startedAt) / 1000)}s`;
  return json({
    version: `${ENVOY_REVISION}/${ENVOY_VERSION}/Clean/RELEASE/BoringSSL`,
    state: 'LIVE',
    uptime_current_epoch: uptime,
    uptime_all_epochs: uptime,
    hot_restart_version: 'disabled',
    command_line_options: {
      base_id: '0',
      concurrency: concurrencyOf(admin.configuration().scene.pod),
      config_path: 'etc/istio/proxy/envoy-rev.json',
      log_level: 'warning',
      component_log_level: 'misc:error',
      drain_time: '45s',
      parent_shutdown_time: '900s',
      mode: 'Serve',
      disable_hot_restart: true,
    },
    node: (admin.configuration().scene && nodeOf(admin)) || {},
  });
}

function nodeOf(admin: Admin): unknown {
  const { startedAt } = admin;
  const [bootstrap] = configDump(admin.configuration(), {
    sync: admin.sync(),
    startedAt,
    certificate: undefined,
    endpoints: false,
  }).configs;
  return (bootstrap?.bootstrap as { node?: unknown } | undefined)?.node;
}

function text(status: number, body: string): HttpReply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'cache-control': 'no-cache, max-age=0', server: 'envoy' },
    body,
  };
}

/** Indented by one, as Envoy writes. */
function json(value: Json | object): HttpReply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', server: 'envoy' },
    body: `${JSON.stringify(value, null, 1)}\n`,
  };
}
