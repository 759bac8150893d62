// How a gateway sees the mesh: the listeners its Gateways ask for, and on each the virtual hosts of the VirtualServices
// attached to them.
import type { Arrival, VirtualHost } from './arrival.ts';
import { clusterFinder, type FindCluster } from './clusters.ts';
import type { Client } from './destination-rules.ts';
import type { GatewayPort } from './engine.ts';
import { type GatewayIndex, type GatewayServer, isPlainHttp } from './gateway-servers.ts';
import { HostTable, hostOf, intersection } from './host-names.ts';
import { compileRoutes, type Route } from './routes.ts';
import type { MeshIndexes } from './sidecar.ts';
import type { VirtualService } from './virtual-services.ts';

export interface GatewayView {
  ports: readonly GatewayPort[];
  arrival(authority: string, port: number): Arrival;
}

interface Listener {
  servers: GatewayServer[];
  hosts?: HostTable<VirtualHost>;
}

export function gatewayView(indexes: MeshIndexes & { gateways: GatewayIndex }, proxy: Client): GatewayView {
  const listeners = new Map<number, Listener>();
  for (const [port, all] of indexes.gateways.serversFor(proxy)) {
    const servers = all.filter(isPlainHttp);
    if (servers.length > 0) listeners.set(port, { servers });
  }
  return {
    ports: [...listeners.keys()].sort((a, b) => a - b).map((port) => ({ port, protocol: 'http', servers: [] })),
    arrival(authority, port) {
      const listener = listeners.get(port);
      if (!listener) return { kind: 'refused' };
      listener.hosts ??= virtualHosts(indexes, proxy, listener.servers, port);
      const virtualHost = listener.hosts.find(hostOf(authority), (found) => found);
      if (virtualHost) return { kind: 'http', virtualHost };
      const [first] = listener.servers;
      return { kind: 'no-virtual-host', ...(first && { listener: first.source }) };
    },
  };
}

interface Draft extends VirtualHost {
  routes: Route[];
}

/** VirtualServices of one host are merged, oldest first, with the routes that take everything at the end. */
function virtualHosts(
  indexes: MeshIndexes,
  proxy: Client,
  servers: readonly GatewayServer[],
  port: number,
): HostTable<VirtualHost> {
  const table = new HostTable<Draft>();
  const find = clusterFinder(indexes.services, indexes.destinationRules, proxy, port);
  for (const server of servers) {
    if (server.httpsRedirect) {
      for (const { host } of serverHosts(server)) draftOf(table, host, server).httpsRedirect = true;
    }
    for (const virtualService of indexes.virtualServices.forGateway(server.gateway)) {
      if (virtualService.visibleFrom(proxy.namespace)) attach(table, server, virtualService, proxy, find);
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
  find: FindCluster,
): void {
  const domains = commonHosts(server, virtualService);
  if (domains.size === 0) return;
  const scope = { gateway: server.gateway, port: server.port, namespace: proxy.namespace, labels: proxy.labels };
  const routes = compileRoutes(virtualService, scope, find);
  for (const [domain, path] of domains) {
    const draft = draftOf(table, domain, server);
    draft.source ??= virtualService.at(path);
    draft.routes.push(...routes);
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
  const draft: Draft = { domain, listener: server.source, routes: [], ignored: [], httpsRedirect: false };
  table.set(domain, draft);
  return draft;
}
