// The network of the simulated cluster: hops between pods are function calls, decided by the mesh engine where a proxy
// stands in the way; the entry address and NodePorts are real ports on loopback.
import type { KubeObject } from '../../mesh/objects.ts';
import { type ClusterFigures, createProxyMemory } from '../../mesh/upstream/proxy-memory.ts';
import {
  CallError,
  type Clock,
  type HttpReply,
  type HttpRequest,
  type PodNetwork,
  type Registry,
  type WebhookCaller,
} from '../contract.ts';
import { createEventRecorder } from '../controllers/event-recorder.ts';
import type { Delays } from '../delays.ts';
import type { PushedMesh } from '../mesh-facts.ts';
import type { Telemetry } from '../traffic.ts';
import { callFromPod, targetOf } from './calls.ts';
import { createClusterView, ROOT_NAMESPACE } from './cluster-view.ts';
import { type Collector, findCollector } from './collectors.ts';
import { accepts, deliver } from './deliver.ts';
import { createDistribution, type DistributionStatus, type Subscriber } from './distribution.ts';
import { Hangup } from './hangup.ts';
import { ephemeralPort, type HopContext } from './hop.ts';
import { createNetworkPolicies } from './network-policies.ts';
import { connectFrom } from './ports/raw.ts';
import { createRealPorts, type RealPorts } from './ports/real-ports.ts';
import { createRunningPods, isRunningIstiod, type RunningPod } from './running-pods.ts';
import { createTokenVerifier } from './tokens/verify.ts';
import { createWebhookCaller } from './webhooks.ts';

export interface DataplaneOptions {
  registry: Registry;
  clock: Clock;
  delays: Pick<Delays, 'push' | 'acknowledge'>;
  /** Told of every request by every proxy. */
  telemetry: Telemetry;
  random: () => number;
  /** The clock's time with fractions, for durations. */
  now?: () => number;
  /** Port on loopback that stands for the ingress gateway's HTTP port. */
  entryPort: number;
  /** Port on loopback that stands for the ingress gateway's HTTPS port. */
  secureEntryPort?: number;
}

export interface Dataplane extends PodNetwork {
  /** What answers on a gateway's own port to a connection from inside its pod; undefined when nothing listens there. */
  gatewayPort(pod: KubeObject, port: number): ((request: HttpRequest) => Promise<HttpReply>) | undefined;
  webhooks: WebhookCaller;
  /** The configuration that proxies obey now. */
  mesh(): PushedMesh;
  /** What takes spans at a Service's port. */
  collector(host: string, port: number): Collector | undefined;
  /** A request at a port of the machine by who is in this process. Undefined: it has to come over a connection. */
  enter: RealPorts['enter'];
  /** What istiod has sent, and who has it. */
  status(): DistributionStatus;
  /** What the pod's proxy has in flight, and has ejected; undefined: it has no proxy. */
  clusters(podUid: string): readonly ClusterFigures[] | undefined;
  /** Resolves when no port is left open. */
  stop(): Promise<void>;
}

/** Milliseconds that istiod waits for keys. */
const KEYS_TIMEOUT = 5_000;

export function createDataplane(options: DataplaneOptions): Dataplane {
  const { registry, clock, telemetry, random } = options;
  const surroundings = { random, now: clock.now };
  const pods = createRunningPods({ newMemory: () => createProxyMemory(surroundings), now: clock.now });
  const policies = createNetworkPolicies(registry);
  const record = createEventRecorder(registry, clock, { component: 'malla' });
  let cancelReconcile: (() => void) | undefined;
  let stopped = false;

  const distribution = createDistribution({
    clock,
    delay: options.delays.push,
    acknowledgement: options.delays.acknowledge,
    rootNamespace: ROOT_NAMESPACE,
    objects: () => view.objects(),
    meshConfig: () => view.meshConfig(),
    istiodRuns: () => runningIstiod() !== undefined,
    subscribers: () => [...pods.all()].flatMap(subscriber),
    pushed: reconcileSoon,
  });
  const context: HopContext = {
    clock,
    now: options.now ?? clock.now,
    random,
    telemetry,
    engine: distribution.engine,
    podAt: pods.at,
    // What comes from a node, as from outside by one of its ports, no policy holds up.
    drops: ({ address, pod }, to, port) =>
      pod !== undefined && !policies.allow({ address, pod }, { address: to.address, pod: to.pod }, port),
    resolves(from) {
      const servers = [...pods.all()].filter(({ pod }) => pod.metadata.labels?.['k8s-app'] === 'kube-dns');
      return servers.length === 0 || servers.some((server) => policies.allow(from, server, 53, 'UDP'));
    },
    behind,
    secret: (namespace, name) => view.secret(namespace, name),
    verifyTokens: createTokenVerifier({ fetchKeys, now: clock.now }).verify,
    deliver(address, port, request, peer) {
      try {
        return deliver(context, address, port, request, peer);
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
  function runningIstiod(): RunningPod | undefined {
    for (const pod of pods.inNamespace(ROOT_NAMESPACE)) if (isRunningIstiod(pod, ROOT_NAMESPACE)) return pod;
    return undefined;
  }

  /** istiod fetches the keys, from inside the cluster: nothing outside can be reached. */
  async function fetchKeys(url: string): Promise<string> {
    const { protocol, host, pathname, search } = new URL(url);
    const istiod = runningIstiod();
    if (protocol !== 'http:' || !istiod) throw new CallError('dns', url);
    const request = { method: 'GET', path: `${pathname}${search}`, authority: host, headers: { accept: '*/*' } };
    const network = { context, services: view.services(), declares: view.declares };
    const hangup = new Hangup();
    const reply = await within(clock, KEYS_TIMEOUT, callFromPod(network, istiod, request, hangup), hangup);
    if (reply.status !== 200) throw new CallError('reset', `${url}: ${reply.status}`);
    return typeof reply.body === 'string' ? reply.body : Buffer.from(reply.body).toString('utf8');
  }

  const ports = createRealPorts({
    context,
    services: () => view.services(),
    secret: (namespace, name) => view.secret(namespace, name),
    entryPort: options.entryPort,
    secureEntryPort: options.secureEntryPort,
    onBusy(service, port, code) {
      const object = view.service(service.namespace, service.name);
      const who = code === 'EADDRINUSE' ? ': lo usa otro programa de esta máquina' : '';
      const why = `No se puede escuchar en 127.0.0.1:${port} (${code})${who}. Lo demás funciona.`;
      if (object) record(object, 'Warning', 'PuertoOcupado', why);
    },
  });

  // Last, because what exists is replayed at once.
  const view = createClusterView(registry, {
    changed,
    secretChanged: reconcileSoon,
    seen(event) {
      if (event.type !== 'DELETED') pods.update(event.object);
    },
  });

  function behind(address: string, port: number) {
    const services = view.services();
    const service = services.find(address, '');
    if (!service) return undefined;
    const endpoints = services.endpoints(service, port);
    return { service, endpoint: endpoints[Math.floor(random() * endpoints.length)]?.endpoint };
  }

  function changed() {
    distribution.changed();
    reconcileSoon();
  }

  /** In a later turn, once for all that changed in this one. */
  function reconcileSoon() {
    if (stopped) return;
    cancelReconcile ??= clock.after(0, () => {
      cancelReconcile = undefined;
      void ports.reconcile();
    });
  }

  return {
    attach(pod, containers) {
      pods.attach(pod, containers);
      changed();
    },
    detach(uid) {
      pods.detach(uid);
      changed();
    },
    call(pod, request, timeoutMilliseconds) {
      const caller = pods.get(pod.metadata.uid ?? '');
      if (!caller) return Promise.reject(new CallError('reset', `${pod.metadata.name}: network is down`));
      const hangup = new Hangup();
      const network = { context, services: view.services(), declares: view.declares };
      const reply = callFromPod(network, caller, request, hangup);
      return timeoutMilliseconds === undefined ? reply : within(clock, timeoutMilliseconds, reply, hangup);
    },
    connect(pod, host, port) {
      const caller = pods.get(pod.metadata.uid ?? '');
      if (!caller) throw new CallError('reset', `${pod.metadata.name}: network is down`);
      const network = { context, services: view.services(), declares: view.declares };
      return connectFrom(context, caller, targetOf(network, caller, host, port));
    },
    gatewayPort(pod, port) {
      const gateway = pods.get(pod.metadata.uid ?? '');
      if (gateway?.role !== 'gateway' || !accepts(context, gateway, port)) return undefined;
      const peer = () => ({ address: '127.0.0.1', port: ephemeralPort(random), hangup: new Hangup() });
      return (request) => context.deliver(gateway.address, port, request, peer());
    },
    webhooks: createWebhookCaller(view.services, pods, random),
    mesh: distribution.current,
    enter: ports.enter,
    collector: (host, port) => findCollector(view.services(), pods, host, port),
    status: distribution.status,
    clusters: (podUid) => pods.get(podUid)?.chance.clusters(),
    async stop() {
      stopped = true;
      cancelReconcile?.();
      distribution.stop();
      view.stop();
      policies.stop();
      await ports.stop();
    },
  };
}

function subscriber({ pod, role, since }: RunningPod): Subscriber[] {
  return role === 'plain' ? [] : [{ pod, role, since }];
}

/** The client closes its connection when its time is over. */
function within(clock: Clock, milliseconds: number, reply: Promise<HttpReply>, hangup: Hangup): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => {
      reject(new CallError('timeout', `no answer after ${milliseconds} ms`));
      hangup.end();
    });
    reply.finally(cancel).then(resolve, reject);
  });
}
