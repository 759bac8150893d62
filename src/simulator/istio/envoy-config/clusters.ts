// CDS: a cluster for each port of each Service, one more for each subset, the inbound ones, and those every sidecar has.

import { type IngressListener, inboundPorts } from '../../../mesh/inbound-ports.ts';
import { fields, integer, items, text } from '../../../mesh/read.ts';
import { isHttp2, type MeshService } from '../../../mesh/services.ts';
import { durationOf } from './durations.ts';
import { ADS, byName, configPath, type Json, seconds, socketAddress, TYPE } from './json.ts';
import { portsSeen, type Scene, servicesSeen } from './scene.ts';
import { autoMutual, istioMutual, upstreamTls } from './tls-context.ts';
import { policyFor, type TrafficPolicy } from './traffic-policy.ts';

const CLUSTER = `${TYPE}envoy.config.cluster.v3.Cluster`;
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const UNLIMITED = 4_294_967_295;

/** Sorted by name, as Envoy dumps them. */
export function clustersOf(scene: Scene): Json[] {
  const outbound = servicesSeen(scene).flatMap((service) => serviceClusters(scene, service));
  const own = scene.role === 'sidecar' ? [...inboundClusters(scene), inboundPassthrough(), passthrough()] : [];
  return [...outbound, ...own, blackHole()].sort((a, b) => byName(String(a.name), String(b.name)));
}

function serviceClusters(scene: Scene, service: MeshService): Json[] {
  const rule = scene.destinationRules.find(service, scene.client);
  return portsSeen(scene, service).flatMap(({ port }) =>
    ['', ...(rule?.subsets.keys() ?? [])].map((subset) => outboundCluster(scene, service, port, subset)),
  );
}

function outboundCluster(scene: Scene, service: MeshService, port: number, subset: string): Json {
  const rule = scene.destinationRules.find(service, scene.client);
  const policy = policyFor(scene, rule, subset, port);
  const name = `outbound|${port}|${subset}|${service.host}`;
  const kind = discoveryOf(service);
  const http2 = isHttp2(service, port);
  return {
    '@type': CLUSTER,
    name,
    type: kind,
    ...(kind === 'EDS' && { eds_cluster_config: { eds_config: ADS, service_name: name } }),
    connect_timeout: seconds(durationOf(fields(policy.connectionPool?.tcp).connectTimeout) ?? 10_000),
    ...(kind === 'ORIGINAL_DST' ? { lb_policy: 'CLUSTER_PROVIDED' } : balancing(policy)),
    ...(kind === 'STRICT_DNS' && { dns_refresh_rate: '60s', dns_lookup_family: 'V4_ONLY', respect_dns_ttl: true }),
    circuit_breakers: { thresholds: [thresholds(policy)] },
    ...outlierDetection(policy),
    metadata: metadata(service, subset, rule?.source),
    common_lb_config: { healthy_panic_threshold: healthyPanic(policy) },
    alt_stat_name: `${name};`,
    ...protocolOptions(policy, http2, portOf(service, port).protocol === 'auto'),
    ...transport(scene, service, port, subset, policy, kind, http2),
  };
}

type Discovery = 'EDS' | 'ORIGINAL_DST' | 'STRICT_DNS';

/** How Envoy finds the endpoints: told by istiod, where the client was going, or by name. */
function discoveryOf({ entry, headless, externalName }: MeshService): Discovery {
  if (entry?.resolution === 'DNS' || externalName) return 'STRICT_DNS';
  return headless || entry?.resolution === 'NONE' ? 'ORIGINAL_DST' : 'EDS';
}

const portOf = (service: MeshService, port: number) =>
  service.ports.find((p) => p.port === port) ?? { name: '', port, target: port, protocol: 'auto' as const };

function balancing({ loadBalancer }: TrafficPolicy): Json {
  const hash = fields(loadBalancer?.consistentHash);
  if (loadBalancer?.consistentHash !== undefined) {
    const table = integer(fields(hash.maglev).tableSize);
    if (hash.maglev !== undefined)
      return { lb_policy: 'MAGLEV', ...(table && { maglev_lb_config: { table_size: String(table) } }) };
    const size = integer(fields(hash.ringHash).minimumRingSize) ?? integer(hash.minimumRingSize) ?? 1024;
    return { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: String(size) } };
  }
  const simple = text(loadBalancer?.simple);
  // ROUND_ROBIN is Envoy's default and is therefore not written.
  if (simple === 'ROUND_ROBIN') return {};
  if (simple === 'RANDOM') return { lb_policy: 'RANDOM' };
  return { lb_policy: simple === 'PASSTHROUGH' ? 'CLUSTER_PROVIDED' : 'LEAST_REQUEST' };
}

export interface Limits {
  max_connections: number;
  max_pending_requests: number;
  max_requests: number;
  max_retries: number;
}

function thresholds({ connectionPool }: TrafficPolicy): Json & Limits {
  const { tcp, http } = connectionPool ?? {};
  const limit = (value: unknown) => integer(value) || UNLIMITED;
  return {
    max_connections: limit(fields(tcp).maxConnections),
    max_pending_requests: limit(fields(http).http1MaxPendingRequests),
    max_requests: limit(fields(http).http2MaxRequests),
    max_retries: limit(fields(http).maxRetries),
  };
}

function outlierDetection({ outlierDetection: outlier }: TrafficPolicy): Json {
  if (!outlier) return {};
  const time = (key: string, name: string) => {
    const value = durationOf(outlier[key]);
    return value === undefined ? {} : { [name]: seconds(value) };
  };
  const count = (key: string, name: string, enforcing: string) => {
    const value = integer(outlier[key]);
    return value === undefined ? {} : { [name]: value, [enforcing]: value > 0 ? 100 : 0 };
  };
  return {
    outlier_detection: {
      ...count('consecutive5xxErrors', 'consecutive_5xx', 'enforcing_consecutive_5xx'),
      ...time('interval', 'interval'),
      ...time('baseEjectionTime', 'base_ejection_time'),
      ...(integer(outlier.maxEjectionPercent) && { max_ejection_percent: integer(outlier.maxEjectionPercent) }),
      ...count('consecutiveGatewayErrors', 'consecutive_gateway_failure', 'enforcing_consecutive_gateway_failure'),
      enforcing_success_rate: 0,
    },
  };
}

function healthyPanic({ outlierDetection }: TrafficPolicy): Json {
  const value = integer(outlierDetection?.minHealthPercent);
  return value ? { value } : {};
}

function metadata(service: MeshService, subset: string, rule?: { namespace: string; name: string }): Json {
  return {
    filter_metadata: {
      istio: {
        ...(rule && { config: configPath('destination-rule', rule.namespace, rule.name) }),
        services: [{ host: service.host, name: service.name, namespace: service.namespace }],
        ...(subset && { subset }),
      },
    },
  };
}

function protocolOptions({ connectionPool }: TrafficPolicy, http2: boolean, sniffed: boolean): Json {
  const { maxRequestsPerConnection, idleTimeout } = fields(connectionPool?.http);
  const perConnection = integer(maxRequestsPerConnection);
  const idle = durationOf(idleTimeout);
  const common = {
    ...(idle !== undefined && { idle_timeout: seconds(idle) }),
    ...(perConnection && { max_requests_per_connection: perConnection }),
  };
  const hasCommon = Object.keys(common).length > 0;
  if (!hasCommon && !http2 && !sniffed) return {};
  const http = http2 ? { http2_protocol_options: {} } : { http_protocol_options: {} };
  return {
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        '@type': TYPE + HTTP_OPTIONS,
        ...(hasCommon && { common_http_protocol_options: common }),
        ...(sniffed && !http2
          ? { use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} } }
          : { explicit_http_config: http }),
      },
    },
  };
}

function transport(
  scene: Scene,
  service: MeshService,
  port: number,
  subset: string,
  { tls }: TrafficPolicy,
  kind: Discovery,
  http2: boolean,
): Json {
  const mode = text(tls?.mode);
  // What is outside the mesh gets mutual TLS only when a rule says so.
  const outside = kind === 'STRICT_DNS' || service.entry?.resolution === 'NONE';
  if (mode === 'DISABLE' || (outside && mode === undefined)) return {};
  if (mode === 'SIMPLE' || mode === 'MUTUAL') {
    const [sni, credentialName] = [text(tls?.sni), text(tls?.credentialName)];
    return {
      transport_socket: upstreamTls({ mode: 'simple', ...(sni && { sni }), ...(credentialName && { credentialName }) }),
    };
  }
  const sni = `outbound_.${port}_.${subset}_.${service.host}`;
  const socket = istioMutual(sni, identitiesOf(scene, service), http2);
  return mode === 'ISTIO_MUTUAL' || kind === 'ORIGINAL_DST'
    ? { transport_socket: socket }
    : { transport_socket_matches: autoMutual(socket) };
}

/** Who may serve the Service: the service accounts of its pods. */
function identitiesOf({ services }: Scene, service: MeshService): string[] {
  const accounts = service.ports.flatMap(({ port }) =>
    services.endpoints(service, port).map(({ pod }) => {
      const account = text(fields(pod.spec).serviceAccountName) ?? 'default';
      return `spiffe://cluster.local/ns/${service.namespace}/sa/${account}`;
    }),
  );
  return [...new Set(accounts)].sort(byName);
}

function inboundClusters(scene: Scene): Json[] {
  const { scope } = scene;
  return inboundPorts(scene.services, scene.pod, scope.ingress).map(({ port, servicePort, services, ingress }) => {
    const [service] = services;
    const rule = service && scene.destinationRules.find(service, scene.client);
    // The limits that a rule sets for everybody hold at the server too.
    const policy = policyFor(scene, rule, '', servicePort);
    const pool = ingress?.pool ?? scope.inboundPool;
    const ruled = rule && Object.keys(policy).length > 0;
    return {
      ...inboundDestination(scene, port, ingress),
      circuit_breakers: { thresholds: [thresholds(pool === undefined ? policy : { connectionPool: fields(pool) })] },
      ...(!ingress?.endpoint && { cleanup_interval: '9223372035s' }),
      ...(!ingress?.endpoint?.loopback && {
        upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } },
      }),
      metadata: {
        filter_metadata: {
          istio: {
            ...(ruled && { config: configPath('destination-rule', rule.source.namespace, rule.source.name) }),
            services: services.map(({ host, name, namespace }) => ({ host, name, namespace })),
          },
        },
      },
      common_lb_config: {},
      alt_stat_name: `inbound|${port}||;`,
    };
  });
}

/** Where a Sidecar object says so, another address than the one that the client asked for. */
function inboundDestination(scene: Scene, port: number, ingress: IngressListener | undefined): Json {
  const name = `inbound|${port}||`;
  const cluster = originalDestination(name);
  const { endpoint } = ingress ?? {};
  if (!endpoint) return cluster;
  const { lb_policy: _, ...rest } = cluster;
  const address = socketAddress(endpoint.loopback ? '127.0.0.1' : scene.address, endpoint.port ?? 0);
  const load_assignment = { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] };
  return { ...rest, type: 'STATIC', load_assignment };
}

function inboundPassthrough(): Json {
  return {
    ...originalDestination('InboundPassthroughCluster'),
    upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } },
    ...passthroughOptions(),
  };
}

const passthrough = (): Json => ({ ...originalDestination('PassthroughCluster'), ...passthroughOptions() });

function originalDestination(name: string): Json {
  return {
    '@type': CLUSTER,
    name,
    type: 'ORIGINAL_DST',
    connect_timeout: '10s',
    lb_policy: 'CLUSTER_PROVIDED',
    circuit_breakers: { thresholds: [thresholds({})] },
  };
}

function passthroughOptions(): Json {
  return {
    alt_stat_name: 'PassthroughCluster;',
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        '@type': TYPE + HTTP_OPTIONS,
        common_http_protocol_options: { idle_timeout: '300s' },
        use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
      },
    },
  };
}

function blackHole(): Json {
  return {
    '@type': CLUSTER,
    name: 'BlackHoleCluster',
    type: 'STATIC',
    connect_timeout: '10s',
    alt_stat_name: 'BlackHoleCluster;',
  };
}

/** Limits of a cluster as its configuration says them; Envoy's own where it says nothing. */
export function limitsOf(cluster: Json): Limits {
  const [written] = items(fields(cluster.circuit_breakers).thresholds).map(fields);
  const limit = (key: keyof Limits, preset: number) => integer(written?.[key]) ?? preset;
  return {
    max_connections: limit('max_connections', 1024),
    max_pending_requests: limit('max_pending_requests', 1024),
    max_requests: limit('max_requests', 1024),
    max_retries: limit('max_retries', 3),
  };
}
