// The embedded cluster, wired by hand: state, API, controllers, nodes, network, Istio.

import { dirname, join } from 'node:path';
import { type Api, createApi } from './api/http/api.ts';
import { isAllowed } from './api/http/authorize.ts';
import { createGuard } from './api/http/guard.ts';
import type { ApiReply, ApiRequest } from './api/http/request.ts';
import { listen } from './api/http/server.ts';
import { checkPodSecurity } from './api/pod-security/pod-security.ts';
import { ensureBootstrapRoles } from './api/rbac/bootstrap-roles.ts';
import { createRegistry } from './api/registry.ts';
import type { Clock, LogBook, Registry, WebhookCaller } from './contract.ts';
import { startControllers } from './controllers/controllers.ts';
import { checkQuotas } from './controllers/quota-admission.ts';
import { checkGrowth } from './controllers/storage/resize-admission.ts';
import { VOLUMES } from './controllers/storage/storage-kinds.ts';
import { whenEmptied } from './controllers/storage/volume-reclaim.ts';
import { createDataplane, type Dataplane } from './dataplane/dataplane.ts';
import type { Delays } from './delays.ts';
import type { ContainerAccess } from './exec/container-access.ts';
import { createContainers } from './exec/containers.ts';
import { openVolumeFile } from './exec/volume-file.ts';
import { startIstiod } from './istio/istiod.ts';
import { withFigures } from './istio/stats/cluster-figures.ts';
import { createProxyStats } from './istio/stats/proxy-stats.ts';
import { accountTokens } from './nodes/account-token.ts';
import { bootstrapCluster } from './nodes/bootstrap.ts';
import { checkLimits, type LimitRange } from './nodes/limit-ranges.ts';
import { LEASES, renewLeases } from './nodes/node-lease.ts';
import { startNodes } from './nodes/nodes.ts';
import { createPodAdmission } from './nodes/pod-admission.ts';
import type { NetworkProblem } from './nodes/pod-worker.ts';
import { createUsageMeter } from './nodes/usage-meter.ts';
import { startCertificateSigning } from './process/pki/certificate-signing.ts';
import type { Pki } from './process/pki/pki.ts';
import { createServiceAccountTokens } from './process/service-account-tokens.ts';
import type { Ports } from './process/state-folder.ts';
import { openStore } from './store/store.ts';
import { createLogBook } from './telemetry/log-book.ts';
import { createMetricPolicy } from './telemetry/metrics/metric-policy.ts';
import { createStandardMetrics } from './telemetry/metrics/standard-metrics.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import { createSpanReporter } from './telemetry/tracing/span-reporter.ts';
import { createTracer } from './telemetry/tracing/tracer.ts';
import { findModel } from './workloads/images.ts';

export interface SimulatorOptions {
  /** Path of the database. */
  store: string;
  /** Nothing is written to it. */
  volatile?: boolean;
  pki: Pki;
  ports: Ports;
  delays: Delays;
  clock: Clock;
  /** The clock's time with fractions of a millisecond. */
  now?: () => number;
  random: () => number;
  /** Requests for the process around the cluster. */
  own(request: ApiRequest): ApiReply | undefined;
  /** Somebody uses the cluster: a request to the API, traffic that leaves a log line. */
  onActivity(): void;
  onBug(error: unknown): void;
  /** How the cluster begins, when not with three nodes that are ready. */
  begin?(registry: Registry): void;
  /** Why a pod cannot get an address on a node now; undefined when it can. */
  networkProblem?(node: string): NetworkProblem | undefined;
}

export interface Simulator {
  registry: Registry;
  /** As behind its port, for who is in the same process. */
  api: Api;
  containers: ContainerAccess;
  /** A request as at one of its ports. Undefined: it has to come over a connection. */
  enter: Dataplane['enter'];
  /** Nobody uses it for the moment: lets go of what is only kept for who comes back soon. */
  rest(): void;
  /** Everything acknowledged is on disk already; frees ports and ends watches. */
  stop(): Promise<void>;
}

/** Resolves when the API answers. Rejects with a coded error of the store, or the system's when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, random, delays, pki, ports } = options;
  const store = openStore(options.store, { volatile: options.volatile ?? false });
  const stops: (() => void | Promise<void>)[] = [() => store.close()];
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) await undo();
  };
  try {
    let webhooks: WebhookCaller | undefined;
    const registry = createRegistry({
      store,
      clock,
      random,
      webhooks: () => webhooks,
      admitPod: createPodAdmission({
        get: (...what) => registry.get(...what),
        list: (...what) => registry.list(...what),
        random,
      }),
      check(resource, object, previous, warn = () => {}) {
        if (resource === 'pods' || resource === 'persistentvolumeclaims')
          checkLimits(object, registry.list('limitranges', object.metadata.namespace) as LimitRange[]);
        checkGrowth(registry, resource, object, previous);
        checkPodSecurity(registry, { resource, object, previous, warn });
        checkQuotas(registry, resource, object, previous);
      },
    });
    const logs = noticing(createLogBook(clock), options.onActivity);
    const tracer = createTracer({ random, mesh: () => network.mesh() });
    const stats = createProxyStats();
    const metrics = createStandardMetrics({ policy: createMetricPolicy(() => network.mesh()) });
    const telemetry = createTelemetry({
      logs,
      mesh: () => network.mesh(),
      sinks: [stats, metrics, createSpanReporter(tracer.policyOf, (host, port) => network.collector(host, port))],
      tracer: tracer.trace,
      onBug: options.onBug,
    });
    const network: Dataplane = createDataplane({
      registry,
      clock,
      delays,
      telemetry,
      random,
      now: options.now ?? clock.now,
      entryPort: ports.entryPort,
      secureEntryPort: ports.secureEntryPort,
    });
    webhooks = network.webhooks;
    stops.push(() => network.stop());
    const now = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    if (options.begin) options.begin(registry);
    else bootstrapCluster(registry, { caCertificate: pki.ca.certificate, now });
    ensureBootstrapRoles(registry);
    store.compact();
    const usage = createUsageMeter(registry, clock);
    stops.push(startControllers(registry, clock, usage));
    stops.push(startCertificateSigning(registry, clock, pki.ca));
    const file = options.volatile ? undefined : openVolumeFile(join(dirname(options.store), 'volumes.json'));
    const volumes = { clock, file, onBug: options.onBug };
    const containers = createContainers({ logs, network, gatewayPort: network.gatewayPort, volumes });
    const models = containers.watched(usage.metered(findModel));
    const mesh = {
      pushed: network.mesh,
      proxies: () => network.status().proxies,
      counters: (uid: string) => withFigures(stats.counters(uid), network.clusters(uid) ?? []),
      latencies: stats.latencies,
      metrics: metrics.exposition,
      identityOf: (token: string, audience: string) => tokens.identityOf(token, audience),
    };
    const accountToken = accountTokens(registry, clock, (...asked) => tokens.issue(...asked));
    const { networkProblem } = options;
    stops.push(
      startNodes({
        ...{ registry, clock, delays, network: containers.network, logs, models, random, mesh, accountToken },
        apiPort: ports.port,
        ...(networkProblem && { networkProblem }),
      }),
    );
    stops.push(
      registry.watch('pods', ({ type, object }) => {
        if (type !== 'DELETED') return;
        stats.forget(object.metadata.uid ?? '');
        metrics.forget(object.metadata.uid ?? '');
      }),
    );
    stops.push(containers.closeVolumes);
    stops.push(registry.watch(VOLUMES, whenEmptied(containers.emptyVolume)));
    stops.push(startIstiod({ registry, clock }));
    const tokens = createServiceAccountTokens({
      key: pki.serviceAccounts.key,
      now: clock.now,
      find: (namespace, name) => registry.get('serviceaccounts', namespace, name),
    });
    const api = createApi({
      registry,
      logs,
      clock,
      containers,
      usage,
      tokenUser: tokens.verify,
      serviceAccountToken: tokens.issue,
      beforeReading(resource) {
        if (resource === LEASES) renewLeases(registry, clock);
      },
      onBug: options.onBug,
    });
    const server = await listen({
      api,
      guard: createGuard({
        token: pki.token,
        tokenUser: tokens.verify,
        mayActAs: (user, resource, namespace, name) =>
          isAllowed(registry, user, { verb: 'impersonate', group: '', resource, namespace, name }),
      }),
      own: options.own,
      tls: { key: pki.server.key, certificate: pki.server.certificate, ca: pki.ca.certificate },
      port: ports.port,
      onRequest: options.onActivity,
      onBug: options.onBug,
    });
    stops.push(() => server.close());
    return { registry, api, containers, enter: network.enter, rest: () => store.rest(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Proxies and programs write a line for what they serve, so a line means that somebody asks. */
function noticing(logs: LogBook, notice: () => void): LogBook {
  return {
    ...logs,
    append(podUid, container, line) {
      notice();
      logs.append(podUid, container, line);
    },
  };
}
