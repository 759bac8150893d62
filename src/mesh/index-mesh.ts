// The engine: indexes a configuration once, then decides requests. Tables for a kind of proxy and for a host are made when
// the first request needs them, so that an index costs little and a decision costs the same however large the mesh.
import type { Arrival } from './arrival.ts';
import type { Decision } from './decision.ts';
import { type Client, indexDestinationRules } from './destination-rules.ts';
import type { GatewayPort, MeshConfiguration, MeshEngine, Proxy as MeshProxy } from './engine.ts';
import { indexGateways } from './gateway-servers.ts';
import { gatewayView } from './gateways.ts';
import { decideAt } from './route-request.ts';
import { indexServices } from './services.ts';
import { sidecarArrival } from './sidecar.ts';
import { placeOfLabels } from './upstream/places.ts';
import { retryEndpoint } from './upstream/retry-endpoint.ts';
import { indexVirtualServices } from './virtual-services.ts';

/** Hosts remembered per proxy. Clients choose host names, so their number must not be theirs to choose. */
const REMEMBERED_HOSTS = 2_000;

interface View {
  ports: readonly GatewayPort[];
  arrival(authority: string, port: number): Arrival;
}

export function indexMesh({ objects, rootNamespace, meshConfig }: MeshConfiguration): MeshEngine {
  const services = indexServices(objects);
  const indexes = {
    services,
    virtualServices: indexVirtualServices(objects),
    destinationRules: indexDestinationRules(objects, rootNamespace, meshConfig),
    gateways: indexGateways(objects, services),
  };
  const viewsByProxy = new WeakMap<MeshProxy, View>();
  const viewsByKey = new Map<string, View>();

  function viewOf(proxy: MeshProxy): View {
    const known = viewsByProxy.get(proxy);
    if (known) return known;
    const key = keyOf(proxy);
    const view = viewsByKey.get(key) ?? remembering(newView(proxy));
    viewsByKey.set(key, view);
    viewsByProxy.set(proxy, view);
    return view;
  }

  function newView(proxy: MeshProxy): View {
    const { namespace, labels, locality = placeOfLabels(labels) } = proxy;
    const client: Client = { namespace, labels: { ...labels }, ...(locality && { locality }) };
    if (proxy.kind === 'gateway') return gatewayView(indexes, client);
    return { ports: [], arrival: (authority, port) => sidecarArrival(indexes, client, authority, port) };
  }

  return {
    decide(proxy, request, chance): Decision {
      return decideAt(viewOf(proxy).arrival(request.authority, request.port), request, chance);
    },
    retryEndpoint,
    accept: () => ({ steps: [] }),
    tokenRules: () => [],
    admit: () => ({ kind: 'admitted', steps: [] }),
    gatewayPorts: (proxy) => viewOf(proxy).ports,
  };
}

function keyOf({ kind, namespace, labels, locality = '' }: MeshProxy): string {
  return JSON.stringify([kind, namespace, locality, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function remembering({ ports, arrival }: View): View {
  const byPort = new Map<number, Map<string, Arrival>>();
  let size = 0;
  return {
    ports,
    arrival(authority, port) {
      const known = byPort.get(port)?.get(authority);
      if (known) return known;
      if (size >= REMEMBERED_HOSTS) {
        byPort.clear();
        size = 0;
      }
      const fresh = arrival(authority, port);
      const hosts = byPort.get(port) ?? new Map<string, Arrival>();
      byPort.set(port, hosts.set(authority, fresh));
      size += 1;
      return fresh;
    },
  };
}
