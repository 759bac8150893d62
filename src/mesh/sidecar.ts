// How a sidecar sees the mesh: a listener for each HTTP port of any Service, a virtual host for each Service.
import type { Arrival, VirtualHost } from './arrival.ts';
import { clusterFinder, type FindCluster } from './clusters.ts';
import type { Client, DestinationRuleIndex } from './destination-rules.ts';
import { fullHost, hostOf } from './host-names.ts';
import type { RuleScope } from './match.ts';
import { compileRoutes, serviceRoute } from './routes.ts';
import type { MeshService, ServiceIndex } from './services.ts';
import type { VirtualService, VirtualServiceIndex } from './virtual-services.ts';

export interface MeshIndexes {
  services: ServiceIndex;
  virtualServices: VirtualServiceIndex;
  destinationRules: DestinationRuleIndex;
}

/** Hosts that are no Service are honoured on this port only. */
const EXTERNAL_HOSTS_PORT = 80;

export function sidecarArrival(indexes: MeshIndexes, client: Client, authority: string, port: number): Arrival {
  const { services } = indexes;
  const service = services.find(authority, client.namespace);
  const protocol = service?.ports.find((p) => p.port === port)?.protocol;
  const find = clusterFinder(services, indexes.destinationRules, client, port);
  if (service && protocol === 'tcp') {
    const cluster = find(service.host, port, '');
    return typeof cluster === 'string' ? passthrough('no-listener') : { kind: 'tcp', cluster };
  }
  if (!services.isHttpPort(port)) return passthrough('no-listener');
  const virtualHost =
    service && protocol
      ? serviceVirtualHost(indexes, client, service, port, find)
      : externalVirtualHost(indexes, client, authority, port, find);
  return virtualHost ? { kind: 'http', virtualHost } : passthrough('no-virtual-host');
}

function serviceVirtualHost(
  indexes: MeshIndexes,
  client: Client,
  service: MeshService,
  port: number,
  find: FindCluster,
): VirtualHost {
  const ruled = ruledVirtualHost(indexes, client, service.host, port, find);
  if (ruled) return ruled;
  const routes = [serviceRoute(service, port, find)];
  return { domain: service.host, routes, ignored: [], httpsRedirect: false };
}

function externalVirtualHost(
  indexes: MeshIndexes,
  client: Client,
  authority: string,
  port: number,
  find: FindCluster,
): VirtualHost | undefined {
  if (port !== EXTERNAL_HOSTS_PORT) return undefined;
  return ruledVirtualHost(indexes, client, fullHost(hostOf(authority), client.namespace), port, find);
}

/** The oldest VirtualService rules the host alone. Undefined when none of its rules is for this client. */
function ruledVirtualHost(
  { virtualServices }: MeshIndexes,
  client: Client,
  host: string,
  port: number,
  find: FindCluster,
): VirtualHost | undefined {
  const [oldest, ...younger] = virtualServices.forSidecar(host, client.namespace);
  if (!oldest) return undefined;
  const scope: RuleScope = { gateway: 'mesh', port, namespace: client.namespace, labels: client.labels };
  const routes = compileRoutes(oldest, scope, find);
  if (routes.length === 0) return undefined;
  return {
    domain: host,
    source: oldest.at(hostPath(oldest, host)),
    routes,
    ignored: younger.map((v) => v.at(hostPath(v, host))),
    httpsRedirect: false,
  };
}

function hostPath(virtualService: VirtualService, host: string): string {
  const index = virtualService.hosts.indexOf(host);
  // Not there as such: a wildcard of the list covers it.
  return index < 0 ? 'spec.hosts' : `spec.hosts[${index}]`;
}

const passthrough = (why: 'no-listener' | 'no-virtual-host'): Arrival => ({ kind: 'passthrough', why });
