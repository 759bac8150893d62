// The real ports of the cluster on loopback: the entry addresses, which stand for the ingress gateway's HTTP and HTTPS
// ports, and every NodePort. A port is open only while a connection to it would reach something, as on a real node.
import type { MeshService, ServiceIndex } from '../../../mesh/services.ts';
import type { HttpReply, HttpRequest } from '../../contract.ts';
import { ROOT_NAMESPACE } from '../cluster-view.ts';
import type { HopContext } from '../hop.ts';
import type { FindSecret } from './credentials.ts';
import { Front, type Place } from './front.ts';
import type { Client } from './http-front.ts';
import { openRealPort, type RealPort } from './real-port.ts';

export interface RealPortsOptions {
  context: HopContext;
  services(): ServiceIndex;
  secret: FindSecret;
  entryPort: number;
  secureEntryPort?: number | undefined;
  /** A port that should be open cannot be bound. Said once, until it can be. */
  onBusy(service: MeshService, port: number, code: string): void;
}

export interface RealPorts {
  /** Opens and closes what should be open and closed now. */
  reconcile(): Promise<void>;
  /** A request at a port by who is in the same process. Undefined: it has to come over a connection. */
  enter(port: number, request: HttpRequest, client: Client): Promise<HttpReply> | undefined;
  stop(): Promise<void>;
}

/** Whoever has the port may leave it. */
const BUSY_RETRY = 5_000;

const INGRESS_SERVICE = 'istio-ingressgateway';
const HTTP_PORT = 80;
const HTTPS_PORT = 443;

export function createRealPorts(options: RealPortsOptions): RealPorts {
  const { context, services, secret } = options;
  const open = new Map<number, { port: RealPort; front: Front }>();
  /** Ports that somebody else has. */
  const busy = new Set<number>();
  /** Those of them that are not tried again yet, with what cancels it. */
  const waiting = new Map<number, () => void>();
  let stopped = false;
  let work: Promise<void> = Promise.resolve();
  let again = false;

  /** The fronts that should be open, the known ones among them. */
  function wanted(): Map<number, Front> {
    const fronts = new Map<number, Front>();
    for (const [port, place] of places(options)) {
      const front = open.get(port)?.front ?? new Front({ context, services, secret, place });
      front.place = place;
      if (front.reachable) fronts.set(port, front);
    }
    return fronts;
  }

  async function reconcileOnce(): Promise<void> {
    const fronts = stopped ? new Map<number, Front>() : wanted();
    const closing = [...open].filter(([port]) => !fronts.has(port));
    for (const [number, { port, front }] of closing) {
      open.delete(number);
      port.close();
      front.close();
    }
    for (const [port, front] of fronts) {
      if (!open.has(port) && !waiting.has(port)) await bind(port, front);
    }
  }

  async function bind(number: number, front: Front): Promise<void> {
    try {
      const port = await openRealPort(number, (socket) => front.take(socket));
      open.set(number, { port, front });
      busy.delete(number);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      if (!busy.has(number)) options.onBusy(front.place.service, number, code);
      const cancel = context.clock.after(BUSY_RETRY, () => {
        waiting.delete(number);
        void reconcile();
      });
      busy.add(number);
      waiting.set(number, cancel);
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
    enter: (port, request, client) => open.get(port)?.front.enter(request, client),
    async stop() {
      stopped = true;
      for (const cancel of waiting.values()) cancel();
      await reconcile();
    },
  };
}

function places({ services, entryPort, secureEntryPort }: RealPortsOptions): Map<number, Place> {
  const places = new Map<number, Place>();
  for (const service of services().all()) {
    if (service.type !== 'NodePort' && service.type !== 'LoadBalancer') continue;
    for (const { port, nodePort } of service.ports) {
      if (nodePort) places.set(nodePort, { service, servicePort: port });
    }
  }
  const ingress = services().find(`${INGRESS_SERVICE}.${ROOT_NAMESPACE}`, ROOT_NAMESPACE);
  if (!ingress) return places;
  places.set(entryPort, { service: ingress, servicePort: HTTP_PORT });
  if (secureEntryPort) places.set(secureEntryPort, { service: ingress, servicePort: HTTPS_PORT });
  return places;
}
