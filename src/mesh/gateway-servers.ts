// Gateway objects: which gateway pods each selects and what its servers listen to.
import { byAge, isIstio, namespaceOf } from './config-objects.ts';
import type { Source } from './decision.ts';
import type { Client } from './destination-rules.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, stringMap, text, texts } from './read.ts';
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
  source: Source;
}

interface Gateway {
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
      for (const { selector, servers } of gateways) {
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
          source: { kind: 'Gateway', namespace, name, path: `spec.servers[${index}]` },
        },
      ];
    }),
  };
}
