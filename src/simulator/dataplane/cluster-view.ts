// The objects that decide where traffic goes, kept from the registry's watch, and the Services as kube-proxy knows them:
// at once, without waiting for istiod.
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, texts } from '../../mesh/read.ts';
import { indexServices, type ServiceIndex } from '../../mesh/services.ts';
import type { Registry, RegistryEvent } from '../contract.ts';
import { MANAGED_BY, MANAGER } from '../controllers/endpoint-slices.ts';
import { isRelevant } from './push-relevance.ts';

export interface ClusterView {
  /** Everything the mesh engine looks at. */
  objects(): KubeObject[];
  services(): ServiceIndex;
  service(namespace: string, name: string): KubeObject | undefined;
  secret(namespace: string, name: string): KubeObject | undefined;
  /** Whether a ServiceEntry declares the host. */
  declares(host: string): boolean;
  /** data.mesh of the ConfigMap istio in the root namespace; undefined without Istio. */
  meshConfig(): string | undefined;
  stop(): void;
}

const CORE = ['services', 'pods', 'namespaces', 'nodes'];
const ISTIO = [
  ...plurals('networking.istio.io', 'virtualservices', 'destinationrules', 'gateways', 'serviceentries', 'sidecars'),
  ...plurals('networking.istio.io', 'workloadentries', 'workloadgroups', 'proxyconfigs', 'envoyfilters'),
  ...plurals('security.istio.io', 'peerauthentications', 'requestauthentications', 'authorizationpolicies'),
  'telemetry.istio.io/telemetries',
];
const GATEWAY_API = plurals(
  'gateway.networking.k8s.io',
  ...['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes', 'referencegrants'],
);
/** Only those that somebody wrote: the others follow from pods. */
const SLICES = 'discovery.k8s.io/endpointslices';
const KEPT = new Set([...CORE, ...ISTIO, ...GATEWAY_API, SLICES]);

export const ROOT_NAMESPACE = 'istio-system';

/** `changed` is told what proxies are configured from; `seen` every event of a pod. */
export function createClusterView(
  registry: Registry,
  { changed, secretChanged, seen }: { changed(): void; secretChanged(): void; seen(event: RegistryEvent): void },
): ClusterView {
  const kept = new Map<string, Map<string, KubeObject>>();
  const secrets = new Map<string, KubeObject>();
  let services: ServiceIndex | undefined;
  let hosts: readonly string[] | undefined;
  let meshConfig: string | undefined;

  const stop = registry.watch('*', (event) => {
    const { resource, type, object } = event;
    if (resource === SLICES && object.metadata.labels?.[MANAGED_BY] === MANAGER) return;
    if (resource === 'secrets') keepSecret(event);
    else if (KEPT.has(resource)) keep(event);
    else if (isMeshConfig(event)) meshConfig = type === 'DELETED' ? undefined : meshOf(object);
    else return;
    if (resource === 'pods') seen(event);
    if (resource === 'secrets') secretChanged();
    else if (isRelevant(event)) changed();
  });

  function keep({ type, resource, object }: RegistryEvent) {
    const objects = kept.get(resource) ?? new Map<string, KubeObject>();
    kept.set(resource, objects);
    if (type === 'DELETED') objects.delete(keyOf(object));
    else objects.set(keyOf(object), object);
    if (resource === 'pods' || resource === 'services' || resource === SLICES) services = undefined;
    if (resource === 'networking.istio.io/serviceentries') hosts = undefined;
  }

  /** Proxies ask for them when a client needs one: SDS, not a push. */
  function keepSecret({ type, object }: RegistryEvent) {
    if (type === 'DELETED') secrets.delete(keyOf(object));
    else secrets.set(keyOf(object), object);
  }

  return {
    objects: () => [...kept.values()].flatMap((objects) => [...objects.values()]),
    services() {
      services ??= indexServices([...values('services'), ...values(SLICES)], () => values('pods'));
      return services;
    },
    service: (namespace, name) => kept.get('services')?.get(`${namespace}/${name}`),
    secret: (namespace, name) => secrets.get(`${namespace}/${name}`),
    declares(host) {
      hosts ??= [...values('networking.istio.io/serviceentries')].flatMap(({ spec }) => texts(fields(spec).hosts));
      return hosts.some((h) => h === host || (h.startsWith('*.') && host.endsWith(h.slice(1))));
    },
    meshConfig: () => meshConfig,
    stop,
  };

  function values(resource: string): Iterable<KubeObject> {
    return kept.get(resource)?.values() ?? [];
  }
}

function plurals(group: string, ...names: string[]): string[] {
  return names.map((name) => `${group}/${name}`);
}

function keyOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

function isMeshConfig({ resource, object }: RegistryEvent): boolean {
  const { name, namespace } = object.metadata;
  return resource === 'configmaps' && name === 'istio' && namespace === ROOT_NAMESPACE;
}

function meshOf(configMap: KubeObject): string | undefined {
  const data = configMap.data as Record<string, unknown> | undefined;
  return typeof data?.mesh === 'string' ? data.mesh : undefined;
}
