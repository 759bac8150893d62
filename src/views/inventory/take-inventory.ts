// From the objects of a cluster to what the sidebar shows of it. Each change makes anew only the namespaces it touches.
import { type Labels, selects } from '../../cluster/labels.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import { proxyOf } from '../explain/parties.ts';
import type { InventoryLine, NamespaceFact, NodeFact, ProxyFact, ServiceFact } from './inventory.ts';

export interface InventoryTaker {
  see(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void;
  /** What is other than was last told. */
  news(): InventoryLine[];
}

export const inventoryKinds = ['Node', 'Namespace', 'Service', 'Pod'] as const;

export function createInventoryTaker(): InventoryTaker {
  const nodes = new Map<string, KubeObject>();
  const namespaces = new Map<string, KubeObject>();
  const services = new Map<string, Map<string, KubeObject>>();
  const pods = new Map<string, Map<string, KubeObject>>();
  const touched = new Set<string>();
  const told = new Map<string, string>();

  const place = (object: KubeObject): Map<string, KubeObject> => {
    const { kind, metadata } = object;
    if (kind === 'Node') return nodes;
    if (kind === 'Namespace') return namespaces;
    const byNamespace = kind === 'Service' ? services : pods;
    const namespace = metadata.namespace ?? 'default';
    const own = byNamespace.get(namespace) ?? new Map<string, KubeObject>();
    byNamespace.set(namespace, own);
    return own;
  };
  /** Told once for each thing it may say. */
  const fresh = (key: string, line: InventoryLine): InventoryLine[] => {
    const said = JSON.stringify(line);
    if (told.get(key) === said) return [];
    told.set(key, said);
    return [line];
  };
  const newsOf = (namespace: string): InventoryLine[] => {
    const object = namespaces.get(namespace);
    const key = `namespace/${namespace}`;
    if (!object) return told.delete(key) ? [{ event: 'gone', namespace }] : [];
    const own = [...(pods.get(namespace)?.values() ?? [])];
    const fact = namespaceFact(object, [...(services.get(namespace)?.values() ?? [])], own);
    return fresh(key, { event: 'namespace', namespace: fact });
  };

  return {
    see(type, object) {
      const own = place(object);
      if (type === 'DELETED') own.delete(object.metadata.name);
      else own.set(object.metadata.name, object);
      if (object.kind === 'Namespace') touched.add(object.metadata.name);
      else if (object.kind !== 'Node') touched.add(object.metadata.namespace ?? 'default');
    },
    news() {
      const lines = [...touched].flatMap(newsOf);
      touched.clear();
      const facts = [...nodes.values()].map(nodeFact).sort(byName);
      return [...fresh('nodes', { event: 'nodes', nodes: facts }), ...lines];
    },
  };
}

function nodeFact({ metadata, status }: KubeObject): NodeFact {
  const role = /^node-role\.kubernetes\.io\/(.+)$/;
  return {
    name: metadata.name,
    ready: isReady(status),
    roles: Object.keys(metadata.labels ?? {}).flatMap((label) => role.exec(label)?.[1] ?? []),
    version: text(fields(fields(status).nodeInfo).kubeletVersion) ?? '',
  };
}

function namespaceFact(namespace: KubeObject, services: KubeObject[], all: KubeObject[]): NamespaceFact {
  // Pods that have ended, as those of jobs, are no part of what runs.
  const pods = all.filter((pod) => !['Succeeded', 'Failed'].includes(text(fields(pod.status).phase) ?? ''));
  const labels = namespace.metadata.labels ?? {};
  return {
    name: namespace.metadata.name,
    injected: labels['istio-injection'] === 'enabled' || (labels['istio.io/rev'] ?? '') !== '',
    pods: pods.length,
    ready: pods.filter(({ status }) => isReady(status)).length,
    services: services.map((service) => serviceFact(service, pods)).sort(byName),
    proxies: pods.flatMap(proxyFact).sort((a, b) => a.pod.localeCompare(b.pod)),
  };
}

function serviceFact({ metadata, spec }: KubeObject, pods: KubeObject[]): ServiceFact {
  const { type, ports, selector } = fields(spec);
  const wanted = fields(selector) as Labels;
  const behind = pods.filter((pod) => selects(wanted, pod.metadata.labels));
  return {
    name: metadata.name,
    type: text(type) ?? 'ClusterIP',
    ports: items(ports)
      .map(fields)
      .map(({ port, protocol, nodePort }) => `${port}${nodePort ? `:${nodePort}` : ''}/${text(protocol) ?? 'TCP'}`),
    pods: behind.length,
    ready: behind.filter(({ status }) => isReady(status)).length,
  };
}

function proxyFact(pod: KubeObject): ProxyFact[] {
  const proxy = proxyOf(pod);
  if (!proxy) return [];
  const { containers, initContainers, nodeName } = fields(pod.spec);
  const { containerStatuses, initContainerStatuses } = fields(pod.status);
  const own = (list: unknown) =>
    items(list)
      .map(fields)
      .find(({ name }) => name === 'istio-proxy');
  const status = own(containerStatuses) ?? own(initContainerStatuses);
  const image = text((own(containers) ?? own(initContainers))?.image) ?? '';
  return [
    {
      pod: pod.metadata.name,
      kind: proxy.kind === 'gateway' ? 'pasarela' : 'sidecar',
      ready: status?.ready === true,
      node: text(nodeName) ?? '',
      version: /:([\w.-]+)(?:@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1] ?? '',
    },
  ];
}

function isReady(status: unknown): boolean {
  const conditions = items(fields(status).conditions).map(fields);
  return conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}
