// How a gateway sees the mesh: the listeners its Gateways ask for, and on each the virtual hosts of the VirtualServices
// attached to them.
import type { Arrival, VirtualHost } from './arrival.ts';
import { clusterFinder, type FindCluster } from './clusters.ts';
import type { Dropped } from './delegates.ts';
import type { Client } from './destination-rules.ts';
import type { GatewayPort } from './engine.ts';
import { listenersOf, type ServerListener } from './gateway-listeners.ts';
import { endsHttps, type GatewayIndex, type GatewayServer } from './gateway-servers.ts';
import { HostTable, hostOf, intersection } from './host-names.ts';
import { compileRoutes, type Route, type RouteContext } from './routes.ts';
import type { Address, MeshIndexes } from './sidecar.ts';
import { automaticRoute, compileTcpRoutes } from './tcp-routes.ts';
import type { VirtualService } from './virtual-services.ts';

export interface GatewayView {
  ports: readonly GatewayPort[];
  arrival(address: Address): Arrival;
}

export function gatewayView(indexes: MeshIndexes & { gateways: GatewayIndex }, proxy: Client): GatewayView {
  const listeners = listenersOf(indexes.gateways.serversFor(proxy));
  const tables = new Map<ServerListener | GatewayServer, HostTable<VirtualHost>>();

  function httpArrival(key: ServerListener | GatewayServer, servers: readonly GatewayServer[], address: Address) {
    const table = tables.get(key) ?? virtualHosts(indexes, proxy, servers, address.port);
    tables.set(key, table);
    const virtualHost = table.find(hostOf(address.authority), (found) => found);
    if (virtualHost) return { kind: 'http' as const, virtualHost };
    const [first] = servers;
    return { kind: 'no-virtual-host' as const, ...(first && { listener: first.source }) };
  }

  return {
    ports: [...listeners.values()].map(({ told }) => told),
    arrival(address) {
      const listener = listeners.get(address.port);
      if (!listener) return { kind: 'refused' };
      if (listener.kind === 'http') return httpArrival(listener, listener.servers, address);
      if (listener.kind === 'tcp') return tcpArrival(indexes, proxy, listener.servers, address);
      const server = listener.serverFor(address.serverName ?? hostOf(address.authority));
      const [first] = listener.servers;
      if (!server) return { kind: 'refused', ...(first && { listener: first.source }) };
      return endsHttps(server) ? httpArrival(server, [server], address) : tcpArrival(indexes, proxy, [server], address);
    },
  };
}

function tcpArrival(indexes: MeshIndexes, proxy: Client, servers: readonly GatewayServer[], address: Address): Arrival {
  const find = finderFor(indexes, proxy, address.port);
  const [first] = servers;
  const listener = first && { listener: first.source };
  const routes = servers.flatMap((server) =>
    server.tls?.mode === 'AUTO_PASSTHROUGH'
      ? automaticRoute(server, address.serverName, find)
      : indexes.virtualServices.forGateway(server.gateway).flatMap((virtualService) => {
          if (!virtualService.visibleFrom(proxy.namespace)) return [];
          if (commonHosts(server, virtualService).size === 0) return [];
          const passes = server.tls?.mode === 'PASSTHROUGH';
          // TLS that ends here is told apart by its server already; what passes by only by the names of its routes.
          const only = passes ? { ...virtualService, tcp: [] } : { ...virtualService, tls: [] };
          return compileTcpRoutes(only, scopeOf(server, proxy), find);
        }),
  );
  return routes.length > 0 ? { kind: 'tcp', routes, ...listener } : { kind: 'refused', ...listener };
}

function scopeOf(server: GatewayServer, { namespace, labels }: Client): RouteContext['scope'] {
  return { gateway: server.gateway, port: server.port, namespace, labels };
}

function finderFor({ services, destinationRules }: MeshIndexes, proxy: Client, port: number): FindCluster {
  const find = clusterFinder(services, destinationRules, proxy, port);
  return (host, wanted, subset) => {
    const visibleFrom = services.byHost(host)?.visibleFrom;
    return visibleFrom && !visibleFrom(proxy.namespace) ? 'host-not-found' : find(host, wanted, subset);
  };
}

interface Draft extends VirtualHost {
  routes: Route[];
  dropped: Dropped[];
}

/** VirtualServices of one host are merged, oldest first, with the routes that take everything at the end. */
function virtualHosts(
  indexes: MeshIndexes,
  proxy: Client,
  servers: readonly GatewayServer[],
  port: number,
): HostTable<VirtualHost> {
  const table = new HostTable<Draft>();
  const find = finderFor(indexes, proxy, port);
  for (const server of servers) {
    if (server.httpsRedirect) {
      for (const { host } of serverHosts(server)) draftOf(table, host, server).httpsRedirect = true;
    }
    for (const virtualService of indexes.virtualServices.forGateway(server.gateway)) {
      if (virtualService.visibleFrom(proxy.namespace))
        attach(table, server, virtualService, proxy, { find, retries: indexes.retries });
    }
  }
  for (const [, draft] of table.entries()) {
    draft.routes.sort((a, b) => Number(a.conditions.length === 0) - Number(b.conditions.length === 0));
  }
  return table;
}

function attach(
  table: HostTable<Draft>,
  server: GatewayServer,
  virtualService: VirtualService,
  proxy: Client,
  context: Pick<RouteContext, 'find' | 'retries'>,
): void {
  const domains = commonHosts(server, virtualService);
  if (domains.size === 0) return;
  const routes = compileRoutes(virtualService, { ...context, scope: scopeOf(server, proxy) });
  for (const [domain, path] of domains) {
    const draft = draftOf(table, domain, server);
    draft.source ??= virtualService.at(path);
    draft.routes.push(...routes);
    draft.dropped.push(...virtualService.dropped);
  }
}

/** Each host that both name, with where it stands in the VirtualService. */
function commonHosts(server: GatewayServer, virtualService: VirtualService): Map<string, string> {
  const domains = new Map<string, string>();
  for (const { host, namespace } of serverHosts(server)) {
    if (namespace !== '*' && namespace !== virtualService.namespace) continue;
    virtualService.hosts.forEach((own, index) => {
      const domain = intersection(host, own);
      if (domain !== undefined && !domains.has(domain)) domains.set(domain, `spec.hosts[${index}]`);
    });
  }
  return domains;
}

/** `namespace/host` limits where the VirtualService may be; `.` is the Gateway's own namespace. */
function serverHosts(server: GatewayServer): { host: string; namespace: string }[] {
  return server.hosts.map((written) => {
    const slash = written.indexOf('/');
    if (slash < 0) return { host: written, namespace: '*' };
    const namespace = written.slice(0, slash);
    return { host: written.slice(slash + 1), namespace: namespace === '.' ? server.namespace : namespace };
  });
}

function draftOf(table: HostTable<Draft>, domain: string, server: GatewayServer): Draft {
  const known = table.at(domain);
  if (known) return known;
  const draft: Draft = { domain, listener: server.source, routes: [], ignored: [], dropped: [], httpsRedirect: false };
  table.set(domain, draft);
  return draft;
}
