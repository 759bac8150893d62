// Which path a kind is served at. Kinds that Malla always asks about are known by heart; the rest are discovered.

export interface Resource {
  plural: string;
  namespaced: boolean;
}

/** apiVersion → what its discovery document says, or undefined when the server does not know it. */
export type Discover = (apiVersion: string) => Promise<Map<string, Resource> | undefined>;

export interface Resources {
  /** Undefined when the server does not serve that kind (yet): the next call asks again. */
  find(apiVersion: string, kind: string): Promise<Resource | undefined>;
}

export function createResources(discover: Discover): Resources {
  const discovered = new Map<string, Resource>();
  return {
    async find(apiVersion, kind) {
      const key = `${apiVersion}/${kind}`;
      const known = byHeart.get(key) ?? discovered.get(key);
      if (known) return known;
      const kinds = await discover(apiVersion);
      for (const [name, resource] of kinds ?? []) discovered.set(`${apiVersion}/${name}`, resource);
      return discovered.get(key);
    },
  };
}

/** The kinds of an APIResourceList, without its subresources. */
export function kindsOf(list: unknown): Map<string, Resource> {
  const found = new Map<string, Resource>();
  const resources = typeof list === 'object' && list !== null && 'resources' in list ? list.resources : undefined;
  if (!Array.isArray(resources)) return found;
  for (const r of resources as { name?: unknown; kind?: unknown; namespaced?: unknown }[]) {
    if (typeof r.name === 'string' && typeof r.kind === 'string' && !r.name.includes('/'))
      found.set(r.kind, { plural: r.name, namespaced: r.namespaced === true });
  }
  return found;
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

const byHeart = new Map<string, Resource>(
  Object.entries({
    'v1/Namespace': 'namespaces',
    'v1/Node': 'nodes',
    'v1/Pod': 'pods/',
    'v1/Service': 'services/',
    'v1/ConfigMap': 'configmaps/',
    'v1/Secret': 'secrets/',
    'v1/ServiceAccount': 'serviceaccounts/',
    'v1/Event': 'events/',
    'v1/Endpoints': 'endpoints/',
    'apps/v1/Deployment': 'deployments/',
    'apps/v1/ReplicaSet': 'replicasets/',
    'apps/v1/StatefulSet': 'statefulsets/',
    'apps/v1/DaemonSet': 'daemonsets/',
    'discovery.k8s.io/v1/EndpointSlice': 'endpointslices/',
    'apiextensions.k8s.io/v1/CustomResourceDefinition': 'customresourcedefinitions',
    'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': 'mutatingwebhookconfigurations',
    'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': 'validatingwebhookconfigurations',
    'networking.istio.io/v1/Gateway': 'gateways/',
    'networking.istio.io/v1/VirtualService': 'virtualservices/',
    'networking.istio.io/v1/DestinationRule': 'destinationrules/',
    'networking.istio.io/v1/ServiceEntry': 'serviceentries/',
    'networking.istio.io/v1/Sidecar': 'sidecars/',
    'networking.istio.io/v1alpha3/EnvoyFilter': 'envoyfilters/',
    'security.istio.io/v1/AuthorizationPolicy': 'authorizationpolicies/',
    'security.istio.io/v1/PeerAuthentication': 'peerauthentications/',
    'security.istio.io/v1/RequestAuthentication': 'requestauthentications/',
    'telemetry.istio.io/v1/Telemetry': 'telemetries/',
  }).map(([key, path]) => [key, { plural: path.replace('/', ''), namespaced: path.endsWith('/') }]),
);
