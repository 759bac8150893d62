// Envoy's config dump as istioctl reads it. Whatever has the wrong shape reads as missing.
import { fields, items } from '../../../mesh/read.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface ConfigDump {
  clusters: Fields[];
  listeners: Fields[];
  routes: Fields[];
  endpoints: Fields[];
  secrets: { secret: Fields; state: 'ACTIVE' | 'WARMING' }[];
  bootstrap: Fields;
  /** Everything, as Envoy gave it. */
  sections: Fields[];
  /** Of each kind, as Envoy gave it. */
  section(kind: string): Fields | undefined;
}

/** Throws SyntaxError when it is no JSON. */
export function readConfigDump(text: string): ConfigDump {
  const configs = items(fields(JSON.parse(text) as unknown).configs).map(fields);
  const section = (kind: string) => configs.find((c) => String(c['@type']).endsWith(`.${kind}`));
  const inner = (kind: string, lists: readonly string[], key: string) => {
    const found = fields(section(kind));
    return lists.flatMap((list) => items(found[list]).map((member) => fields(fields(member)[key])));
  };
  const listeners = fields(section('ListenersConfigDump'));
  const secrets = fields(section('SecretsConfigDump'));
  return {
    clusters: inner('ClustersConfigDump', ['static_clusters', 'dynamic_active_clusters'], 'cluster'),
    listeners: [
      ...items(listeners.dynamic_listeners).map((l) => fields(fields(fields(l).active_state).listener)),
      ...items(listeners.static_listeners).map((l) => fields(fields(l).listener)),
    ].filter((l) => l.name !== undefined),
    routes: inner('RoutesConfigDump', ['dynamic_route_configs', 'static_route_configs'], 'route_config'),
    endpoints: inner('EndpointsConfigDump', ['static_endpoint_configs', 'dynamic_endpoint_configs'], 'endpoint_config'),
    secrets: [
      ...items(secrets.dynamic_active_secrets).map((s) => ({
        secret: fields(fields(s).secret),
        state: 'ACTIVE' as const,
      })),
      ...items(secrets.dynamic_warming_secrets).map((s) => ({
        secret: fields(fields(s).secret),
        state: 'WARMING' as const,
      })),
    ],
    bootstrap: fields(fields(section('BootstrapConfigDump')).bootstrap),
    sections: configs,
    section,
  };
}

/** `name.namespace` of the object behind a piece of configuration, from its metadata. */
export function configOrigin(metadata: unknown): string {
  const path = fields(fields(fields(metadata).filter_metadata).istio).config;
  const match = typeof path === 'string' ? /\/namespaces\/([^/]+)\/[^/]+\/([^/]+)$/.exec(path) : null;
  return match ? `${match[2]}.${match[1]}` : '';
}
