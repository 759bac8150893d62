// /config_dump: everything the proxy runs, in envoy.admin.v3.ConfigDump.
import type { ProxySync } from '../../mesh-facts.ts';
import { pushVersion } from '../debug/proxy-sync.ts';
import {
  bootstrapOf,
  STATIC_ADDRESSES,
  staticClusters,
  staticListeners,
  staticRoutes,
} from '../envoy-config/bootstrap.ts';
import { staticAssignment } from '../envoy-config/endpoints.ts';
import { type Json, TYPE } from '../envoy-config/json.ts';
import type { ProxyConfiguration } from '../envoy-config/proxy-configuration.ts';
import type { GivenCertificate } from './gateway-certificates.ts';
import type { WorkloadCertificate } from './workload-certificate.ts';

export interface DumpOptions {
  sync: Pick<ProxySync, 'sent' | 'sentAt'>;
  /** Milliseconds since the epoch. */
  startedAt: number;
  certificate: WorkloadCertificate | undefined;
  /** Of a gateway's listeners. */
  given?: readonly GivenCertificate[];
  /** `?include_eds`. */
  endpoints: boolean;
}

export function configDump(configuration: ProxyConfiguration, options: DumpOptions): { configs: Json[] } {
  const { clusters, endpoints, listeners, routes, scene } = configuration;
  const version_info = pushVersion(options.sync);
  const last_updated = new Date(options.sync.sentAt).toISOString();
  const started = new Date(options.startedAt).toISOString();
  const dump = (name: string, content: Json): Json => ({ '@type': `${TYPE}envoy.admin.v3.${name}`, ...content });
  const typed = (type: string, object: Json): Json => ({ '@type': TYPE + type, ...object });
  return {
    configs: [
      dump('BootstrapConfigDump', { bootstrap: bootstrapOf(scene), last_updated: started }),
      dump('ClustersConfigDump', {
        version_info,
        static_clusters: staticClusters().map((cluster) => ({
          cluster: typed('envoy.config.cluster.v3.Cluster', cluster),
          last_updated: started,
        })),
        ...list(
          'dynamic_active_clusters',
          clusters.map((cluster) => ({ version_info, cluster, last_updated })),
        ),
      }),
      ...(options.endpoints ? [dump('EndpointsConfigDump', endpointDumps(endpoints))] : []),
      dump('ListenersConfigDump', {
        version_info,
        static_listeners: staticListeners().map((listener) => ({
          listener: typed('envoy.config.listener.v3.Listener', listener),
          last_updated: started,
        })),
        ...list(
          'dynamic_listeners',
          listeners.map((listener) => ({
            name: listener.name,
            active_state: { version_info, listener, last_updated },
          })),
        ),
      }),
      dump('ScopedRoutesConfigDump', {}),
      dump('RoutesConfigDump', {
        static_route_configs: [...inlineRoutes(listeners), ...staticRouteConfigs()].map((route_config) => ({
          route_config: typed('envoy.config.route.v3.RouteConfiguration', route_config),
          last_updated: started,
        })),
        ...list(
          'dynamic_route_configs',
          routes.map((route_config) => ({ version_info, route_config, last_updated })),
        ),
      }),
      dump('SecretsConfigDump', secrets(options.certificate, options.given ?? [], version_info, last_updated)),
    ],
  };
}

/** A repeated field without members is not there. */
const list = (name: string, members: readonly Json[]): Json => (members.length > 0 ? { [name]: members } : {});

function endpointDumps(endpoints: readonly Json[]): Json {
  return {
    static_endpoint_configs: STATIC_ADDRESSES.map(([name, address]) => ({
      endpoint_config: staticAssignment(name, address),
    })),
    ...list(
      'dynamic_endpoint_configs',
      endpoints.map((endpoint_config) => ({ endpoint_config })),
    ),
  };
}

function staticRouteConfigs(): Json[] {
  return [staticRoutes('/healthz/ready', 'agent'), staticRoutes('/stats/prometheus', 'prometheus_stats')];
}

/** Routes written inside listeners, as the inbound ones are. */
function inlineRoutes(listeners: readonly Json[]): Json[] {
  return listeners.flatMap((listener) =>
    ((listener.filter_chains ?? []) as Json[]).flatMap((chain) =>
      ((chain.filters ?? []) as Json[]).flatMap((filter) => {
        const { route_config } = (filter.typed_config ?? {}) as { route_config?: Json };
        return route_config ? [route_config] : [];
      }),
    ),
  );
}

/** Private keys are never shown; Envoy says so in their place. */
const REDACTED = Buffer.from('[redacted]').toString('base64');

function secrets(
  certificate: WorkloadCertificate | undefined,
  given: readonly GivenCertificate[],
  version: string,
  pushedAt: string,
): Json {
  if (!certificate) return {};
  const issued = new Date(certificate.issuedAt).toISOString();
  const version_info = `${issued.slice(0, 19)}Z/1`;
  const secret = (name: string, content: Json): Json => ({
    name,
    version_info,
    last_updated: issued,
    secret: { '@type': `${TYPE}envoy.extensions.transport_sockets.tls.v3.Secret`, name, ...content },
  });
  const inline = (text: string) => ({ inline_bytes: Buffer.from(text).toString('base64') });
  return {
    dynamic_active_secrets: [
      secret('default', {
        tls_certificate: { certificate_chain: inline(certificate.chain), private_key: { inline_bytes: REDACTED } },
      }),
      secret('ROOTCA', { validation_context: { trusted_ca: inline(certificate.root) } }),
      ...given.map(({ name, chain }) => ({
        ...secret(name, {
          tls_certificate: { certificate_chain: inline(chain), private_key: { inline_bytes: REDACTED } },
        }),
        version_info: version,
        last_updated: pushedAt,
      })),
    ],
  };
}
