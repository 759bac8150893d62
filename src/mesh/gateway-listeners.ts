// The listeners of a gateway pod: the servers of a port that go together, and how TLS clients are told apart.
import type { GatewayPort, TlsServer } from './engine.ts';
import { endsHttps, type GatewayServer, type ListenerKind, listenerKind } from './gateway-servers.ts';
import { HostTable } from './host-names.ts';

export interface ServerListener {
  kind: ListenerKind;
  servers: readonly GatewayServer[];
  /** Of a listener for TLS, who takes a client of this server name. */
  serverFor(name: string): GatewayServer | undefined;
  told: GatewayPort;
}

/** By port of the pod, in their order. */
export function listenersOf(serversByPort: ReadonlyMap<number, readonly GatewayServer[]>): Map<number, ServerListener> {
  const ports = [...serversByPort].sort(([a], [b]) => a - b);
  return new Map(ports.flatMap(([port, servers]) => listener(port, servers)));
}

/** The oldest server says what the port speaks; servers that speak something else have no effect. */
function listener(port: number, all: readonly GatewayServer[]): [number, ServerListener][] {
  const [first] = all;
  if (!first) return [];
  const kind = listenerKind(first);
  const same = all.filter((server) => listenerKind(server) === kind);
  if (kind !== 'tls') {
    const told: GatewayPort = { port, protocol: kind, servers: [] };
    return [[port, { kind, servers: same, serverFor: () => undefined, told }]];
  }
  const names = new HostTable<GatewayServer>();
  const servers = same.flatMap((server) => withFreeHosts(server, names));
  const protocol = servers.some(endsHttps) ? 'https' : 'tls';
  const told: GatewayPort = { port, protocol, servers: servers.map(tlsServer) };
  return [[port, { kind, servers, serverFor: (name) => names.find(name, (server) => server), told }]];
}

/** A server name is the oldest server's that claims it; one that is left without any has no effect. */
function withFreeHosts(server: GatewayServer, names: HostTable<GatewayServer>): GatewayServer[] {
  const hosts = server.hosts.filter((host) => !names.at(nameOf(host)));
  if (hosts.length === 0) return [];
  const own = hosts.length === server.hosts.length ? server : { ...server, hosts };
  for (const host of hosts) names.set(nameOf(host), own);
  return [own];
}

/** `namespace/host` without the namespace. */
function nameOf(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}

const MODES = {
  SIMPLE: 'simple',
  MUTUAL: 'mutual',
  OPTIONAL_MUTUAL: 'optional-mutual',
  ISTIO_MUTUAL: 'istio-mutual',
  PASSTHROUGH: 'passthrough',
  AUTO_PASSTHROUGH: 'passthrough',
} as const;

function tlsServer({ hosts, tls, source }: GatewayServer): TlsServer {
  const { mode = 'PASSTHROUGH', credentialName, minVersion, maxVersion } = tls ?? {};
  return {
    mode: MODES[mode],
    ...(mode === 'AUTO_PASSTHROUGH' && { automatic: true as const }),
    hosts: hosts.map(nameOf),
    ...(credentialName && { credentialName }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    source,
  };
}
