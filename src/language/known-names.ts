// The names that a field may say, out of the folder and the cluster.
import { isIstio, namespaceOf } from '../mesh/config-objects.ts';
import { fullHost } from '../mesh/host-names.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { fields, hasLabels, integer, items, stringMap, text, texts } from '../mesh/read.ts';
import { indexServices } from '../mesh/services.ts';
import { t } from './say.ts';
import type { Workspace } from './workspace.ts';

export interface KnownNames {
  /** As an object of `namespace` would write them: `reviews`, `reviews.other.svc.cluster.local`, `api.example.com`. */
  hosts(namespace: string): { name: string; detail: string }[];
  ports(host: string, namespace: string): { number: number; name: string }[];
  subsets(host: string, namespace: string): string[];
  gateways(namespace: string): string[];
  /** Of the servers of a gateway as the object names it. */
  gatewayPorts(reference: string, namespace: string): { number: number; name: string }[];
  routes(namespace: string): string[];
  namespaces(): string[];
  services(namespace: string): string[];
  /** Label → its values on the pods of a namespace; of those behind `host` when it is given. */
  labels(namespace: string, host?: string): Map<string, Set<string>>;
}

/** Of everything that counts for a file; made once for each state of the workspace. */
export function namesFor(workspace: Workspace, uri: string): KnownNames {
  const known = made.get(workspace);
  if (known?.version === workspace.version && known.uri === uri) return known.names;
  const names = knownNames(workspace.objectsFor(uri));
  made.set(workspace, { version: workspace.version, uri, names });
  return names;
}

const made = new WeakMap<Workspace, { version: number; uri: string; names: KnownNames }>();

function knownNames(objects: readonly KubeObject[]): KnownNames {
  const index = indexServices(objects);
  const of = (kind: string) => objects.filter((o) => isIstio(o, kind));
  const entries = of('ServiceEntry');
  const rules = of('DestinationRule');
  const gateways = of('Gateway');
  const pods = objects.filter((o) => o.kind === 'Pod' && o.apiVersion === 'v1');
  const near = (object: KubeObject, namespace: string, separator: (name: string, ns: string) => string): string =>
    namespaceOf(object) === namespace ? object.metadata.name : separator(object.metadata.name, namespaceOf(object));
  const entryPorts = (full: string) =>
    entries
      .filter((entry) => texts(fields(entry.spec).hosts).some((h) => fullHost(h, namespaceOf(entry)) === full))
      .flatMap((entry) => numbered(fields(entry.spec).ports, 'number'));
  return {
    hosts: (namespace) => [
      ...[...index.all()].map((service) => ({
        name: service.namespace === namespace ? service.name : service.host,
        detail: t('Service de {0}{1}', service.namespace, portsText(service.ports)),
      })),
      ...entries.flatMap((entry) =>
        texts(fields(entry.spec).hosts).map((name) => ({ name, detail: `ServiceEntry ${entry.metadata.name}` })),
      ),
    ],
    ports(host, namespace) {
      const full = fullHost(host, namespace);
      const service = index.byHost(full);
      if (!service) return entryPorts(full);
      return service.ports.map(({ port, name }) => ({ number: port, name }));
    },
    subsets: (host, namespace) =>
      rules
        .filter((r) => fullHost(text(fields(r.spec).host) ?? '', namespaceOf(r)) === fullHost(host, namespace))
        .flatMap((r) => items(fields(r.spec).subsets).flatMap((s) => text(fields(s).name) ?? [])),
    gateways: (namespace) => [...gateways.map((g) => near(g, namespace, (name, ns) => `${ns}/${name}`)), 'mesh'],
    gatewayPorts: (reference, namespace) =>
      gateways
        .filter((g) => {
          const [name = '', ns = namespace] = reference.split('/').reverse();
          return g.metadata.name === name && namespaceOf(g) === (ns === '.' ? namespace : ns);
        })
        .flatMap((g) => items(fields(g.spec).servers).flatMap((s) => numbered([fields(s).port], 'number'))),
    routes: (namespace) =>
      of('VirtualService')
        .filter((v) => namespaceOf(v) === namespace && texts(fields(v.spec).hosts).length === 0)
        .map((v) => v.metadata.name),
    namespaces: () =>
      [
        ...new Set([
          ...objects.filter((o) => o.kind === 'Namespace').map((o) => o.metadata.name),
          ...objects.flatMap((o) => o.metadata.namespace ?? []),
        ]),
      ].sort(),
    services: (namespace) => [...index.all()].filter((s) => s.namespace === namespace).map((s) => s.name),
    labels(namespace, host) {
      const service = host === undefined ? undefined : index.byHost(fullHost(host, namespace));
      const chosen = pods.filter((pod) =>
        service
          ? namespaceOf(pod) === service.namespace && hasLabels(pod.metadata.labels, service.selector)
          : namespaceOf(pod) === namespace,
      );
      return labelValues(chosen);
    },
  };
}

function labelValues(pods: readonly KubeObject[]): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const pod of pods)
    for (const [key, value] of stringMap(pod.metadata.labels)) {
      const values = labels.get(key) ?? new Set();
      labels.set(key, values.add(value));
    }
  return labels;
}

function numbered(ports: unknown, field: string): { number: number; name: string }[] {
  return items(ports).flatMap((port) => {
    const number = integer(fields(port)[field]);
    return number === undefined ? [] : [{ number, name: text(fields(port).name) ?? '' }];
  });
}

function portsText(ports: readonly { port: number }[]): string {
  return ports.length === 0 ? '' : `, puerto ${ports.map((p) => p.port).join(', ')}`;
}
