// VirtualServices by what they are bound to: hosts for sidecars, gateways for gateways.
import { byAge, isIstio, namespaceOf, visibility } from './config-objects.ts';
import type { Source } from './decision.ts';
import { type Dropped, type HttpRule, ownRules, resolveDelegates } from './delegates.ts';
import { isMade } from './gateway-api/made.ts';
import { fullHost, HostTable } from './host-names.ts';
import { gatewayReference } from './match.ts';
import type { KubeObject } from './objects.ts';
import { fields, items, texts } from './read.ts';

export interface VirtualService {
  namespace: string;
  name: string;
  /** Lower case, short names completed; same order as in the object. */
  hosts: readonly string[];
  /** `mesh` or namespace/name. */
  gateways: readonly string[];
  /** As they work: with the rules of its delegates in the place of those that delegate. */
  http: readonly unknown[];
  /** The same, each with where it is written. */
  rules: readonly HttpRule[];
  /** Rules that delegate in vain. */
  dropped: readonly Dropped[];
  tcp: readonly unknown[];
  tls: readonly unknown[];
  visibleFrom: (namespace: string) => boolean;
  /** Made of routes of the Gateway API. */
  gatewayApi: boolean;
  at(path: string): Source;
}

export interface VirtualServiceIndex {
  /** Those of the most specific host that covers `host` and that `namespace` may see, those that rule first. */
  forSidecar(
    host: string,
    namespace: string,
    obeys?: (virtualService: VirtualService) => boolean,
  ): readonly VirtualService[];
  /** Oldest first. */
  forGateway(gateway: string): readonly VirtualService[];
}

export function indexVirtualServices(objects: readonly KubeObject[]): VirtualServiceIndex {
  const sidecars = new HostTable<VirtualService[]>();
  const gateways = new Map<string, VirtualService[]>();

  const sorted = objects.filter((o) => isIstio(o, 'VirtualService')).sort(byAge);
  // Without hosts of its own a VirtualService is there for others to delegate to.
  const delegates = new Map<string, KubeObject>();
  for (const object of sorted) {
    const key = `${namespaceOf(object)}/${object.metadata.name}`;
    if (texts(fields(object.spec).hosts).length === 0) delegates.set(key, object);
  }

  for (const object of sorted) {
    const virtualService = readVirtualService(object, (key) => delegates.get(key));
    for (const gateway of new Set(virtualService.gateways)) {
      if (gateway === 'mesh') addToSidecars(virtualService);
      else append(gateways.get(gateway), (list) => gateways.set(gateway, list), virtualService);
    }
  }

  function addToSidecars(virtualService: VirtualService) {
    for (const host of new Set(virtualService.hosts)) {
      append(sidecars.at(host), (list) => sidecars.set(host, list), virtualService);
    }
  }

  return {
    forSidecar: (host, namespace, obeys = () => true) =>
      sidecars.find(host, (list) => {
        const visible = list.filter((v) => v.visibleFrom(namespace) && obeys(v));
        return visible.length > 0 ? ownRoutesFirst(visible, namespace) : undefined;
      }) ?? [],
    forGateway: (gateway) => gateways.get(gateway) ?? [],
  };
}

/** Clients may overrule, for themselves, what the owner of a Service says by a route of the Gateway API. */
function ownRoutesFirst(list: readonly VirtualService[], namespace: string): readonly VirtualService[] {
  const isOwn = (v: VirtualService) => v.gatewayApi && v.namespace === namespace;
  return list.some(isOwn) ? [...list.filter(isOwn), ...list.filter((v) => !isOwn(v))] : list;
}

function append<T>(list: T[] | undefined, create: (list: T[]) => void, item: T): void {
  if (list) list.push(item);
  else create([item]);
}

function readVirtualService(object: KubeObject, delegate: (key: string) => KubeObject | undefined): VirtualService {
  const spec = fields(object.spec);
  const namespace = namespaceOf(object);
  const { name } = object.metadata;
  const gateways = texts(spec.gateways).map((g) => gatewayReference(g, namespace));
  const { rules, dropped } = resolveDelegates(ownRules(object), delegate);
  return {
    namespace,
    name,
    hosts: texts(spec.hosts).map((host) => fullHost(host, namespace)),
    gateways: gateways.length > 0 ? gateways : ['mesh'],
    http: rules.map((rule) => rule.spec),
    rules,
    dropped,
    tcp: items(spec.tcp),
    tls: items(spec.tls),
    visibleFrom: visibility(spec.exportTo, namespace),
    gatewayApi: isMade(object),
    at: (path) => ({ kind: 'VirtualService', namespace, name, path }),
  };
}
