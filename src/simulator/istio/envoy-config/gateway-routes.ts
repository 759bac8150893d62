// A gateway's routes: the VirtualServices attached to the servers of one port, by the hosts that both name.

import type { GatewayServer } from '../../../mesh/gateway-servers.ts';
import { HostTable, intersection } from '../../../mesh/host-names.ts';
import { byName, type Json } from './json.ts';
import { routeConfiguration, virtualHost } from './route-configuration.ts';
import type { Scene } from './scene.ts';
import { ruledRoutes, takesEverything } from './virtual-host-routes.ts';

/** `http.PORT`, or `https.PORT.NAME.GATEWAY.NAMESPACE` for one server under TLS. */
export function gatewayRouteName(server: GatewayServer, portName: string, podPort: number): string {
  if (server.protocol !== 'HTTPS') return `http.${podPort}`;
  const [namespace, name] = server.gateway.split('/');
  return `https.${server.port}.${portName}.${name}.${namespace}`;
}

export function gatewayRoutes(scene: Scene, name: string): Json {
  const hosts = new HostTable<{ routes: Json[]; redirect: boolean }>();
  let shownPort = 0;
  for (const [podPort, servers] of scene.gateways.serversFor(scene.client)) {
    for (const server of servers) {
      if (gatewayRouteName(server, portNameOf(scene, server), podPort) !== name) continue;
      shownPort = server.port;
      attach(scene, server, hosts);
    }
  }
  const all = [...hosts.entries()].sort(([a], [b]) => byName(a, b));
  return routeConfiguration(
    name,
    all.length > 0
      ? all.map(([domain, { routes, redirect }]) => ({
          ...virtualHost(`${domain}:${shownPort}`, [domain], sortedRoutes(routes)),
          ...(redirect && { require_tls: 'ALL' }),
        }))
      : [virtualHost(`blackhole:${shownPort}`, ['*'], [])],
  );
}

/** As written in the Gateway. */
export function portNameOf({ objects }: Scene, server: GatewayServer): string {
  const [namespace, name] = server.gateway.split('/');
  const object = objects.find(
    (o) =>
      o.kind === 'Gateway' &&
      o.metadata.namespace === namespace &&
      o.metadata.name === name &&
      o.apiVersion.startsWith('networking.istio.io/'),
  );
  const servers = (object?.spec as { servers?: { port?: { name?: unknown; number?: unknown } }[] } | undefined)
    ?.servers;
  const found = Array.isArray(servers) ? servers.find((s) => s.port?.number === server.port) : undefined;
  return typeof found?.port?.name === 'string' ? found.port.name : '';
}

function attach(scene: Scene, server: GatewayServer, hosts: HostTable<{ routes: Json[]; redirect: boolean }>): void {
  const scope = { gateway: server.gateway, port: server.port, ...scene.client };
  for (const virtualService of scene.virtualServices.forGateway(server.gateway)) {
    if (!virtualService.visibleFrom(scene.client.namespace)) continue;
    const routes = ruledRoutes(scene, virtualService, scope);
    for (const written of server.hosts) {
      const host = written.slice(written.indexOf('/') + 1);
      for (const own of virtualService.hosts) {
        const domain = intersection(host, own);
        if (domain === undefined) continue;
        const known = hosts.at(domain);
        if (known) known.routes.push(...routes);
        else hosts.set(domain, { routes: [...routes], redirect: server.httpsRedirect });
      }
    }
  }
}

/** Routes that take everything go last. */
function sortedRoutes(routes: Json[]): Json[] {
  return routes.toSorted((a, b) => Number(takesEverything(a)) - Number(takesEverything(b)));
}
