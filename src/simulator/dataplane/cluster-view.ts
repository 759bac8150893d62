// The objects that decide where traffic goes, kept from the registry's watch, and the Services as kube-proxy knows them:
// at once, without waiting for istiod.
import type { KubeObject } from '../../mesh/objects.ts';
import { indexServices, type ServiceIndex } from '../../mesh/services.ts';
import type { Registry, RegistryEvent } from '../contract.ts';

export interface ClusterView {
  /** Everything the mesh engine looks at. */
  objects(): KubeObject[];
  services(): ServiceIndex;
  service(namespace: string, name: string): KubeObject | undefined;
  /** data.mesh of the ConfigMap istio in the root namespace; undefined without Istio. */
  meshConfig(): string | undefined;
  stop(): void;
}

const ROUTING = ['virtualservices', 'destinationrules', 'gateways'].map((plural) => `networking.istio.io/${plural}`);
const KEPT = new Set(['services', 'pods', ...ROUTING]);

export const ROOT_NAMESPACE = 'istio-system';

export function createClusterView(registry: Registry, changed: (event: RegistryEvent) => void): ClusterView {
  const kept = new Map<string, Map<string, KubeObject>>();
  let services: ServiceIndex | undefined;
  let meshConfig: string | undefined;

  const stop = registry.watch('*', (event) => {
    if (KEPT.has(event.resource)) keep(event);
    else if (isMeshConfig(event)) meshConfig = event.type === 'DELETED' ? undefined : meshOf(event.object);
    else return;
    changed(event);
  });

  function keep({ type, resource, object }: RegistryEvent) {
    const { namespace = '', name } = object.metadata;
    const objects = kept.get(resource) ?? new Map<string, KubeObject>();
    kept.set(resource, objects);
    if (type === 'DELETED') objects.delete(`${namespace}/${name}`);
    else objects.set(`${namespace}/${name}`, object);
    if (resource === 'pods' || resource === 'services') services = undefined;
  }

  return {
    objects: () => [...kept.values()].flatMap((objects) => [...objects.values()]),
    services() {
      services ??= indexServices([...values('services'), ...values('pods')]);
      return services;
    },
    service: (namespace, name) => kept.get('services')?.get(`${namespace}/${name}`),
    meshConfig: () => meshConfig,
    stop,
  };

  function values(resource: string): Iterable<KubeObject> {
    return kept.get(resource)?.values() ?? [];
  }
}

function isMeshConfig({ resource, object }: RegistryEvent): boolean {
  const { name, namespace } = object.metadata;
  return resource === 'configmaps' && name === 'istio' && namespace === ROOT_NAMESPACE;
}

function meshOf(configMap: KubeObject): string | undefined {
  const data = configMap.data as Record<string, unknown> | undefined;
  return typeof data?.mesh === 'string' ? data.mesh : undefined;
}
