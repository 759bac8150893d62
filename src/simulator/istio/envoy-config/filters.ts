// Network filters that all listeners are made of: the HTTP connection manager and the TCP proxy, with the access log.
import type { KubeObject } from '../../../mesh/objects.ts';
import { text } from '../../../mesh/read.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import { ADS, extension, type Json } from './json.ts';
import type { Scene } from './scene.ts';

const HTTP_MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const LOG_FORMAT =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% ' +
  '%BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" ' +
  '"%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% ' +
  '%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n';

export interface HttpManager {
  statPrefix: string;
  /** By name over RDS, or written here. */
  routes: { name: string } | { config: Json };
  side: 'outbound' | 'inbound' | 'gateway';
  /** JWT and RBAC filters, before the rest. */
  security?: readonly Json[];
}

export function httpManager(scene: Scene, { statPrefix, routes, side, security = [] }: HttpManager): Json {
  return extension('envoy.filters.network.http_connection_manager', HTTP_MANAGER, {
    stat_prefix: statPrefix,
    ...('name' in routes
      ? { rds: { config_source: ADS, route_config_name: routes.name } }
      : { route_config: routes.config }),
    http_filters: [...security, ...httpFilters()],
    tracing: tracing(scene.pod),
    ...(side === 'gateway' && { http_protocol_options: {} }),
    ...(side !== 'outbound' && { server_name: 'istio-envoy' }),
    ...accessLog(scene.mesh),
    use_remote_address: side === 'gateway',
    ...clientCertificate(side),
    proxy_100_continue: true,
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    stream_idle_timeout: '0s',
    normalize_path: true,
    request_id_extension: {
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig',
        use_request_id_for_trace_sampling: true,
      },
    },
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
  });
}

/** `clusters` with weights where there are several. */
export function tcpProxy(
  scene: Scene,
  statPrefix: string,
  clusters: readonly { name: string; weight: number }[],
): Json {
  const [first] = clusters;
  const target =
    clusters.length > 1
      ? { weighted_clusters: { clusters: clusters.map(({ name, weight }) => ({ name, weight })) } }
      : { cluster: first?.name ?? 'BlackHoleCluster' };
  const logged = first && first.name !== 'BlackHoleCluster' ? accessLog(scene.mesh) : {};
  return extension('envoy.filters.network.tcp_proxy', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
    stat_prefix: statPrefix,
    ...target,
    ...logged,
  });
}

/** Nothing where the mesh writes no access log. */
export function accessLog(mesh: PushedMesh, filter?: Json): Json {
  const path = text(mesh.meshConfig.accessLogFile);
  if (!path) return {};
  const log = extension('envoy.access_loggers.file', 'envoy.extensions.access_loggers.file.v3.FileAccessLog', {
    path,
    log_format: { text_format_source: { inline_string: text(mesh.meshConfig.accessLogFormat) || LOG_FORMAT } },
  });
  return { access_log: [filter ? { ...log, filter } : log] };
}

/** What a listener itself logs: connections that fit no filter chain. */
export const NO_ROUTE_ONLY: Json = { response_flag_filter: { flags: ['NR'] } };

function httpFilters(): Json[] {
  const http = 'envoy.extensions.filters.http';
  return [
    extension('envoy.filters.http.grpc_stats', `${http}.grpc_stats.v3.FilterConfig`, {
      emit_filter_state: true,
      stats_for_all_methods: false,
    }),
    extension('envoy.filters.http.fault', `${http}.fault.v3.HTTPFault`),
    extension('envoy.filters.http.cors', `${http}.cors.v3.Cors`),
    extension('envoy.filters.http.router', `${http}.router.v3.Router`),
  ];
}

function clientCertificate(side: HttpManager['side']): Json {
  if (side === 'outbound') return {};
  const inbound = side === 'inbound';
  return {
    forward_client_cert_details: inbound ? 'APPEND_FORWARD' : 'SANITIZE_SET',
    set_current_client_cert_details: { subject: true, ...(!inbound && { cert: true }), dns: true, uri: true },
  };
}

function tracing(pod: KubeObject): Json {
  const { labels = {}, namespace = 'default' } = pod.metadata;
  const literals: [string, string][] = [
    ['istio.canonical_revision', labels['service.istio.io/canonical-revision'] ?? 'latest'],
    ['istio.canonical_service', labels['service.istio.io/canonical-name'] ?? ''],
    ['istio.cluster_id', 'Kubernetes'],
    ['istio.mesh_id', 'cluster.local'],
    ['istio.namespace', namespace],
  ];
  return {
    client_sampling: { value: 100 },
    random_sampling: { value: 100 },
    overall_sampling: { value: 100 },
    custom_tags: [...dryRunTags(), ...literals.map(([tag, value]) => ({ tag, literal: { value } }))],
  };
}

function dryRunTags(): Json[] {
  const tags = ['allow', 'deny'].flatMap((action) => [
    [`${action}_policy.name`, `istio_dry_run_${action}_shadow_effective_policy_id`],
    [`${action}_policy.result`, `istio_dry_run_${action}_shadow_engine_result`],
  ]);
  return tags.map(([tag, key]) => ({
    tag: `istio.authorization.dry_run.${tag}`,
    metadata: {
      kind: { request: {} },
      metadata_key: { key: 'envoy.filters.http.rbac', path: [{ key }] },
    },
  }));
}
