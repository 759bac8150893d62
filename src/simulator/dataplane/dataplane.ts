// The network of the simulated cluster: hops between pods are function calls, decided by the mesh engine where a proxy
// stands in the way; the entry address and NodePorts are real ports on loopback.
import {
  CallError,
  type Clock,
  type Delays,
  type HttpReply,
  type LogBook,
  type PodNetwork,
  type Registry,
  type WebhookCaller,
} from '../contract.ts';
import { createEventRecorder } from '../controllers/event-recorder.ts';
import { callFromPod } from './calls.ts';
import { createClusterView, ROOT_NAMESPACE } from './cluster-view.ts';
import { deliver } from './deliver.ts';
import { createDistribution } from './distribution.ts';
import type { HopContext } from './hop.ts';
import { createRealPorts } from './real-ports.ts';
import { createRunningPods, isRunningIstiod } from './running-pods.ts';
import { createWebhookCaller } from './webhooks.ts';

export interface DataplaneOptions {
  registry: Registry;
  clock: Clock;
  delays: Pick<Delays, 'push'>;
  logs: LogBook;
  random: () => number;
  /** Port on loopback that stands for the ingress gateway's HTTP port. */
  entryPort: number;
}

export interface Dataplane extends PodNetwork {
  webhooks: WebhookCaller;
  /** Resolves when no port is left open. */
  stop(): Promise<void>;
}

/** How many clusters keep their place in a round robin. */
const REMEMBERED_CURSORS = 10_000;

export function createDataplane(options: DataplaneOptions): Dataplane {
  const { registry, clock, logs, random } = options;
  const pods = createRunningPods();
  const record = createEventRecorder(registry, clock, { component: 'malla' });
  let cancelReconcile: (() => void) | undefined;
  let stopped = false;

  const distribution = createDistribution({
    clock,
    delay: options.delays.push,
    rootNamespace: ROOT_NAMESPACE,
    objects: () => view.objects(),
    meshConfig: () => view.meshConfig(),
    istiodRuns: () => [...pods.all()].some((pod) => isRunningIstiod(pod, ROOT_NAMESPACE)),
    pushed: reconcileSoon,
  });
  const context: HopContext = {
    clock,
    random,
    logs,
    chance: { random, next: createCursors() },
    engine: distribution.engine,
    accessLog: distribution.accessLog,
    deliver: (address, port, request, peer) => deliver(context, pods, address, port, request, peer),
  };
  const ports = createRealPorts({
    context,
    pods,
    services: () => view.services(),
    entryPort: options.entryPort,
    onBusy(service, port, code) {
      const object = view.service(service.namespace, service.name);
      const who = code === 'EADDRINUSE' ? ': lo usa otro programa de esta máquina' : '';
      const why = `No se puede escuchar en 127.0.0.1:${port} (${code})${who}. Lo demás funciona.`;
      if (object) record(object, 'Warning', 'PuertoOcupado', why);
    },
  });

  // Last, because what exists is replayed at once.
  const view = createClusterView(registry, (event) => {
    if (event.resource === 'pods' && event.type !== 'DELETED') pods.update(event.object);
    changed();
  });

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
      pods.attach(pod, new Map(containers));
      changed();
    },
    detach(uid) {
      pods.detach(uid);
      changed();
    },
    call(pod, request, timeoutMilliseconds) {
      const caller = pods.get(pod.metadata.uid ?? '');
      if (!caller) return Promise.reject(new CallError('reset', `${pod.metadata.name}: network is down`));
      const reply = callFromPod(context, view.services(), caller, request);
      return timeoutMilliseconds === undefined ? reply : within(clock, timeoutMilliseconds, reply);
    },
    webhooks: createWebhookCaller(view.services, pods, random),
    async stop() {
      stopped = true;
      cancelReconcile?.();
      distribution.stop();
      view.stop();
      await ports.stop();
    },
  };
}

function within(clock: Clock, milliseconds: number, reply: Promise<HttpReply>): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => {
      reject(new CallError('timeout', `no answer after ${milliseconds} ms`));
    });
    reply.finally(cancel).then(resolve, reject);
  });
}

function createCursors(): (cluster: string, size: number) => number {
  const cursors = new Map<string, number>();
  return (cluster, size) => {
    if (cursors.size >= REMEMBERED_CURSORS) cursors.clear();
    const next = (cursors.get(cluster) ?? -1) + 1;
    cursors.set(cluster, next);
    return next % size;
  };
}
