// The real ports of the cluster on loopback: the entry address, which stands for the ingress gateway's HTTP port, and every
// NodePort. A port is open only while a connection to it would reach something, as on a real node.
import type { MeshService, ServiceIndex } from '../../mesh/services.ts';
import type { HttpReply, HttpRequest } from '../contract.ts';
import { ROOT_NAMESPACE } from './cluster-view.ts';
import { accepts } from './deliver.ts';
import { type HopContext, refused } from './hop.ts';
import { type Client, type HttpPort, openHttpPort } from './http-port.ts';
import type { RunningPod } from './running-pods.ts';

export interface RealPortsOptions {
  context: HopContext;
  services(): ServiceIndex;
  entryPort: number;
  /** A port that should be open cannot be bound. Said once, until it can be. */
  onBusy(service: MeshService, port: number, code: string): void;
}

export interface RealPorts {
  /** Opens and closes what should be open and closed now. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}

interface Front {
  service: MeshService;
  servicePort: number;
}

/** Whoever has the port may leave it. */
const BUSY_RETRY = 5_000;

const INGRESS_SERVICE = 'istio-ingressgateway';
const INGRESS_PORT = 80;

export function createRealPorts(options: RealPortsOptions): RealPorts {
  const { context } = options;
  const open = new Map<number, { port: HttpPort; front: Front }>();
  /** Ports that somebody else has. */
  const busy = new Set<number>();
  /** Those of them that are not tried again yet, with what cancels it. */
  const waiting = new Map<number, () => void>();
  let stopped = false;
  let work: Promise<void> = Promise.resolve();
  let again = false;

  function wanted(): Map<number, Front> {
    const fronts = new Map<number, Front>();
    for (const service of options.services().all()) {
      if (service.type !== 'NodePort' && service.type !== 'LoadBalancer') continue;
      for (const { port, nodePort } of service.ports) {
        if (nodePort) fronts.set(nodePort, { service, servicePort: port });
      }
    }
    const ingress = ingressService(options.services());
    if (ingress) fronts.set(options.entryPort, { service: ingress, servicePort: INGRESS_PORT });
    for (const [port, front] of fronts) if (!reachable(front)) fronts.delete(port);
    return fronts;
  }

  function targets({ service, servicePort }: Front): { pod: RunningPod; port: number }[] {
    return options
      .services()
      .endpoints(service, servicePort)
      .flatMap(({ endpoint: { address, port } }) => {
        const pod = context.podAt(address, port);
        return pod && accepts(context, pod, port) ? [{ pod, port }] : [];
      });
  }

  const reachable = (front: Front) => targets(front).length > 0;

  async function answer(port: number, request: HttpRequest, { port: clientPort, hangup }: Client): Promise<HttpReply> {
    const front = open.get(port)?.front;
    if (!front) throw refused('127.0.0.1', port);
    const all = targets(front);
    const chosen = all[Math.floor(context.random() * all.length)];
    if (!chosen) throw refused('127.0.0.1', port);
    const { pod } = chosen;
    const { namespace, name, host } = front.service;
    const service = { namespace, name, host, port: front.servicePort };
    const peer = { address: nodeAddress(pod), port: clientPort, hangup, service };
    return context.deliver(pod.address, chosen.port, request, peer);
  }

  async function reconcileOnce(): Promise<void> {
    const fronts = stopped ? new Map<number, Front>() : wanted();
    const closing = [...open].filter(([port]) => !fronts.has(port));
    for (const [port, { port: listener }] of closing) {
      open.delete(port);
      // Not awaited: it ends when the requests under way have their answers.
      void listener.close();
    }
    for (const [port, front] of fronts) {
      const known = open.get(port);
      if (known) known.front = front;
      else if (!waiting.has(port)) await bind(port, front);
    }
  }

  async function bind(port: number, front: Front): Promise<void> {
    try {
      const listener = await openHttpPort(port, (request, from) => answer(port, request, from), context.now);
      open.set(port, { port: listener, front });
      busy.delete(port);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      if (!busy.has(port)) options.onBusy(front.service, port, code);
      const cancel = context.clock.after(BUSY_RETRY, () => {
        waiting.delete(port);
        void reconcile();
      });
      busy.add(port);
      waiting.set(port, cancel);
    }
  }

  function reconcile(): Promise<void> {
    if (again) return work;
    again = true;
    work = work.then(() => {
      again = false;
      return reconcileOnce();
    });
    return work;
  }

  return {
    reconcile,
    async stop() {
      stopped = true;
      for (const cancel of waiting.values()) cancel();
      await reconcile();
    },
  };
}

function ingressService(services: ServiceIndex): MeshService | undefined {
  return services.find(`${INGRESS_SERVICE}.${ROOT_NAMESPACE}`, ROOT_NAMESPACE);
}

/** What a pod sees of clients outside the cluster: the first address of its node's pod network. */
function nodeAddress({ address }: RunningPod): string {
  return address.replace(/\.\d+$/, '.1');
}
