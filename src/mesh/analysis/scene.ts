// The objects under analysis, by kind, and the hosts that they make known.
import { isIstio, namespaceOf } from '../config-objects.ts';
import { covers, fullHost } from '../host-names.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, text, texts } from '../read.ts';
import { indexServices, type MeshService, type ServiceIndex } from '../services.ts';

export interface Scene {
  virtualServices: readonly KubeObject[];
  destinationRules: readonly KubeObject[];
  gateways: readonly KubeObject[];
  namespaces: readonly KubeObject[];
  pods: readonly KubeObject[];
  rawServices: readonly KubeObject[];
  deployments: readonly KubeObject[];
  secrets: readonly KubeObject[];
  serviceEntries: readonly KubeObject[];
  sidecars: readonly KubeObject[];
  envoyFilters: readonly KubeObject[];
  policies: readonly KubeObject[];
  requestAuthentications: readonly KubeObject[];
  telemetries: readonly KubeObject[];
  services: ServiceIndex;
  /** By the host as an object of `namespace` writes it. */
  service(host: string, namespace: string): MeshService | undefined;
  /** A Service, or a host that a ServiceEntry adds. */
  isKnownHost(host: string, namespace: string): boolean;
  /** Whether any DestinationRule defines the subset for this host. */
  hasSubset(host: string, namespace: string, subset: string): boolean;
}

export function createScene(objects: readonly KubeObject[]): Scene {
  const services = indexServices(objects);
  const ofKind = (kind: string) => objects.filter((o) => isIstio(o, kind));
  const core = (kind: string) => objects.filter((o) => o.kind === kind && o.apiVersion === 'v1');
  const destinationRules = ofKind('DestinationRule');
  const external = ofKind('ServiceEntry').flatMap((entry) => texts(fields(entry.spec).hosts));
  const subsets = subsetsByHost(destinationRules);
  const service = (host: string, namespace: string) => services.byHost(fullHost(host, namespace));
  return {
    virtualServices: ofKind('VirtualService'),
    destinationRules,
    gateways: ofKind('Gateway'),
    namespaces: core('Namespace'),
    pods: core('Pod'),
    rawServices: core('Service'),
    deployments: objects.filter((o) => o.kind === 'Deployment' && o.apiVersion === 'apps/v1'),
    secrets: core('Secret'),
    serviceEntries: ofKind('ServiceEntry'),
    sidecars: ofKind('Sidecar'),
    envoyFilters: ofKind('EnvoyFilter'),
    policies: objects.filter((o) => isIstio(o, 'AuthorizationPolicy', 'security.istio.io')),
    requestAuthentications: objects.filter((o) => isIstio(o, 'RequestAuthentication', 'security.istio.io')),
    telemetries: objects.filter((o) => isIstio(o, 'Telemetry', 'telemetry.istio.io')),
    services,
    service,
    isKnownHost: (host, namespace) =>
      service(host, namespace) !== undefined || external.some((known) => covers(known, fullHost(host, namespace))),
    hasSubset: (host, namespace, subset) => subsets.get(fullHost(host, namespace))?.has(subset) ?? false,
  };
}

function subsetsByHost(rules: readonly KubeObject[]): Map<string, Set<string>> {
  const byHost = new Map<string, Set<string>>();
  for (const rule of rules) {
    const { host, subsets } = fields(rule.spec);
    const key = fullHost(text(host) ?? '', namespaceOf(rule));
    const known = byHost.get(key) ?? new Set<string>();
    byHost.set(key, known);
    for (const subset of items(subsets)) known.add(text(fields(subset).name) ?? '');
  }
  return byHost;
}
