// A gateway's listeners: one for each port that a Gateway of the mesh asks of it.
import type { GatewayServer } from '../../../mesh/gateway-servers.ts';
import { fields, items, text } from '../../../mesh/read.ts';
import { accessLog, httpManager, NO_ROUTE_ONLY, tcpProxy } from './filters.ts';
import { gatewayRouteName, portNameOf } from './gateway-routes.ts';
import { extension, type Json, socketAddress } from './json.ts';
import { LISTENER } from './outbound-listeners.ts';
import type { Scene } from './scene.ts';
import { httpSecurity } from './security-filters.ts';
import { weighted } from './tcp-routes.ts';
import { downstream, secretSource } from './tls-context.ts';

export function gatewayListeners(scene: Scene): Json[] {
  const ports = [...scene.gateways.serversFor(scene.client)].sort(([a], [b]) => a - b);
  return ports.map(([port, servers]) => listener(scene, port, servers));
}

function listener(scene: Scene, port: number, servers: readonly GatewayServer[]): Json {
  const tls = servers.some((s) => s.protocol === 'HTTPS' || s.protocol === 'TLS');
  return {
    '@type': LISTENER,
    name: `0.0.0.0_${port}`,
    address: socketAddress('0.0.0.0', port),
    filter_chains: chains(scene, port, servers),
    ...(tls && {
      listener_filters: [
        extension(
          'envoy.filters.listener.tls_inspector',
          'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector',
          {
            initial_read_buffer_size: 512,
          },
        ),
      ],
    }),
    traffic_direction: 'OUTBOUND',
    ...accessLog(scene.mesh, NO_ROUTE_ONLY),
    max_connections_to_accept_per_socket_event: 1,
  };
}

function chains(scene: Scene, port: number, servers: readonly GatewayServer[]): Json[] {
  const plain = servers.find((s) => !['HTTPS', 'TLS', 'TCP', 'MONGO'].includes(s.protocol));
  if (plain) return [httpChain(scene, plain, port, {})];
  return servers.flatMap((server) => {
    const names = server.hosts.map((h) => h.slice(h.indexOf('/') + 1)).filter((h) => h !== '*');
    const match = names.length > 0 ? { filter_chain_match: { server_names: names } } : {};
    if (server.protocol === 'HTTPS') {
      const secured = { ...match, transport_socket: serverTls(scene, server) };
      return [httpChain(scene, server, port, secured)];
    }
    return tcpChains(scene, server, match);
  });
}

function httpChain(scene: Scene, server: GatewayServer, port: number, around: Json): Json {
  const name = gatewayRouteName(server, portNameOf(scene, server), port);
  const manager = httpManager(scene, {
    statPrefix: `outbound_0.0.0.0_${port};`,
    routes: { name },
    side: 'gateway',
    security: httpSecurity(scene),
  });
  return { ...around, filters: [manager], transport_socket_connect_timeout: '15s' };
}

/** What VirtualServices say in `tls` (by server name) and `tcp`. */
function tcpChains(scene: Scene, server: GatewayServer, match: Json): Json[] {
  return scene.virtualServices.forGateway(server.gateway).flatMap(({ namespace, name }) => {
    const object = scene.objects.find(
      (o) => o.kind === 'VirtualService' && o.metadata.namespace === namespace && o.metadata.name === name,
    );
    const { tls, tcp } = fields(object?.spec);
    const bySni = items(tls)
      .map(fields)
      .map((rule) => {
        const names = items(rule.match).flatMap((m) => items(fields(m).sniHosts));
        return chainTo(scene, rule.route, namespace, server.port, { filter_chain_match: { server_names: names } });
      });
    const byPort = items(tcp)
      .map(fields)
      .slice(0, 1)
      .map((rule) => chainTo(scene, rule.route, namespace, server.port, match));
    return server.protocol === 'TLS' && bySni.length > 0 ? bySni : byPort;
  });
}

function chainTo(scene: Scene, route: unknown, namespace: string, port: number, around: Json): Json {
  const clusters = weighted(route, namespace, port);
  return {
    ...around,
    filters: [tcpProxy(scene, clusters[0]?.name ?? '', clusters)],
    transport_socket_connect_timeout: '15s',
  };
}

function serverTls(scene: Scene, server: GatewayServer): Json {
  const [namespace, name] = server.gateway.split('/');
  const object = scene.objects.find(
    (o) =>
      o.kind === 'Gateway' &&
      o.metadata.namespace === namespace &&
      o.metadata.name === name &&
      o.apiVersion.startsWith('networking.istio.io/'),
  );
  const index = Number(/\[(\d+)\]/.exec(server.source.path)?.[1] ?? 0);
  const { mode, credentialName } = fields(fields(items(fields(object?.spec).servers)[index]).tls);
  const secret = `kubernetes://${text(credentialName) ?? ''}`;
  const mutual = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  return downstream({
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificate_sds_secret_configs: [secretSource(secret)],
      ...(mutual && {
        combined_validation_context: {
          default_validation_context: {},
          validation_context_sds_secret_config: secretSource(`${secret}-cacert`),
        },
      }),
    },
    require_client_certificate: mode === 'MUTUAL',
  });
}
