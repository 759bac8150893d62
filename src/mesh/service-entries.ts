// ServiceEntry and WorkloadEntry: hosts that are no Service of the cluster, and where they run.
import { namespaceOf, visibility } from './config-objects.ts';
import type { Endpoint } from './decision.ts';
import { hostOf } from './host-names.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, present, stringMap, text, texts } from './read.ts';
import { type MeshService, protocolOf, type ServiceEndpoint, type ServiceIndex, type ServicePort } from './services.ts';

/** A WorkloadEntry, or one of a ServiceEntry's `endpoints`: the fields are the same. */
export interface Workload {
  address: string;
  ports: Readonly<Record<string, unknown>>;
  labels: Readonly<Record<string, string>>;
  locality?: string;
  weight?: number;
  object: KubeObject;
}

/** One for each host. */
export function readEntries(object: KubeObject): MeshService[] {
  const spec = fields(object.spec);
  const namespace = namespaceOf(object);
  const written = text(spec.resolution) ?? 'NONE';
  const resolution = written === 'STATIC' ? 'STATIC' : written.startsWith('DNS') ? 'DNS' : 'NONE';
  const addresses = texts(spec.addresses).map((address) => address.replace(/\/(?:32|128)$/, ''));
  const ports = items(spec.ports).flatMap(readPort);
  return texts(spec.hosts).map((host, index) => ({
    namespace,
    name: host.toLowerCase(),
    host: host.toLowerCase(),
    type: 'ServiceEntry',
    ports,
    selector: stringMap(fields(spec.workloadSelector).labels),
    visibleFrom: visibility(spec.exportTo, namespace),
    entry: { resolution, addresses },
    source: { kind: object.kind, namespace, name: object.metadata.name, path: `spec.hosts[${index}]` },
  }));
}

export function readWorkload(object: KubeObject): Workload | undefined {
  return workloadOf(object.spec, object);
}

/** `workloads`: the WorkloadEntries of the namespace. */
export function entryEndpoints(
  service: MeshService,
  object: KubeObject,
  port: number,
  { services, workloads }: { services: ServiceIndex; workloads: readonly Workload[] },
): ServiceEndpoint[] {
  const spec = fields(object.spec);
  const servicePort = service.ports.find((p) => p.port === port);
  if (!servicePort) return [];
  if (present(spec.workloadSelector)) {
    const selected = workloads.filter(({ labels }) => hasLabels(labels, service.selector));
    return [
      ...selectedPods(service, servicePort, services),
      ...selected.map((workload) => workloadEndpoint(workload, servicePort)),
    ];
  }
  const written = items(spec.endpoints).flatMap((item) => workloadOf(item, object) ?? []);
  const byName = service.entry?.resolution === 'DNS';
  // A wildcard is no name to ask for.
  const own = byName && !service.host.startsWith('*') ? workloadOf({ address: service.host }, object) : undefined;
  const all = written.length > 0 || !own ? written : [own];
  return all.map((workload) => workloadEndpoint(byName ? resolved(workload, services) : workload, servicePort));
}

/** The name of a Service becomes its address, as the cluster's DNS would have it; other names stay. */
function resolved(workload: Workload, services: ServiceIndex): Workload {
  const { clusterIP } = services.find(workload.address, '') ?? {};
  return clusterIP ? { ...workload, address: clusterIP } : workload;
}

export function workloadEndpoint(workload: Workload, { name, target }: ServicePort): ServiceEndpoint {
  const { address, labels, locality, weight, object } = workload;
  const own = Object.hasOwn(workload.ports, name) ? integer(workload.ports[name]) : undefined;
  const namespace = namespaceOf(object);
  const endpoint: Endpoint = {
    address,
    port: own ?? (typeof target === 'number' ? target : 0),
    namespace,
    pod: '',
    sidecar: labels['security.istio.io/tlsMode'] === 'istio',
    external: true,
    ...(locality && { locality }),
    ...(weight !== undefined && { weight }),
  };
  return { endpoint, pod: { ...object, metadata: { ...object.metadata, labels: { ...labels } } } };
}

function selectedPods(service: MeshService, { target }: ServicePort, services: ServiceIndex): ServiceEndpoint[] {
  if (service.selector.size === 0) return [];
  const selected = services.pods(service.namespace).filter((pod) => hasLabels(pod.metadata.labels, service.selector));
  return selected.flatMap((pod) => services.endpointOf(pod, target) ?? []);
}

/** An endpoint on a socket of the node's file system cannot be reached from here. */
function workloadOf(spec: unknown, object: KubeObject): Workload | undefined {
  const { address, ports, labels, locality, weight } = fields(spec);
  const at = text(address);
  if (!at || at.startsWith('unix:')) return undefined;
  const place = text(locality);
  const share = integer(weight);
  return {
    address: hostOf(at),
    ports: fields(ports),
    labels: Object.fromEntries(stringMap(labels)),
    ...(place && { locality: place }),
    ...(share !== undefined && share > 0 && { weight: share }),
    object,
  };
}

function readPort(value: unknown): ServicePort[] {
  const { number, name, protocol, targetPort } = fields(value);
  const port = integer(number);
  if (port === undefined) return [];
  const spoken = (text(protocol) ?? '').toLowerCase();
  return [
    {
      name: text(name) ?? '',
      port,
      target: integer(targetPort) || port,
      protocol: protocolOf(spoken || (text(name) ?? ''), port),
    },
  ];
}
