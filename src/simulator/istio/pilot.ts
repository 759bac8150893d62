// The image pilot: istiod's webhooks, debug pages and xDS ports. What it writes into the cluster is in istiod.ts.

import { syntaxProblem } from '../../cel/syntax.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import { validate } from '../../mesh/validation/validate.ts';
import type { AdmissionAnswer, AdmissionReview, ContainerContext, RunningContainer } from '../contract.ts';
import type { ProxySync, PushedMesh } from '../mesh-facts.ts';
import { configDump } from './admin/config-dump.ts';
import type { ControlPlane } from './debug/control-plane.ts';
import { createScopesPort } from './debug/logging-scopes.ts';
import { monitoringPort } from './debug/monitoring-port.ts';
import { pilotDiscovery } from './debug/pilot-discovery.ts';
import type { XdsType } from './debug/proxy-sync.ts';
import { tagOf } from './debug/release.ts';
import { proxyConfiguration } from './envoy-config/proxy-configuration.ts';
import { createInjector } from './injection.ts';
import { authorityOf, issue } from './mesh-certificates.ts';
import { serveWebhooks } from './webhook-port.ts';
import { debugStream } from './xds/debug-stream.ts';
import { type KeyPair, serveXds } from './xds/xds-server.ts';

export function pilot(context: ContainerContext): RunningContainer {
  const inject = createInjector(context);
  for (const line of startLines) context.log(`${new Date(context.clock.now()).toISOString()}\tinfo\t${line}`);
  const plane = controlPlane(context);
  const webhooks = byPath({ '/inject': inject, '/validate': validateReview });
  const ports = openPorts(context, plane, webhooks);
  return {
    ports: {
      8080: (request) => (request.path.startsWith('/ready') ? reply(200) : monitoringPort(plane, request)),
      9876: createScopesPort(),
      15014: (request) => monitoringPort(plane, request),
      15017: () => reply(404),
      15010: () => reply(404),
      15012: () => reply(404),
    },
    programs: { 'pilot-discovery': pilotDiscovery(plane) },
    admission: webhooks,
    ...ports,
  };
}

function controlPlane({ pod, image, clock, mesh, api }: ContainerContext): ControlPlane {
  const now = clock.now;
  const revision = revisionOf(pod);
  return {
    pod,
    version: tagOf(image),
    now,
    ...(mesh && {
      mesh: { ...mesh, proxies: () => mesh.proxies().filter((proxy) => revisionOf(proxy.pod) === revision) },
    }),
    ...(api && { api }),
    subscribed,
    configDump: ({ pod: proxy, role, sent, sentAt }) => dumpOf(proxy, role, sent, sentAt),
  };

  function dumpOf(proxy: KubeObject, role: ProxySync['role'], sent: number, sentAt: number) {
    const pushed = mesh?.pushed();
    if (!pushed) return { configs: [] };
    const configuration = proxyConfiguration(proxy, role, pushed);
    return configDump(configuration, {
      sync: { sent, sentAt },
      startedAt: sentAt,
      certificate: undefined,
      endpoints: true,
    });
  }

  /** A gateway without a Gateway has no route to ask for. */
  function subscribed({ pod: proxy, role }: ProxySync): XdsType[] {
    const types: XdsType[] = ['cluster', 'listener', 'endpoint'];
    const pushed = mesh?.pushed();
    if (!pushed || (role === 'gateway' && gatewayHasNoRoutes(proxy, pushed))) return types;
    return [...types, 'route'];
  }
}

/** A proxy is served by the istiod of its revision: injection annotates its pod with it. */
function revisionOf({ metadata }: KubeObject): string {
  return metadata.annotations?.['istio.io/rev'] ?? metadata.labels?.['istio.io/rev'] ?? 'default';
}

function gatewayHasNoRoutes(proxy: KubeObject, pushed: PushedMesh): boolean {
  return proxyConfiguration(proxy, 'gateway', pushed).routes.length === 0;
}

/** Only where there is a mesh to tell of. */
/** Ports that speak what a simulated connection does not: real ones on loopback. */
function openPorts(
  context: ContainerContext,
  plane: ControlPlane,
  handlers: Record<string, Webhook>,
): Pick<RunningContainer, 'sockets' | 'stop'> {
  const { clock, api, pod, mesh, log } = context;
  if (!mesh) return {};
  const namespace = pod.metadata.namespace ?? 'istio-system';
  let known: { signer: string; pair: KeyPair } | undefined;
  const keyPair = () => {
    const authority = authorityOf(api, namespace);
    const signer = authority?.certificate ?? '';
    if (known?.signer !== signer) {
      const dnsNames = ['istiod', 'istiod-revision-tag-default'].flatMap((n) => [`${n}.${namespace}.svc`]);
      known = { signer, pair: issue({ commonName: 'istiod', use: 'server', dnsNames }, clock.now(), authority) };
    }
    return known.pair;
  };
  const onError = (error: Error) => log(`${new Date(clock.now()).toISOString()}\terror\t${error.message}`);
  const xds = serveXds(() => debugStream(plane), mesh.identityOf, keyPair, onError);
  const { sockets } = xds;
  const stopWebhooks = serveWebhooks({
    handlers,
    keys: keyPair,
    opened(port) {
      sockets[15017] = { host: '127.0.0.1', port };
    },
    onError,
  });
  return {
    sockets,
    stop() {
      xds.stop();
      stopWebhooks();
    },
  };
}

const startLines = [
  'initializing Istiod',
  'Starting validation controller',
  'validation controller	Starting controller',
  'JWT policy is third-party-jwt',
  'All caches have been synced up',
];

type Webhook = (review: AdmissionReview) => AdmissionAnswer;

/** `/inject/cluster/x/net/y` is `/inject` with facts that matter in several clusters only. */
function byPath(webhooks: Record<string, Webhook>): Record<string, Webhook> {
  return new Proxy(webhooks, {
    get: (all, path) => (typeof path === 'string' ? all[`/${path.split('/')[1] ?? ''}`] : undefined),
    has: (all, path) => typeof path === 'string' && `/${path.split('/')[1] ?? ''}` in all,
  });
}

function validateReview(review: AdmissionReview): AdmissionAnswer {
  if (!review.object || review.operation === 'DELETE') return { allowed: true };
  const { error: wrong, warnings } = validate(review.object);
  const error = wrong ?? unreadableFilter(review.object);
  // istiod's own webhook says nothing of warnings when it refuses.
  if (error !== undefined) return { allowed: false, message: `configuration is invalid: ${error}` };
  const all = [...warnings, ...notSimulated(review.object), ...unreachableKeys(review.object)];
  return { allowed: true, ...(all.length > 0 ? { warnings: all } : {}) };
}

/** The validation of objects knows no CEL. */
function unreadableFilter({ kind, spec }: KubeObject): string | undefined {
  if (kind !== 'Telemetry') return undefined;
  for (const { filter } of items(fields(spec).accessLogging).map(fields)) {
    const expression = text(fields(filter).expression);
    const problem = expression && syntaxProblem(expression);
    if (problem) return `must be a valid CEL expression, ${problem}`;
  }
  return undefined;
}

/** Without accents, for a Warning header that any client prints well. */
function notSimulated({ kind }: KubeObject): string[] {
  if (!unsimulated.has(kind)) return [];
  return [`Malla guarda este ${kind} pero no lo simula: los proxies siguen igual (Malla does not simulate ${kind})`];
}

/** Keys are asked for inside the cluster and in plain HTTP: no address of the world is ever called. */
function unreachableKeys({ kind, spec }: KubeObject): string[] {
  if (kind !== 'RequestAuthentication') return [];
  const addresses = items(fields(spec).jwtRules).flatMap((rule) => text(fields(rule).jwksUri) ?? []);
  return addresses
    .filter((address) => !IN_CLUSTER.test(address))
    .map(
      (address) =>
        `Malla no sale a Internet: no pide las claves de ${address.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)}, y sus tokens no valdran. ` +
        'Pon las claves en jwks, o en un Service del cluster por http (Malla fetches jwksUri only inside the cluster, over http)',
    );
}

/** A name without dots, or `.svc` and what may follow it; `name.namespace` could be anybody's, and is tried. */
const IN_CLUSTER = /^http:\/\/([a-z0-9-]+(\.[a-z0-9-]+)?|[a-z0-9-]+\.[a-z0-9-]+\.svc(\.cluster\.local)?)(:\d+)?(\/|$)/;

const unsimulated = new Set(['EnvoyFilter', 'WasmPlugin', 'TrafficExtension']);

const reply = (status: number, body = '') => ({ status, headers: { 'content-type': 'text/plain' }, body });
