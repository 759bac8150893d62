// The ports of a pod on which its sidecar takes requests in: those that Services send traffic to, or those that its Sidecar
// object lists instead.
import type { UpstreamPolicy } from './decision.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, present, text } from './read.ts';
import { type MeshService, type PortProtocol, podPort, protocolOf, type ServiceIndex } from './services.ts';

export interface InboundPort {
  port: number;
  protocol: PortProtocol;
  /** Port of the first Service, or the listener's own. */
  servicePort: number;
  services: MeshService[];
  /** Of a listener of a Sidecar object. */
  ingress?: IngressListener;
}

/** One entry of a Sidecar's `ingress`. */
export interface IngressListener {
  port: number;
  protocol: PortProtocol;
  /** Undefined: the port itself. `port` is missing where it is no port of the pod's network. */
  endpoint?: { loopback: boolean; port?: number };
  /** Its `connectionPool` as written. */
  pool?: unknown;
}

/** Where a request that came to a port goes on. */
export interface InboundTarget {
  cluster: string;
  tcp: boolean;
  /** Of the program; undefined: there is none to reach. */
  port: number | undefined;
  loopback: boolean;
  /** Limits of what the proxy sends to the program; undefined: none. The same object as long as the configuration stands. */
  limits?: UpstreamPolicy;
}

/** `ingress`: of the pod's Sidecar, when it has one that lists ports. */
export function inboundPorts(
  services: ServiceIndex,
  pod: KubeObject,
  ingress: readonly IngressListener[] | undefined,
): InboundPort[] {
  const { namespace = 'default', labels = {} } = pod.metadata;
  const ports = new Map<number, InboundPort>();
  const own = [...services.all()]
    .filter((s) => s.namespace === namespace && s.selector.size > 0 && hasLabels(labels, s.selector))
    .sort((a, b) => (a.host < b.host ? -1 : 1));
  for (const service of own) {
    for (const servicePort of service.ports) {
      const port = podPort(pod, servicePort.target);
      if (port === undefined) continue;
      const known = ports.get(port);
      if (!known)
        ports.set(port, { port, protocol: servicePort.protocol, servicePort: servicePort.port, services: [service] });
      else if (!known.services.includes(service)) known.services.push(service);
    }
  }
  const listed = ingress?.map((listener): InboundPort => {
    const { port, protocol } = listener;
    return { port, protocol, servicePort: port, services: ports.get(port)?.services ?? [], ingress: listener };
  });
  return (listed ?? [...ports.values()]).sort((a, b) => a.port - b.port);
}

export function inboundTarget(ports: readonly InboundPort[], port: number): InboundTarget {
  const found = ports.find((p) => p.port === port);
  if (!found) return { cluster: 'InboundPassthroughCluster', tcp: false, port, loopback: false };
  const { protocol, ingress } = found;
  const { endpoint } = ingress ?? {};
  return {
    cluster: `inbound|${port}||`,
    tcp: protocol === 'tcp',
    port: endpoint ? endpoint.port : port,
    loopback: endpoint?.loopback ?? false,
  };
}

/** `ingress` of a Sidecar; undefined where it has none, and Services say which ports there are. */
export function readIngress(ingress: unknown): IngressListener[] | undefined {
  const listeners = items(ingress).flatMap((item): IngressListener[] => {
    const { port: written, defaultEndpoint, connectionPool: pool } = fields(item);
    const { number, protocol } = fields(written);
    const port = integer(number);
    if (port === undefined) return [];
    const endpoint = readEndpoint(text(defaultEndpoint) ?? '');
    return [
      {
        port,
        protocol: protocolOf(text(protocol) ?? ''),
        ...(endpoint && { endpoint }),
        ...(present(pool) && { pool }),
      },
    ];
  });
  return listeners.length > 0 ? listeners : undefined;
}

/** `127.0.0.1:8080`, `[::]:8080` or `unix:///path`. */
function readEndpoint(written: string): IngressListener['endpoint'] {
  if (written === '') return undefined;
  const [, host = '', port] = /^\[?([^\]/]*)\]?:(\d+)$/.exec(written) ?? [];
  const loopback = host === '127.0.0.1' || host === '::1';
  return port === undefined ? { loopback } : { loopback, port: Number(port) };
}
