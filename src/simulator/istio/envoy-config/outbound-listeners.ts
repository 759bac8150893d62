// A sidecar's outbound listeners: one on 0.0.0.0 for each HTTP port of the mesh, one on a Service's address for others.
import type { MeshService, ServicePort } from '../../../mesh/services.ts';
import { accessLog, httpManager, NO_ROUTE_ONLY, tcpProxy } from './filters.ts';
import { configPath, extension, type Json, socketAddress, TYPE } from './json.ts';
import { portsSeen, type Scene, servicesSeen } from './scene.ts';
import { tcpDestinations } from './tcp-routes.ts';

export const LISTENER = `${TYPE}envoy.config.listener.v3.Listener`;
/** What the sniffer must have seen for a connection to be HTTP. */
export const PLAIN_HTTP = { transport_protocol: 'raw_buffer', application_protocols: ['http/1.1', 'h2c'] };

export function outboundListeners(scene: Scene): Json[] {
  const listeners = new Map<string, Json>();
  for (const service of servicesSeen(scene)) {
    for (const port of portsSeen(scene, service)) {
      for (const [name, make] of listenersOf(scene, service, port))
        if (!listeners.has(name)) listeners.set(name, make());
    }
  }
  return [...listeners.values()];
}

export function virtualOutbound(scene: Scene): Json {
  return {
    '@type': LISTENER,
    name: 'virtualOutbound',
    address: socketAddress('0.0.0.0', 15_001),
    filter_chains: [
      {
        filter_chain_match: { destination_port: 15_001 },
        filters: [tcpProxy(scene, 'BlackHoleCluster', [])],
        name: 'virtualOutbound-blackhole',
      },
      {
        filters: [tcpProxy(scene, outboundDefault(scene), [{ name: outboundDefault(scene), weight: 1 }])],
        name: 'virtualOutbound-catchall-tcp',
      },
    ],
    use_original_dst: true,
    traffic_direction: 'OUTBOUND',
    ...accessLog(scene.mesh, NO_ROUTE_ONLY),
    max_connections_to_accept_per_socket_event: 1,
  };
}

/** Where traffic to unknown addresses goes. */
export function outboundDefault({ scope }: Scene): 'PassthroughCluster' | 'BlackHoleCluster' {
  return scope.registryOnly ? 'BlackHoleCluster' : 'PassthroughCluster';
}

function listenersOf(scene: Scene, service: MeshService, port: ServicePort): [string, () => Json][] {
  const protocol = port.protocol;
  if (protocol === 'http') {
    return [
      [
        `0.0.0.0_${port.port}`,
        () => httpListener(scene, '0.0.0.0', port.port, String(port.port), passthroughChain(scene)),
      ],
    ];
  }
  return addressesOf(scene, service, port.port).map((address) => [
    `${address}_${port.port}`,
    () =>
      protocol === 'tcp'
        ? tcpListener(scene, service, address, port.port)
        : httpListener(scene, address, port.port, `${service.host}:${port.port}`, tcpChain(scene, service, port.port)),
  ]);
}

/** A headless Service has none of its own: its pods' are listened to. */
function addressesOf({ services, address }: Scene, service: MeshService, port: number): string[] {
  if (service.clusterIP !== undefined) return [service.clusterIP];
  if (service.entry) return service.entry.addresses.length > 0 ? [...service.entry.addresses] : ['0.0.0.0'];
  return services
    .endpoints(service, port)
    .map((e) => e.endpoint.address)
    .filter((other) => other !== address);
}

function httpListener(scene: Scene, address: string, port: number, routes: string, otherwise: Json): Json {
  return {
    '@type': LISTENER,
    name: `${address}_${port}`,
    address: socketAddress(address, port),
    filter_chains: [
      {
        filter_chain_match: PLAIN_HTTP,
        filters: [
          httpManager(scene, {
            statPrefix: `outbound_${address}_${port};`,
            routes: { name: routes },
            side: 'outbound',
          }),
        ],
        transport_socket_connect_timeout: '15s',
      },
    ],
    listener_filters: [
      extension(
        'envoy.filters.listener.http_inspector',
        'envoy.extensions.filters.listener.http_inspector.v3.HttpInspector',
      ),
    ],
    ...common(),
    default_filter_chain: otherwise,
    bind_to_port: false,
  };
}

function tcpListener(scene: Scene, service: MeshService, address: string, port: number): Json {
  const { clusters, rule } = tcpDestinations(scene, service, port);
  const statPrefix = rule ? `${rule.name}.${rule.namespace}` : (clusters[0]?.name ?? '');
  return {
    '@type': LISTENER,
    name: `${address}_${port}`,
    address: socketAddress(address, port),
    filter_chains: [
      {
        filters: [tcpProxy(scene, statPrefix, clusters)],
        ...(rule && {
          metadata: {
            filter_metadata: { istio: { config: configPath('virtual-service', rule.namespace, rule.name) } },
          },
        }),
        transport_socket_connect_timeout: '15s',
      },
    ],
    ...common(),
    bind_to_port: false,
  };
}

function common(): Json {
  return { listener_filters_timeout: '0s', traffic_direction: 'OUTBOUND', continue_on_listener_filters_timeout: true };
}

function passthroughChain(scene: Scene): Json {
  const name = outboundDefault(scene);
  return {
    filter_chain_match: {},
    filters: [tcpProxy(scene, name, [{ name, weight: 1 }])],
    name: 'PassthroughFilterChain',
  };
}

function tcpChain(scene: Scene, service: MeshService, port: number): Json {
  const { clusters } = tcpDestinations(scene, service, port);
  return { filters: [tcpProxy(scene, clusters[0]?.name ?? '', clusters)], transport_socket_connect_timeout: '15s' };
}
