// How a sidecar sees the mesh: a listener for each HTTP port of any Service, a virtual host for each Service, and a
// listener of its own for each TCP port of a Service's address.
import type { Arrival, Unknown, VirtualHost } from './arrival.ts';
import { clusterFinder, type FindCluster } from './clusters.ts';
import type { RetryPolicy } from './decision.ts';
import type { Client, DestinationRuleIndex } from './destination-rules.ts';
import type { MeshRequest } from './engine.ts';
import { fullHost, hostOf } from './host-names.ts';
import { isAddress } from './ip-ranges.ts';
import type { RuleScope } from './match.ts';
import type { Registry } from './registry.ts';
import { compileRoutes, type RouteContext, serviceRoute } from './routes.ts';
import type { MeshService } from './services.ts';
import type { SidecarIndex, SidecarScope } from './sidecar-scopes.ts';
import { compileTcpRoutes, serviceTcpRoute } from './tcp-routes.ts';
import type { VirtualService, VirtualServiceIndex } from './virtual-services.ts';

export interface MeshIndexes {
  services: Registry;
  virtualServices: VirtualServiceIndex;
  destinationRules: DestinationRuleIndex;
  sidecars: SidecarIndex;
  /** Of routes that say nothing of it. */
  retries: RetryPolicy;
}

/** Of a request, what finds its listener and its virtual host. */
export type Address = Pick<MeshRequest, 'authority' | 'port' | 'destinationAddress' | 'serverName'>;

/** Hosts that are no Service are honoured on this port only. */
const EXTERNAL_HOSTS_PORT = 80;

export function sidecarView(indexes: MeshIndexes, client: Client): (address: Address) => Arrival {
  const scope = indexes.sidecars.scopeFor(client);
  const httpPorts = new Map<number, boolean>();
  const { services } = indexes;

  function isHttpPort(port: number): boolean {
    const known = httpPorts.get(port);
    if (known !== undefined || !services.isHttpPort(port)) return known ?? false;
    const seen = services.onPort(port).some((service) => scope.sees(service, port));
    httpPorts.set(port, seen);
    return seen;
  }

  return (address) => {
    const { port } = address;
    const find = finderFor(indexes, client, port);
    const tcp = tcpService(services, client, scope, address);
    if (tcp) return tcpArrival(indexes, client, scope, tcp, port, find);
    if (!isHttpPort(port)) return outside(scope, 'no-listener');
    const rules: RuleScope = { gateway: 'mesh', port, namespace: client.namespace, labels: client.labels };
    const context = { scope: rules, find, retries: indexes.retries };
    const virtualHost = httpHost(indexes, client, scope, address, context);
    return virtualHost ? { kind: 'http', virtualHost } : outside(scope, 'no-virtual-host');
  };
}

function outside({ registryOnly, policySource }: SidecarScope, why: Unknown): Arrival {
  if (!registryOnly) return { kind: 'passthrough', why };
  return { kind: 'blocked', why, ...(policySource && { source: policySource }) };
}

/** A destination without port has that of the listener: at a sidecar only Services with the port are known to routes. */
function finderFor({ services, destinationRules }: MeshIndexes, client: Client, listenerPort: number): FindCluster {
  const find = clusterFinder(services, destinationRules, client, listenerPort);
  return (host, port, subset) => {
    const visibleFrom = services.byHost(host)?.visibleFrom;
    if (visibleFrom && !visibleFrom(client.namespace)) return 'host-not-found';
    return find(host, port ?? listenerPort, subset);
  };
}

/** The Service whose TCP listener takes the connection: by its address, or by name where the address is nobody's. */
function tcpService(services: Registry, client: Client, scope: SidecarScope, address: Address) {
  const { authority, port, destinationAddress, serverName } = address;
  const known = destinationAddress !== undefined && isAddress(destinationAddress);
  const byAddress = known ? services.atAddress(destinationAddress, port) : undefined;
  const named = byAddress ?? services.find(serverName ?? authority, client.namespace);
  const service = named && aliased(services, named);
  if (!service?.ports.some((p) => p.port === port && p.protocol === 'tcp')) return undefined;
  return scope.sees(service, port) ? service : undefined;
}

function tcpArrival(
  indexes: MeshIndexes,
  client: Client,
  scope: SidecarScope,
  service: MeshService,
  port: number,
  find: FindCluster,
): Arrival {
  const rules: RuleScope = { gateway: 'mesh', port, namespace: client.namespace, labels: client.labels };
  const [oldest] = indexes.virtualServices.forSidecar(service.host, client.namespace, scope.obeys);
  const ruled = oldest ? compileTcpRoutes(oldest, rules, find) : [];
  return { kind: 'tcp', routes: [...ruled, serviceTcpRoute(service, port, find)] };
}

function httpHost(
  indexes: MeshIndexes,
  client: Client,
  scope: SidecarScope,
  { authority, port }: Address,
  context: RouteContext,
): VirtualHost | undefined {
  const { services } = indexes;
  const host = hostOf(authority);
  const named = (isAddress(host) ? services.atAddress(host, port) : undefined) ?? services.find(host, client.namespace);
  const service = named && aliased(services, named);
  const speaksHttp = service?.ports.some((p) => p.port === port && p.protocol !== 'tcp');
  if (service && speaksHttp && scope.sees(service, port)) {
    const asked = service.host.startsWith('*') ? host : service.host;
    const ruled = ruledHost(indexes, client, scope, asked, context);
    if (ruled) return ruled;
    const routes = [serviceRoute(service, port, context)];
    return { domain: service.host, routes, ignored: [], dropped: [], httpsRedirect: false };
  }
  if (port !== EXTERNAL_HOSTS_PORT) return undefined;
  return ruledHost(indexes, client, scope, fullHost(host, client.namespace), context);
}

/** An ExternalName of another Service stands for it. */
function aliased(services: Registry, service: MeshService): MeshService {
  if (service.type !== 'ExternalName' || !service.externalName) return service;
  return services.byHost(service.externalName) ?? service;
}

/** One VirtualService rules the host alone: the oldest that has rules for this client and port. */
function ruledHost(
  { virtualServices }: MeshIndexes,
  client: Client,
  scope: SidecarScope,
  host: string,
  context: RouteContext,
): VirtualHost | undefined {
  const all = virtualServices.forSidecar(host, client.namespace, scope.obeys);
  for (const [index, ruling] of all.entries()) {
    const routes = compileRoutes(ruling, context);
    if (routes.length === 0) continue;
    return {
      domain: host,
      source: ruling.at(hostPath(ruling, host)),
      routes,
      ignored: all.slice(index + 1).map((v) => v.at(hostPath(v, host))),
      dropped: ruling.dropped,
      httpsRedirect: false,
    };
  }
  return undefined;
}

function hostPath(virtualService: VirtualService, host: string): string {
  const index = virtualService.hosts.indexOf(host);
  // Not there as such: a wildcard of the list covers it.
  return index < 0 ? 'spec.hosts' : `spec.hosts[${index}]`;
}
