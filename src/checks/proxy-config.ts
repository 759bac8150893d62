// What an Envoy says that it runs, section by section: /config_dump of its admin page, asked by pilot-agent.
import { ClusterError } from '../cluster/cluster-error.ts';
import type { KubeClient } from '../cluster/contract.ts';
import type { ProxyPattern } from '../labs/check-kinds/proxy.ts';
import { fields, items, text } from '../mesh/read.ts';

export interface ProxyResource {
  name: string;
  content: unknown;
}

type Section = ProxyPattern['section'];

interface Place {
  /** End of the type of its part of the dump. */
  dump: string;
  /** Lists of resources: the key of each list, and of the resource inside its members. */
  lists: readonly (readonly [list: string, ...inside: string[]])[];
  /** Field of a resource that names it. */
  name: string;
}

const places: Record<Exclude<Section, 'bootstrap'>, Place> = {
  clusters: {
    dump: 'ClustersConfigDump',
    lists: [
      ['static_clusters', 'cluster'],
      ['dynamic_active_clusters', 'cluster'],
    ],
    name: 'name',
  },
  endpoints: {
    dump: 'EndpointsConfigDump',
    lists: [
      ['static_endpoint_configs', 'endpoint_config'],
      ['dynamic_endpoint_configs', 'endpoint_config'],
    ],
    name: 'cluster_name',
  },
  listeners: {
    dump: 'ListenersConfigDump',
    lists: [
      ['static_listeners', 'listener'],
      ['dynamic_listeners', 'active_state', 'listener'],
    ],
    name: 'name',
  },
  routes: {
    dump: 'RoutesConfigDump',
    lists: [
      ['static_route_configs', 'route_config'],
      ['dynamic_route_configs', 'route_config'],
    ],
    name: 'name',
  },
  secrets: {
    dump: 'SecretsConfigDump',
    lists: [
      ['static_secrets', 'secret'],
      ['dynamic_active_secrets', 'secret'],
    ],
    name: 'name',
  },
};

/** Rejects with ClusterError; `invalid` when the container or its program is not there. */
export async function readProxyConfig(
  client: KubeClient,
  { namespace, pod }: { namespace: string; pod: string },
  section: Section,
  signal: AbortSignal,
): Promise<ProxyResource[]> {
  const page = section === 'endpoints' ? 'config_dump?include_eds' : 'config_dump';
  const command = ['pilot-agent', 'request', 'GET', page];
  const { exitCode, stdout, stderr } = await client.exec({ namespace, pod, container: 'istio-proxy', command, signal });
  if (exitCode !== 0) throw new ClusterError('server', stderr.trim() || `pilot-agent acaba con el código ${exitCode}`);
  return resourcesOf(parse(stdout), section);
}

export function resourcesOf(dump: unknown, section: Section): ProxyResource[] {
  const configs = items(fields(dump).configs).map(fields);
  const part = (name: string) => configs.filter((c) => text(c['@type'])?.endsWith(`.${name}`));
  if (section === 'bootstrap') {
    return part('BootstrapConfigDump').map(({ bootstrap }) => ({ name: 'bootstrap', content: bootstrap }));
  }
  const { dump: name, lists, name: key } = places[section];
  return part(name).flatMap((config) =>
    lists.flatMap(([list, ...inside]) =>
      items(config[list]).flatMap((member) => {
        const content = inside.reduce<unknown>((at, step) => fields(at)[step], member);
        if (content === undefined) return [];
        return [{ name: text(fields(content)[key]) ?? text(fields(member).name) ?? '', content }];
      }),
    ),
  );
}

function parse(page: string): unknown {
  try {
    return JSON.parse(page);
  } catch {
    throw new ClusterError('server', 'la configuración del proxy no es JSON');
  }
}
