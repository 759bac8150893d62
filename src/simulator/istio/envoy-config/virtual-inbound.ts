// A sidecar's inbound listener: chains for traffic to its own ports and for all the rest.

import { type InboundPort, inboundPorts } from '../../../mesh/inbound-ports.ts';
import { accessLog, httpManager, NO_ROUTE_ONLY, tcpProxy } from './filters.ts';
import { extension, type Json, socketAddress } from './json.ts';
import { LISTENER, PLAIN_HTTP } from './outbound-listeners.ts';
import { peerMode } from './peer-authentication.ts';
import type { Scene } from './scene.ts';
import { httpSecurity, networkSecurity } from './security-filters.ts';
import { inboundTls } from './tls-context.ts';

const PORT = 15_006;
const PASSTHROUGH = 'InboundPassthroughCluster';
const TRUST_DOMAIN = 'spiffe://cluster.local';
/** ALPN by which sidecars recognise each other's HTTP and TCP. */
const ISTIO_HTTP = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
const ISTIO_TCP = ['istio-peer-exchange', 'istio'];
const ISTIO_ANY = ['istio', 'istio-peer-exchange', ...ISTIO_HTTP];

export function virtualInbound(scene: Scene): Json {
  const ports = inboundPorts(scene.services, scene.pod, scene.scope.ingress);
  return {
    '@type': LISTENER,
    name: 'virtualInbound',
    address: socketAddress('0.0.0.0', PORT),
    filter_chains: [
      {
        filter_chain_match: { destination_port: PORT },
        filters: [tcpProxy(scene, 'BlackHoleCluster', [])],
        name: 'virtualInbound-blackhole',
      },
      ...passthroughChains(scene),
      ...ports.flatMap((port) => portChains(scene, port)),
    ],
    listener_filters: listenerFilters(ports, peerMode(scene) === 'STRICT'),
    listener_filters_timeout: '0s',
    traffic_direction: 'INBOUND',
    continue_on_listener_filters_timeout: true,
    ...accessLog(scene.mesh, NO_ROUTE_ONLY),
    max_connections_to_accept_per_socket_event: 1,
  };
}

function passthroughChains(scene: Scene): Json[] {
  const http = () => ({ filters: [passthroughHttp(scene)], name: 'virtualInbound-catchall-http' });
  const tcp = () => ({
    filters: [...networkSecurity(scene), tcpProxy(scene, PASSTHROUGH, [{ name: PASSTHROUGH, weight: 1 }])],
    name: 'virtualInbound',
  });
  const tls = (chain: { filters: Json[]; name: string }, alpn?: string[]) => ({
    filter_chain_match: { transport_protocol: 'tls', ...(alpn && { application_protocols: alpn }) },
    filters: chain.filters,
    transport_socket: inboundTls(TRUST_DOMAIN),
    name: chain.name,
  });
  const plainHttp = () => ({ filter_chain_match: PLAIN_HTTP, ...http() });
  const plainTcp = () => ({ filter_chain_match: { transport_protocol: 'raw_buffer' }, ...tcp() });
  const mode = peerMode(scene);
  if (mode === 'STRICT') return [tls(http(), ISTIO_HTTP), tls(tcp())];
  const foreign = { filter_chain_match: { transport_protocol: 'tls' }, ...tcp() };
  if (mode === 'DISABLE') return [plainHttp(), plainTcp(), foreign];
  return [tls(http(), ISTIO_HTTP), plainHttp(), tls(tcp(), ISTIO_TCP), plainTcp(), foreign];
}

function portChains(scene: Scene, inbound: InboundPort): Json[] {
  const mode = peerMode(scene, inbound.port);
  const chain = (match: Json, secured: boolean): Json => ({
    filter_chain_match: { destination_port: inbound.port, ...match },
    filters: portFilters(scene, inbound),
    ...(secured && { transport_socket: inboundTls(TRUST_DOMAIN) }),
    name: chainName(scene, inbound),
  });
  const plain = chain({ transport_protocol: 'raw_buffer' }, false);
  if (mode === 'DISABLE') return [plain];
  if (mode === 'STRICT') return [chain({ transport_protocol: 'tls' }, true)];
  return [chain({ transport_protocol: 'tls', application_protocols: ISTIO_ANY }, true), plain];
}

/** Those of a Sidecar object are bound to the pod's address. */
function chainName({ address }: Scene, { port, ingress }: InboundPort): string {
  return `${ingress ? address : '0.0.0.0'}_${port}`;
}

function portFilters(scene: Scene, inbound: InboundPort): Json[] {
  const { port, protocol, servicePort, services, ingress } = inbound;
  const cluster = `inbound|${port}||`;
  if (protocol === 'tcp') return [...networkSecurity(scene), tcpProxy(scene, cluster, [{ name: cluster, weight: 1 }])];
  const config = inboundRoutes(
    cluster,
    `inbound|http|${servicePort}`,
    ingress ? `${sidecarName(scene)}:${port}/*` : `${services[0]?.host}:${servicePort}/*`,
  );
  return [
    httpManager(scene, {
      statPrefix: `inbound_${chainName(scene, inbound)};`,
      routes: { config },
      side: 'inbound',
      security: httpSecurity(scene),
    }),
  ];
}

function sidecarName({ scope: { source } }: Scene): string {
  return `${source?.name}.${source?.namespace}`;
}

function passthroughHttp(scene: Scene): Json {
  return httpManager(scene, {
    statPrefix: `${PASSTHROUGH};`,
    routes: { config: inboundRoutes(PASSTHROUGH, 'inbound|http|0', ':0/*') },
    side: 'inbound',
    security: httpSecurity(scene),
  });
}

/** An inbound route takes everything and tries again only what was reset before it was sent. */
export function inboundRoutes(cluster: string, host: string, operation: string): Json {
  return {
    name: cluster,
    virtual_hosts: [
      {
        name: host,
        domains: ['*'],
        routes: [
          {
            match: { prefix: '/' },
            route: {
              cluster,
              timeout: '0s',
              retry_policy: { retry_on: 'reset-before-request', num_retries: 2 },
              max_stream_duration: { max_stream_duration: '0s', grpc_timeout_header_max: '0s' },
            },
            decorator: { operation },
            name: 'default',
          },
        ],
      },
    ],
    validate_clusters: false,
  };
}

function listenerFilters(ports: readonly InboundPort[], strict: boolean): Json[] {
  const range = (port: number) => ({ destination_port_range: { start: port, end: port + 1 } });
  const declared = ports.filter((p) => p.protocol !== 'auto').map((p) => range(p.port));
  const inspectors = 'envoy.extensions.filters.listener';
  return [
    extension('envoy.filters.listener.original_dst', `${inspectors}.original_dst.v3.OriginalDst`),
    {
      ...extension('envoy.filters.listener.tls_inspector', `${inspectors}.tls_inspector.v3.TlsInspector`, {
        initial_read_buffer_size: 512,
      }),
      filter_disabled: range(PORT),
    },
    // Where all traffic is mutual TLS, ALPN tells HTTP from the rest.
    ...(strict
      ? []
      : [
          {
            ...extension('envoy.filters.listener.http_inspector', `${inspectors}.http_inspector.v3.HttpInspector`),
            filter_disabled: declared.length > 0 ? { or_match: { rules: [...declared, range(PORT)] } } : range(PORT),
          },
        ]),
  ];
}
