// The queries of /config_dump: one resource, or only what bears a name.
import { RE2JS } from 're2js';
import type { Json } from '../envoy-config/json.ts';

interface Dump {
  configs: Json[];
}

/** A text is Envoy's complaint. */
export function onlyResource(dump: Dump, query: URLSearchParams): Dump | string {
  const named = byName(dump, query.get('name_regex'));
  if (typeof named === 'string') return named;
  const resource = query.get('resource');
  if (!resource) return named;
  for (const config of named.configs) {
    const members = config[resource];
    if (Array.isArray(members))
      return { configs: (members as Json[]).map((member) => ({ '@type': elementType(config, resource), ...member })) };
    if (resource in config)
      return {
        configs: [
          { '@type': 'type.googleapis.com/envoy.config.bootstrap.v3.Bootstrap', ...(config[resource] as Json) },
        ],
      };
  }
  return `${resource} not found in config dump`;
}

function byName(dump: Dump, pattern: string | null): Dump | string {
  if (pattern === null) return dump;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch {
    return `Error while parsing name_regex from ${pattern}`;
  }
  const keep = (member: Json) => compiled.matcher(nameOf(member)).find();
  return {
    configs: dump.configs.map((config) =>
      Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
          key,
          Array.isArray(value) ? (value as Json[]).filter(keep) : value,
        ]),
      ),
    ),
  };
}

/** A member has its name itself, or its only object has it. */
function nameOf(member: Json): string {
  if (typeof member.name === 'string') return member.name;
  for (const value of Object.values(member)) {
    const { name, cluster_name } = (value ?? {}) as { name?: unknown; cluster_name?: unknown };
    if (typeof name === 'string') return name;
    if (typeof cluster_name === 'string') return cluster_name;
  }
  return '';
}

const ELEMENTS: Record<string, string> = {
  dynamic_active_clusters: 'DynamicCluster',
  static_clusters: 'StaticCluster',
  dynamic_listeners: 'DynamicListener',
  static_listeners: 'StaticListener',
  dynamic_route_configs: 'DynamicRouteConfig',
  static_route_configs: 'StaticRouteConfig',
  dynamic_endpoint_configs: 'DynamicEndpointConfig',
  static_endpoint_configs: 'StaticEndpointConfig',
  dynamic_active_secrets: 'DynamicSecret',
};

const elementType = (config: Json, resource: string) => `${String(config['@type'])}.${ELEMENTS[resource] ?? ''}`;
