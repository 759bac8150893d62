// Services, their ports and the pods behind them, found by any name that a client may write.
import { visibility } from './config-objects.ts';
import type { Endpoint, Source } from './decision.ts';
import { hostOf, serviceHost } from './host-names.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, present, stringMap, text } from './read.ts';
import { placeOfLabels, placeOfNode } from './upstream/places.ts';
import { writtenEndpoints } from './written-endpoints.ts';

/** `auto`: no declared protocol, so the proxy recognises HTTP by itself. */
export type PortProtocol = 'http' | 'tcp' | 'auto';

export interface ServicePort {
  name: string;
  port: number;
  target: number | string;
  nodePort?: number;
  protocol: PortProtocol;
}

export interface MeshService {
  namespace: string;
  name: string;
  /** FQDN. */
  host: string;
  clusterIP?: string;
  type: string;
  ports: ServicePort[];
  selector: ReadonlyMap<string, string>;
  /** `clusterIP: None`: clients connect to the pods themselves. */
  headless?: true;
  /** The other name of an ExternalName. */
  externalName?: string;
  /** Undefined: from every namespace. */
  visibleFrom?: (namespace: string) => boolean;
  /** Set for a host of a ServiceEntry, with how its endpoints are found. */
  entry?: { resolution: 'NONE' | 'STATIC' | 'DNS'; addresses: readonly string[] };
  /** What declares it, when that is no Service. */
  source?: Source;
}

export interface ServiceEndpoint {
  endpoint: Endpoint;
  pod: KubeObject;
}

export interface ServiceIndex {
  all(): Iterable<MeshService>;
  byHost(host: string): MeshService | undefined;
  /** By short name (seen from `namespace`), any longer DNS form or ClusterIP, with or without port. */
  find(authority: string, namespace: string): MeshService | undefined;
  /** Ready pods that are not going away and that have the port, or those that the slices of a Service without selector name. */
  endpoints(service: MeshService, port: number): readonly ServiceEndpoint[];
  /** Whether any Service has this port for HTTP, so that sidecars listen for HTTP on it. */
  isHttpPort(port: number): boolean;
  pods(namespace: string): readonly KubeObject[];
  /** `region/zone/subzone`; undefined when the node's labels do not say it. */
  placeOfNode(node: string): string | undefined;
  /** The pod as an endpoint, when it is ready, not going away, and has the port. */
  endpointOf(pod: KubeObject, target: ServicePort['target']): ServiceEndpoint | undefined;
}

/** `pods`: where they are, for who keeps them apart from the rest; only read when somebody asks for them. */
export function indexServices(
  objects: readonly KubeObject[],
  pods: () => Iterable<KubeObject> = () => objects,
): ServiceIndex {
  const services = new Map<string, MeshService>();
  const names = new Map<string, MeshService>();
  let podsByNamespace: Map<string, KubeObject[]> | undefined;
  const httpPorts = new Set<number>();
  const known = new Map<MeshService, Map<number, readonly ServiceEndpoint[]>>();
  const places = new Map<string, string | undefined>();
  const slices: KubeObject[] = [];
  let podsByAddress: Map<string, KubeObject[]> | undefined;
  const placeOf = ({ metadata, spec }: KubeObject) =>
    placeOfLabels(metadata.labels) ?? places.get(text(fields(spec).nodeName) ?? '');

  for (const object of objects) {
    if (object.kind === 'Service' && object.apiVersion === 'v1') addService(readService(object));
    else if (object.kind === 'Node' && object.apiVersion === 'v1')
      places.set(object.metadata.name, placeOfNode(object));
    else if (object.kind === 'EndpointSlice' && object.apiVersion === 'discovery.k8s.io/v1') slices.push(object);
  }

  function addService(service: MeshService) {
    services.set(service.host, service);
    const { name, namespace, host, clusterIP } = service;
    for (const alias of [`${name}.${namespace}`, `${name}.${namespace}.svc`, host]) names.set(alias, service);
    if (clusterIP) names.set(clusterIP, service);
    for (const { port, protocol } of service.ports) if (protocol !== 'tcp') httpPorts.add(port);
  }

  function podsIn(namespace: string): KubeObject[] {
    podsByNamespace ??= Map.groupBy(
      [...pods()].filter(({ kind, apiVersion }) => kind === 'Pod' && apiVersion === 'v1'),
      ({ metadata }) => metadata.namespace ?? 'default',
    );
    return podsByNamespace.get(namespace) ?? [];
  }

  function endpointOf(pod: KubeObject, target: ServicePort['target']): ServiceEndpoint | undefined {
    const port = isServing(pod) ? podPort(pod, target) : undefined;
    const address = addressOf(pod);
    return port === undefined || !address ? undefined : endpointAt(pod, address, port);
  }

  function endpointAt(pod: KubeObject, address: string, port: number): ServiceEndpoint {
    const { name, namespace = 'default' } = pod.metadata;
    const locality = placeOf(pod);
    const endpoint = { address, port, namespace, pod: name, sidecar: takesMutualTls(pod) };
    return { pod, endpoint: locality ? { ...endpoint, locality } : endpoint };
  }

  function endpoints(service: MeshService, port: number): ServiceEndpoint[] {
    const servicePort = service.ports.find((p) => p.port === port);
    if (!servicePort) return [];
    if (service.selector.size === 0) return written(service, servicePort.name);
    const selected = podsIn(service.namespace).filter((pod) => hasLabels(pod.metadata.labels, service.selector));
    return selected.flatMap((pod) => endpointOf(pod, servicePort.target) ?? []);
  }

  /** Addresses where no pod is lead nowhere here. */
  function written(service: MeshService, portName: string): ServiceEndpoint[] {
    return writtenEndpoints(slices, service, portName).flatMap(({ address, port }) => {
      const pod = podAt(address, port);
      return pod ? [endpointAt(pod, address, port)] : [];
    });
  }

  /** Pods of the host network share an address: the one that tells of the port is meant. */
  function podAt(address: string, port: number): KubeObject | undefined {
    podsByAddress ??= Map.groupBy(
      [...pods()].filter(({ kind, apiVersion }) => kind === 'Pod' && apiVersion === 'v1'),
      (pod) => addressOf(pod) ?? '',
    );
    const there = podsByAddress.get(address) ?? [];
    return there.length < 2 ? there[0] : there.find((pod) => tellsOf(pod, port));
  }

  return {
    all: () => services.values(),
    byHost: (host) => services.get(host),
    find(authority, namespace) {
      const host = hostOf(authority);
      return names.get(host.includes('.') ? host : serviceHost(host, namespace));
    },
    endpoints(service, port) {
      const ports = known.get(service) ?? new Map<number, readonly ServiceEndpoint[]>();
      known.set(service, ports);
      const found = ports.get(port) ?? endpoints(service, port);
      ports.set(port, found);
      return found;
    },
    isHttpPort: (port) => httpPorts.has(port),
    pods: podsIn,
    placeOfNode: (node) => places.get(node),
    endpointOf,
  };
}

function addressOf(pod: KubeObject): string | undefined {
  return text(fields(pod.status).podIP);
}

function tellsOf(pod: KubeObject, port: number): boolean {
  return containersOf(pod).some(({ ports }) => items(ports).some((p) => fields(p).containerPort === port));
}

function readService(object: KubeObject): MeshService {
  const spec = fields(object.spec);
  const { name, namespace = 'default' } = object.metadata;
  const clusterIP = text(spec.clusterIP);
  const externalName = text(spec.externalName);
  const exportTo = text(fields(object.metadata.annotations)['networking.istio.io/exportTo']);
  return {
    name,
    namespace,
    host: serviceHost(name, namespace),
    type: text(spec.type) ?? 'ClusterIP',
    ...(clusterIP && clusterIP !== 'None' && { clusterIP }),
    ...(clusterIP === 'None' && { headless: true as const }),
    ...(externalName && { externalName: externalName.toLowerCase() }),
    ...(exportTo !== undefined && {
      visibleFrom: visibility(
        exportTo.split(',').map((t) => t.trim()),
        namespace,
      ),
    }),
    ports: items(spec.ports).flatMap(readPort),
    selector: stringMap(spec.selector),
  };
}

function readPort(value: unknown): ServicePort[] {
  const { port, name, targetPort, nodePort, appProtocol, protocol } = fields(value);
  const number = integer(port);
  if (number === undefined || protocol === 'UDP' || protocol === 'SCTP') return [];
  const target = integer(targetPort) ?? text(targetPort) ?? number;
  const node = integer(nodePort);
  const label = text(name) ?? '';
  return [
    {
      name: label,
      port: number,
      target: target === 0 ? number : target,
      ...(node && { nodePort: node }),
      protocol: protocolOf(text(appProtocol) ?? label, number),
    },
  ];
}

/** By its name, as istiod decides what proxies speak to a port: HTTP/2 from the first byte. */
export function isHttp2({ ports }: MeshService, port: number): boolean {
  const { name = '' } = ports.find((p) => p.port === port) ?? {};
  return /^(grpc|http2)(-|$)/i.test(name) && !/^grpc-web/i.test(name);
}

const HTTP_NAMES = ['http', 'http2', 'grpc', 'grpc-web', 'kubernetes.io/h2c', 'kubernetes.io/ws'];
const TCP_NAMES = ['tcp', 'tls', 'https', 'mongo', 'mysql', 'redis', 'udp', 'hbone'];

/** Ports that are taken for TCP when their name says nothing: SMTP, DNS, MySQL, MongoDB. */
const WELL_KNOWN_TCP = [25, 53, 3306, 27017];

/** A port is named `<protocol>` or `<protocol>-<anything>`. */
export function protocolOf(name: string, port?: number): PortProtocol {
  const lower = name.toLowerCase();
  const is = (protocol: string) => lower === protocol || lower.startsWith(`${protocol}-`);
  if (HTTP_NAMES.some(is)) return 'http';
  const tcp = TCP_NAMES.some(is) || (port !== undefined && WELL_KNOWN_TCP.includes(port));
  return tcp ? 'tcp' : 'auto';
}

/** Ready and not going away. */
export function isServing(pod: KubeObject): boolean {
  if (present(pod.metadata.deletionTimestamp)) return false;
  const conditions = items(fields(pod.status).conditions);
  return conditions.some((c) => fields(c).type === 'Ready' && fields(c).status === 'True');
}

export function containersOf(pod: KubeObject): Readonly<Record<string, unknown>>[] {
  const { containers, initContainers } = fields(pod.spec);
  return [...items(containers), ...items(initContainers)].map(fields);
}

/** istio-proxy among the containers, or among the init containers as a native sidecar. */
export function hasProxy(pod: KubeObject): boolean {
  return containersOf(pod).some((c) => c.name === 'istio-proxy');
}

/**
 * Whether clients of the mesh speak mutual TLS to it unless told otherwise. The injector labels the pods to which it gives a
 * sidecar so; gateways have no such label, and get plain text (istio-hechos.md, auto mTLS).
 */
function takesMutualTls(pod: KubeObject): boolean {
  const mode = pod.metadata.labels?.['security.istio.io/tlsMode'];
  if (mode !== undefined) return mode === 'istio';
  const { args } = containersOf(pod).find((c) => c.name === 'istio-proxy') ?? {};
  return hasProxy(pod) && items(args)[1] !== 'router';
}

/** The number behind a Service's targetPort in this pod. */
export function podPort(pod: KubeObject, target: number | string): number | undefined {
  if (typeof target === 'number') return target;
  for (const container of containersOf(pod)) {
    const port = items(container.ports).find((p) => fields(p).name === target);
    if (port) return integer(fields(port).containerPort);
  }
  return undefined;
}
