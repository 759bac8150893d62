// Sidecar objects: what a proxy is told of the mesh, what it does with the rest, and where it takes requests in.
import { byAge, isIstio, namespaceOf } from './config-objects.ts';
import type { Source } from './decision.ts';
import type { Client } from './destination-rules.ts';
import { covers, fullHost } from './host-names.ts';
import { type IngressListener, readIngress } from './inbound-ports.ts';
import type { KubeObject } from './objects.ts';
import { fields, hasLabels, integer, items, present, stringMap, text, texts } from './read.ts';
import type { MeshService } from './services.ts';
import type { VirtualService } from './virtual-services.ts';

export interface SidecarScope {
  /** The Sidecar object; undefined: none is for this client. */
  source?: Source;
  /** Where the policy for unknown destinations stands; undefined: in the mesh's configuration, or nowhere. */
  policySource?: Source;
  /** REGISTRY_ONLY: what the registry does not know cannot be reached. */
  registryOnly: boolean;
  /** Ports on which it takes requests in; undefined: those of its Services. */
  ingress?: readonly IngressListener[];
  /** `inboundConnectionPool` as written. */
  inboundPool?: unknown;
  sees(service: MeshService, port: number): boolean;
  obeys(virtualService: VirtualService): boolean;
}

export interface SidecarIndex {
  scopeFor(client: Client): SidecarScope;
}

interface Sidecar {
  source: Source;
  selector: ReadonlyMap<string, string> | undefined;
  /** Undefined: not said. */
  registryOnly: boolean | undefined;
  egress: readonly Egress[];
  ingress: readonly IngressListener[] | undefined;
  inboundPool: unknown;
}

interface Egress {
  /** Undefined: every port. */
  port: number | undefined;
  hosts: readonly Import[];
}

/** `namespace/host`; `*` for any namespace. */
interface Import {
  namespace: string;
  host: string;
}

const EVERYTHING: readonly Egress[] = [{ port: undefined, hosts: [{ namespace: '*', host: '*' }] }];

export function indexSidecars(
  objects: readonly KubeObject[],
  rootNamespace: string,
  meshConfig: Readonly<Record<string, unknown>> = {},
): SidecarIndex {
  const byNamespace = new Map<string, Sidecar[]>();
  for (const object of objects.filter((o) => isIstio(o, 'Sidecar')).sort(byAge)) {
    const namespace = namespaceOf(object);
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), readSidecar(object)]);
  }
  const meshRegistryOnly = fields(meshConfig.outboundTrafficPolicy).mode === 'REGISTRY_ONLY';

  /** One that selects the client, else its namespace's, else the root namespace's; the oldest of several. */
  function sidecarFor({ namespace, labels }: Client): Sidecar | undefined {
    const own = byNamespace.get(namespace) ?? [];
    return (
      own.find(({ selector }) => selector && hasLabels(labels, selector)) ??
      own.find(({ selector }) => !selector) ??
      byNamespace.get(rootNamespace)?.find(({ selector }) => !selector)
    );
  }

  return {
    scopeFor(client) {
      const sidecar = sidecarFor(client);
      if (!sidecar) return scopeOf(client.namespace, EVERYTHING, meshRegistryOnly);
      const { source, registryOnly, egress, ingress, inboundPool } = sidecar;
      const policySource = { ...source, path: 'spec.outboundTrafficPolicy' };
      return {
        ...scopeOf(client.namespace, egress, registryOnly ?? meshRegistryOnly),
        source,
        ...(ingress && { ingress }),
        ...(present(inboundPool) && { inboundPool }),
        ...(registryOnly !== undefined && { policySource }),
      };
    },
  };
}

function scopeOf(client: string, egress: readonly Egress[], registryOnly: boolean): SidecarScope {
  const imported = ({ namespace, host }: Import, of: string, name: string) =>
    (namespace === '*' || namespace === of) && (covers(host, name) || covers(name, host));
  return {
    registryOnly,
    sees(service, port) {
      if (service.visibleFrom && !service.visibleFrom(client)) return false;
      return egress.some(
        (listener) =>
          (listener.port === undefined || listener.port === port) &&
          listener.hosts.some((wanted) => imported(wanted, service.namespace, service.host)),
      );
    },
    obeys: ({ namespace, hosts }) =>
      egress.some((listener) => listener.hosts.some((wanted) => hosts.some((h) => imported(wanted, namespace, h)))),
  };
}

function readSidecar(object: KubeObject): Sidecar {
  const spec = fields(object.spec);
  const namespace = namespaceOf(object);
  const { outboundTrafficPolicy: policy, workloadSelector } = spec;
  const egress = items(spec.egress).map((item) => readEgress(item, namespace));
  return {
    source: { kind: object.kind, namespace, name: object.metadata.name, path: 'spec' },
    selector: present(workloadSelector) ? stringMap(fields(workloadSelector).labels) : undefined,
    // A policy without a mode has the first of its list.
    registryOnly: present(policy) ? (text(fields(policy).mode) ?? 'REGISTRY_ONLY') === 'REGISTRY_ONLY' : undefined,
    egress: egress.length > 0 ? egress : EVERYTHING,
    ingress: readIngress(spec.ingress),
    inboundPool: spec.inboundConnectionPool,
  };
}

/** `~/*` imports nothing. */
function readEgress(value: unknown, namespace: string): Egress {
  const { port, hosts } = fields(value);
  return {
    port: integer(fields(port).number),
    hosts: texts(hosts).flatMap((written): Import[] => {
      const slash = written.indexOf('/');
      const of = slash < 0 ? '*' : written.slice(0, slash);
      if (of === '~') return [];
      return [{ namespace: of === '.' ? namespace : of, host: fullHost(written.slice(slash + 1), namespace) }];
    }),
  };
}
