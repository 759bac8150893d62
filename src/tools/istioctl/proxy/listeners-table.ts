import { fields, integer, items, texts } from '../../../mesh/read.ts';
import type { ConfigDump, Fields } from './config-dump.ts';

export interface ListenerFilter {
  address?: string | undefined;
  port?: number | undefined;
  type?: string | undefined;
}

export const LISTENER_HEADER = ['ADDRESSES', 'PORT', 'MATCH', 'DESTINATION'];

export function selectListeners({ listeners }: ConfigDump, { address, port, type }: ListenerFilter): Fields[] {
  return listeners
    .filter(
      (l) =>
        (!address || addressOf(l) === address) &&
        (!port || portOf(l) === port) &&
        (!type || typeOf(l) === type.toUpperCase()),
    )
    .sort((a, b) => portOf(a) - portOf(b) || (addressOf(a) < addressOf(b) ? -1 : 1));
}

/** A row for each filter chain, by destination from Z to A. */
export function listenerRows(listener: Fields): string[][] {
  const chains = items(listener.filter_chains).map(fields);
  const otherwise =
    listener.default_filter_chain === undefined
      ? []
      : [{ ...fields(listener.default_filter_chain), filter_chain_match: {} }];
  return [...chains, ...otherwise]
    .map((chain: Fields) => ({ match: matchText(fields(chain.filter_chain_match)), destination: destinationOf(chain) }))
    .sort((a, b) => (a.destination === b.destination ? 0 : a.destination > b.destination ? -1 : 1))
    .map(({ match, destination }) => [addressOf(listener), String(portOf(listener)), match, destination]);
}

const socketOf = (listener: Fields) => fields(fields(listener.address).socket_address);
const addressOf = (listener: Fields) => String(socketOf(listener).address ?? '');
const portOf = (listener: Fields) => integer(socketOf(listener).port_value) ?? 0;

function matchText(match: Fields): string {
  const names = texts(match.server_names);
  const protocols = texts(match.application_protocols);
  const port = integer(match.destination_port);
  const parts = [
    ...(names.length > 0 ? [`SNI: ${names.join(',')}`] : []),
    ...(match.transport_protocol ? [`Trans: ${String(match.transport_protocol)}`] : []),
    ...(protocols.length > 0 ? [`App: ${protocolsText(protocols)}`] : []),
    ...(port ? [`Addr: *:${port}`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'ALL';
}

function protocolsText(protocols: readonly string[]): string {
  const text = protocols.join(',');
  return text === 'istio-peer-exchange,istio' ? 'TCP TLS' : text;
}

function filtersOf(chain: Fields): { name: string; config: Fields }[] {
  return items(chain.filters).map((filter) => ({
    name: String(fields(filter).name),
    config: fields(fields(filter).typed_config),
  }));
}

function destinationOf(chain: Fields): string {
  for (const { name, config } of filtersOf(chain)) {
    if (name === 'envoy.filters.network.http_connection_manager') return httpDestination(config);
    if (name !== 'envoy.filters.network.tcp_proxy') continue;
    const cluster = typeof config.cluster === 'string' ? config.cluster : '';
    if (cluster === 'BlackHoleCluster') break;
    return cluster.includes('PassthroughCluster') ? cluster : `Cluster: ${cluster}`;
  }
  return 'Non-HTTP/Non-TCP';
}

function httpDestination(config: Fields): string {
  const { route_config_name } = fields(config.rds);
  if (config.route_config === undefined)
    return typeof route_config_name === 'string' ? `Route: ${route_config_name}` : 'HTTP';
  const hosts = items(fields(config.route_config).virtual_hosts).map(fields);
  const only = onlyCluster(hosts);
  if (only) return only.includes('PassthroughCluster') ? only : `Cluster: ${only}`;
  return `Inline Route: ${hosts.flatMap((host) => items(host.routes).map((route) => pathOf(fields(fields(route).match)))).join(', ')}`;
}

/** The cluster that takes everything; undefined when routes choose. */
function onlyCluster(hosts: readonly Fields[]): string | undefined {
  const routes = items(hosts[0]?.routes).map(fields);
  const [route] = routes;
  if (hosts.length !== 1 || routes.length !== 1 || fields(route?.match).prefix !== '/') return undefined;
  const { cluster } = fields(route?.route);
  return typeof cluster === 'string' ? cluster : undefined;
}

/** How istioctl writes a route's path match. */
export function pathOf(match: Fields): string {
  if (typeof match.prefix === 'string') return `${match.prefix}*`;
  if (typeof match.path === 'string') return match.path;
  if (typeof match.path_separated_prefix === 'string') return `PathPrefix:${match.path_separated_prefix}`;
  const { regex } = fields(match.safe_regex);
  return typeof regex === 'string' ? `regex ${regex}` : '';
}

function typeOf(listener: Fields): string {
  const kinds = items(listener.filter_chains).flatMap((chain) => filtersOf(fields(chain)).map((f) => f.name));
  const http = kinds.some((k) => k.endsWith('http_connection_manager'));
  const tcp = kinds.some((k) => k.endsWith('tcp_proxy'));
  if (http && tcp) return 'HTTP+TCP';
  if (http) return 'HTTP';
  return tcp ? 'TCP' : 'UNKNOWN';
}
