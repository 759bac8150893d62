// The engine: indexes a configuration once, then decides requests. Tables for a kind of proxy and for a host are made when
// the first request needs them, so that an index costs little and a decision costs the same however large the mesh.
import type { Arrival } from './arrival.ts';
import type { Decision, Source } from './decision.ts';
import { type Client, type DestinationRuleIndex, indexDestinationRules } from './destination-rules.ts';
import type { GatewayPort, MeshConfiguration, MeshEngine, Proxy as MeshProxy } from './engine.ts';
import { withGatewayApi } from './gateway-api/expand.ts';
import { translator } from './gateway-api/made.ts';
import { indexGateways } from './gateway-servers.ts';
import { gatewayView } from './gateways.ts';
import { inboundLimits } from './inbound-limits.ts';
import { type InboundTarget, inboundPorts, inboundTarget } from './inbound-ports.ts';
import type { KubeObject } from './objects.ts';
import { indexRegistry, type Registry } from './registry.ts';
import { defaultRetries } from './retries.ts';
import { decideAt } from './route-request.ts';
import { indexSecurity } from './security/security.ts';
import { type Address, sidecarView } from './sidecar.ts';
import { indexSidecars, type SidecarIndex } from './sidecar-scopes.ts';
import { placeOfLabels } from './upstream/places.ts';
import { retryEndpoint } from './upstream/retry-endpoint.ts';
import { type MeshDefaults, meshDefaults } from './upstream/upstream-policy.ts';
import { indexVirtualServices } from './virtual-services.ts';

/** Hosts remembered per proxy. Clients choose host names, so their number must not be theirs to choose. */
const REMEMBERED_HOSTS = 2_000;

interface View {
  ports: readonly GatewayPort[];
  arrival(address: Address): Arrival;
}

export function indexMesh({ objects: given, rootNamespace, meshConfig }: MeshConfiguration): MeshEngine {
  const objects = withGatewayApi(given);
  const translate = translator(objects);
  const services = indexRegistry(objects);
  const indexes = {
    services,
    virtualServices: indexVirtualServices(objects),
    destinationRules: indexDestinationRules(objects, rootNamespace, meshConfig),
    gateways: indexGateways(objects, services),
    sidecars: indexSidecars(objects, rootNamespace, meshConfig),
    retries: defaultRetries(meshConfig),
  };
  const security = indexSecurity({ objects, rootNamespace, ...(meshConfig && { meshConfig }) }, services);
  const viewsByProxy = new WeakMap<MeshProxy, View>();
  const viewsByKey = new Map<string, View>();

  function viewOf(proxy: MeshProxy): View {
    const known = viewsByProxy.get(proxy);
    if (known) return known;
    const locality = placeOf(proxy);
    const key = keyOf(proxy, locality);
    const view = viewsByKey.get(key) ?? remembering(newView(proxy, locality));
    viewsByKey.set(key, view);
    viewsByProxy.set(proxy, view);
    return view;
  }

  function placeOf({ locality, labels, node }: MeshProxy): string | undefined {
    return locality ?? placeOfLabels(labels) ?? (node === undefined ? undefined : services.placeOfNode(node));
  }

  function newView(proxy: MeshProxy, locality: string | undefined): View {
    const { namespace, labels } = proxy;
    const client: Client = { namespace, labels: { ...labels }, ...(locality && { locality }) };
    if (proxy.kind === 'gateway') {
      const { ports, arrival } = gatewayView(indexes, client);
      return { ports: ports.map((port) => translated(port, translate)), arrival };
    }
    return { ports: [], arrival: sidecarView(indexes, client) };
  }

  return {
    decide(proxy, request, chance): Decision {
      return decideAt(viewOf(proxy).arrival(request), request, chance, translate);
    },
    retryEndpoint,
    inbound: inboundFinder(indexes, meshDefaults(meshConfig)),
    accept: security.accept,
    takesMutualTls: security.takesMutualTls,
    tokenRules: security.tokenRules,
    admit: security.admit,
    gatewayPorts: (proxy) => viewOf(proxy).ports,
  };
}

interface InboundIndexes {
  services: Registry;
  sidecars: SidecarIndex;
  destinationRules: DestinationRuleIndex;
}

/** A pod is another object after each change, so what is known of one stays true. */
function inboundFinder(
  { services, sidecars, destinationRules }: InboundIndexes,
  mesh: MeshDefaults,
): MeshEngine['inbound'] {
  const byPod = new WeakMap<KubeObject, Map<number, InboundTarget>>();
  return ({ namespace, labels }, pod, port) => {
    const targets = byPod.get(pod) ?? new Map<number, InboundTarget>();
    byPod.set(pod, targets);
    const known = targets.get(port);
    if (known) return known;
    const client = { namespace, labels };
    const { ingress, inboundPool } = sidecars.scopeFor(client);
    const ports = inboundPorts(services, pod, ingress);
    const own = ports.find((p) => p.port === port);
    const limits = own && inboundLimits(own, inboundPool, client, destinationRules, mesh);
    const target = { ...inboundTarget(ports, port), ...(limits && { limits }) };
    return targets.set(port, target) && target;
  };
}

function translated(port: GatewayPort, translate: (source: Source) => Source): GatewayPort {
  return { ...port, servers: port.servers.map((server) => ({ ...server, source: translate(server.source) })) };
}

function keyOf({ kind, namespace, labels }: MeshProxy, locality = ''): string {
  return JSON.stringify([kind, namespace, locality, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function remembering({ ports, arrival }: View): View {
  const byPort = new Map<number, Map<string, Arrival>>();
  let size = 0;
  return {
    ports,
    arrival(address) {
      const { port } = address;
      const key = addressKey(address);
      const known = byPort.get(port)?.get(key);
      if (known) return known;
      if (size >= REMEMBERED_HOSTS) {
        byPort.clear();
        size = 0;
      }
      const fresh = arrival(address);
      const hosts = byPort.get(port) ?? new Map<string, Arrival>();
      byPort.set(port, hosts.set(key, fresh));
      size += 1;
      return fresh;
    },
  };
}

/** No part of it can hold a line end and be found. */
function addressKey({ authority, destinationAddress, serverName }: Address): string {
  if (destinationAddress === undefined && serverName === undefined) return authority;
  return `${authority}\n${destinationAddress ?? ''}\n${serverName ?? ''}`;
}
