// Gateway objects: which gateway pods each selects and what its servers listen to.
import { byAge, isIstio, namespaceOf } from './config-objects.ts';
import type { Source } from './decision.ts';
import type { Client } from './destination-rules.ts';
import { isMade } from './gateway-api/made.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, present, stringMap, text, texts } from './read.ts';
import type { ServiceIndex } from './services.ts';

export interface GatewayServer {
  /** namespace/name of the Gateway. */
  gateway: string;
  namespace: string;
  /** As written. */
  port: number;
  protocol: string;
  /** `host`, `*` or `namespace/host`. */
  hosts: readonly string[];
  httpsRedirect: boolean;
  /** As written; undefined: no `tls`. */
  tls?: ServerTls;
  source: Source;
}

export interface ServerTls {
  mode: 'SIMPLE' | 'MUTUAL' | 'OPTIONAL_MUTUAL' | 'ISTIO_MUTUAL' | 'PASSTHROUGH' | 'AUTO_PASSTHROUGH';
  credentialName?: string;
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
  maxVersion?: 'TLSv1.2' | 'TLSv1.3';
}

interface Gateway {
  /** Where the pods are that it selects; undefined: anywhere. */
  namespace: string | undefined;
  selector: ReadonlyMap<string, string>;
  servers: GatewayServer[];
}

export interface GatewayIndex {
  /** The servers of all Gateways that select these pods, oldest first, by the port of the pod they listen on. */
  serversFor(proxy: Client): Map<number, GatewayServer[]>;
}

export function indexGateways(objects: readonly KubeObject[], services: ServiceIndex): GatewayIndex {
  const gateways = objects
    .filter((o) => isIstio(o, 'Gateway'))
    .sort(byAge)
    .map(readGateway);

  return {
    serversFor(proxy) {
      const byPort = new Map<number, GatewayServer[]>();
      for (const { namespace, selector, servers } of gateways) {
        if (namespace !== undefined && namespace !== proxy.namespace) continue;
        if (!hasLabels(proxy.labels, selector)) continue;
        for (const server of servers) {
          const port = podPortOf(server.port, proxy, services);
          const list = byPort.get(port);
          if (list) list.push(server);
          else byPort.set(port, [server]);
        }
      }
      return byPort;
    },
  };
}

const PLAIN_PROTOCOLS = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);

/** Whether the server speaks HTTP without TLS. */
export function isPlainHttp({ protocol }: GatewayServer): boolean {
  return PLAIN_PROTOCOLS.has(protocol);
}

export type ListenerKind = 'http' | 'tls' | 'tcp';

/** What a listener must be for the server. HTTP by TLS, ended here or passed by, are both told by server name. */
export function listenerKind(server: GatewayServer): ListenerKind {
  if (isPlainHttp(server)) return 'http';
  return server.protocol === 'HTTPS' || server.protocol === 'TLS' || server.tls ? 'tls' : 'tcp';
}

/** HTTPS whose TLS ends at the gateway, which then reads the requests. */
export function endsHttps({ protocol, tls }: GatewayServer): boolean {
  return protocol === 'HTTPS' && tls !== undefined && tls.mode !== 'PASSTHROUGH' && tls.mode !== 'AUTO_PASSTHROUGH';
}

const MODES: readonly ServerTls['mode'][] = [
  'SIMPLE',
  'MUTUAL',
  'OPTIONAL_MUTUAL',
  'ISTIO_MUTUAL',
  'PASSTHROUGH',
  'AUTO_PASSTHROUGH',
];

function readTls(value: unknown): ServerTls {
  const { mode, credentialName, minProtocolVersion, maxProtocolVersion } = fields(value);
  const name = text(credentialName);
  const minVersion = versionOf(minProtocolVersion);
  const maxVersion = versionOf(maxProtocolVersion);
  return {
    // A mode that is not written is the first of its list.
    mode: MODES.find((known) => known === mode) ?? 'PASSTHROUGH',
    ...(name && { credentialName: name }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
  };
}

function versionOf(value: unknown): ServerTls['minVersion'] {
  if (value === 'TLSV1_3') return 'TLSv1.3';
  return value === 'TLSV1_2' ? 'TLSv1.2' : undefined;
}

/** The number of a port of the gateway's Service stands for its target; any other is bound as it is. */
function podPortOf(port: number, proxy: Client, services: ServiceIndex): number {
  for (const service of services.all()) {
    if (service.namespace !== proxy.namespace || service.selector.size === 0) continue;
    if (!hasLabels(proxy.labels, service.selector)) continue;
    const target = service.ports.find((p) => p.port === port)?.target;
    if (typeof target === 'number') return target;
  }
  return port;
}

function readGateway(object: KubeObject): Gateway {
  const spec = fields(object.spec);
  const namespace = namespaceOf(object);
  const { name } = object.metadata;
  return {
    namespace: isMade(object) ? namespace : undefined,
    selector: stringMap(spec.selector),
    servers: items(spec.servers).flatMap((item, index) => {
      const { port, hosts, tls } = fields(item);
      const number = integer(fields(port).number);
      if (number === undefined) return [];
      return [
        {
          gateway: `${namespace}/${name}`,
          namespace,
          port: number,
          protocol: (text(fields(port).protocol) ?? '').toUpperCase(),
          hosts: texts(hosts).map((host) => host.toLowerCase()),
          httpsRedirect: fields(tls).httpsRedirect === true,
          ...(present(tls) && { tls: readTls(tls) }),
          source: { kind: 'Gateway', namespace, name, path: `spec.servers[${index}]` },
        },
      ];
    }),
  };
}
