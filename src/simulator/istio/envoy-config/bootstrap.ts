// What a proxy starts with, before istiod tells it anything: its node, its own listeners and the clusters of its agent.
import { fields, text } from '../../../mesh/read.ts';
import { ENVOY_REVISION, ENVOY_VERSION, versionOf } from '../debug/release.ts';
import { ADS, extension, type Json, socketAddress, TYPE } from './json.ts';
import type { Scene } from './scene.ts';

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

export function bootstrapOf(scene: Scene): Json {
  return {
    node: nodeOf(scene),
    static_resources: { listeners: staticListeners(), clusters: staticClusters() },
    dynamic_resources: {
      lds_config: ADS,
      cds_config: ADS,
      ads_config: {
        api_type: 'DELTA_GRPC',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
      },
    },
    admin: {
      profile_path: '/var/lib/istio/data/envoy.prof',
      address: socketAddress('127.0.0.1', 15_000),
      access_log: [
        extension('envoy.access_loggers.file', 'envoy.extensions.access_loggers.file.v3.FileAccessLog', {
          path: '/dev/null',
        }),
      ],
    },
    stats_config: { use_all_default_tags: false },
    deferred_stat_options: { enable_deferred_creation_stats: true },
  };
}

/** `sidecar~10.244.1.6~productpage-v1-….default~default.svc.cluster.local`. */
function nodeOf({ pod, role, address, client }: Scene): Json {
  const { name, labels = {}, annotations = {} } = pod.metadata;
  const { namespace } = client;
  const { serviceAccountName, nodeName } = fields(pod.spec);
  const app = labels.app ?? labels['service.istio.io/canonical-name'] ?? name;
  const [major = 0, minor = 0, patch = 0] = ENVOY_VERSION.split(/[.-]/).map(Number);
  return {
    id: `${role === 'gateway' ? 'router' : 'sidecar'}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    cluster: `${app}.${namespace}`,
    metadata: {
      ANNOTATIONS: annotations,
      CLUSTER_ID: 'Kubernetes',
      ENVOY_PROMETHEUS_PORT: 15_090,
      ENVOY_STATUS_PORT: 15_021,
      INSTANCE_IPS: address,
      INTERCEPTION_MODE: 'REDIRECT',
      ISTIO_PROXY_SHA: ENVOY_REVISION,
      ISTIO_VERSION: versionOf(pod),
      LABELS: labels,
      MESH_ID: 'cluster.local',
      NAME: name,
      NAMESPACE: namespace,
      NODE_NAME: text(nodeName) ?? '',
      PILOT_SAN: ['istiod.istio-system.svc'],
      SERVICE_ACCOUNT: text(serviceAccountName) ?? 'default',
      WORKLOAD_NAME: pod.metadata.ownerReferences?.[0]?.name.replace(/-[a-z0-9]{5,10}$/, '') ?? name,
    },
    locality: {},
    user_agent_name: 'envoy',
    user_agent_build_version: {
      version: { major_number: major, minor_number: minor, patch },
      metadata: {
        'build.type': 'RELEASE',
        'revision.sha': ENVOY_REVISION,
        'revision.status': 'Clean',
        'ssl.version': 'BoringSSL',
      },
    },
  };
}

export function staticListeners(): Json[] {
  return [
    staticListener(15_090, 'stats', '/stats/prometheus', 'prometheus_stats'),
    staticListener(15_021, 'agent', '/healthz/ready', 'agent'),
  ];
}

function staticListener(port: number, statPrefix: string, prefix: string, cluster: string): Json {
  return {
    name: `0.0.0.0_${port}`,
    address: socketAddress('0.0.0.0', port),
    filter_chains: [
      {
        filters: [
          extension(
            'envoy.filters.network.http_connection_manager',
            'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            {
              stat_prefix: statPrefix,
              route_config: staticRoutes(prefix, cluster),
              http_filters: [extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router')],
            },
          ),
        ],
      },
    ],
    ignore_global_conn_limit: true,
    bypass_overload_manager: true,
  };
}

export function staticRoutes(prefix: string, cluster: string): Json {
  return { virtual_hosts: [{ name: 'backend', domains: ['*'], routes: [{ match: { prefix }, route: { cluster } }] }] };
}

/** Addresses of the static clusters: ports of the agent and of Envoy, and sockets of the agent. */
export const STATIC_ADDRESSES: readonly (readonly [string, Json])[] = [
  ['agent', socketAddress('127.0.0.1', 15_020)],
  ['prometheus_stats', socketAddress('127.0.0.1', 15_000)],
  ['sds-grpc', { pipe: { path: './var/run/secrets/workload-spiffe-uds/socket' } }],
  ['xds-grpc', { pipe: { path: './etc/istio/proxy/XDS' } }],
];

export function staticClusters(): Json[] {
  return STATIC_ADDRESSES.map(([name, address]) => ({
    name,
    type: 'STATIC',
    connect_timeout: name.endsWith('-grpc') ? '1s' : '0.250s',
    ...(name === 'xds-grpc' && {
      max_requests_per_connection: 1,
      circuit_breakers: { thresholds: [GENEROUS, { priority: 'HIGH', ...GENEROUS }] },
    }),
    alt_stat_name: `${name};`,
    ...(name === 'xds-grpc' && { upstream_connection_options: { tcp_keepalive: { keepalive_time: 300 } } }),
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
    ...(name.endsWith('-grpc') && {
      typed_extension_protocol_options: {
        [HTTP_OPTIONS]: { '@type': TYPE + HTTP_OPTIONS, explicit_http_config: { http2_protocol_options: {} } },
      },
    }),
  }));
}

const GENEROUS = { max_connections: 100_000, max_pending_requests: 100_000, max_requests: 100_000 };
