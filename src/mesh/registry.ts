// All hosts that the mesh knows: Services, and what ServiceEntries add to them.
import { byAge, isIstio, namespaceOf } from './config-objects.ts';
import { HostTable, hostOf } from './host-names.ts';
import type { KubeObject } from './objects.ts';
import { hasLabels } from './read.ts';
import { entryEndpoints, readEntries, readWorkload, type Workload, workloadEndpoint } from './service-entries.ts';
import { indexServices, type MeshService, type ServiceEndpoint, type ServiceIndex } from './services.ts';

export interface Registry extends ServiceIndex {
  /** The Service of an address (a ClusterIP, an address of a ServiceEntry), when it has the port. */
  atAddress(address: string, port: number): MeshService | undefined;
  /** Those with a port for HTTP, or whose protocol is not known. */
  onPort(port: number): readonly MeshService[];
}

export function indexRegistry(objects: readonly KubeObject[]): Registry {
  const services = indexServices(objects);
  const workloads = workloadsByNamespace(objects);
  const entries = new HostTable<MeshService>();
  const specs = new Map<MeshService, KubeObject>();
  const byAddress = new Map<string, MeshService[]>();
  const byPort = new Map<number, MeshService[]>();
  const known = new Map<MeshService, Map<number, readonly ServiceEndpoint[]>>();

  for (const service of services.all()) {
    if (service.clusterIP) append(byAddress, service.clusterIP, service);
    addPorts(service);
  }
  for (const object of objects.filter((o) => isIstio(o, 'ServiceEntry')).sort(byAge)) {
    for (const service of readEntries(object)) addEntry(service, object);
  }

  /** The host of a Service is its own; of several entries for one the oldest is it. */
  function addEntry(service: MeshService, object: KubeObject) {
    if (services.byHost(service.host) || entries.at(service.host)) return;
    entries.set(service.host, service);
    specs.set(service, object);
    for (const address of service.entry?.addresses ?? []) append(byAddress, address, service);
    addPorts(service);
  }

  function addPorts(service: MeshService) {
    for (const { port, protocol } of service.ports) if (protocol !== 'tcp') append(byPort, port, service);
  }

  function endpoints(service: MeshService, port: number): readonly ServiceEndpoint[] {
    const object = specs.get(service);
    const own = workloads.get(service.namespace) ?? [];
    if (object) return entryEndpoints(service, object, port, { services, workloads: own });
    const servicePort = service.ports.find((p) => p.port === port);
    const pods = services.endpoints(service, port);
    if (!servicePort || own.length === 0 || service.selector.size === 0) return pods;
    const selected = own.filter(({ labels }) => hasLabels(labels, service.selector));
    return [...pods, ...selected.map((workload) => workloadEndpoint(workload, servicePort))];
  }

  return {
    ...services,
    *all() {
      yield* services.all();
      for (const [, service] of entries.entries()) yield service;
    },
    byHost: (host) => services.byHost(host) ?? entries.at(host),
    find: (authority, namespace) =>
      services.find(authority, namespace) ?? entries.find(hostOf(authority), (service) => service),
    endpoints(service, port) {
      const ports = known.get(service) ?? new Map<number, readonly ServiceEndpoint[]>();
      known.set(service, ports);
      const found = ports.get(port) ?? endpoints(service, port);
      ports.set(port, found);
      return found;
    },
    isHttpPort: (port) => byPort.has(port),
    atAddress: (address, port) => byAddress.get(address)?.find((service) => service.ports.some((p) => p.port === port)),
    onPort: (port) => byPort.get(port) ?? [],
  };
}

function workloadsByNamespace(objects: readonly KubeObject[]): Map<string, Workload[]> {
  const workloads = new Map<string, Workload[]>();
  for (const object of objects.filter((o) => isIstio(o, 'WorkloadEntry')).sort(byAge)) {
    const workload = readWorkload(object);
    if (workload) append(workloads, namespaceOf(object), workload);
  }
  return workloads;
}

function append<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
