// istiod's /debug pages, as JSON. Also what `istioctl x internal-debug` asks for over xDS.
import { fields } from '../../../mesh/read.ts';
import { type ControlPlane, proxiesOf } from './control-plane.ts';
import { CLUSTER_ID, proxyId, syncJson } from './proxy-sync.ts';

/** Undefined: there is no such page. `query` is everything after the question mark. */
export function debugPage(plane: ControlPlane, name: string, query: URLSearchParams): unknown {
  return Object.hasOwn(pages, name) ? pages[name]?.(plane, query) : undefined;
}

export const debugPageNames = (): string[] => Object.keys(pages);

type Page = (plane: ControlPlane, query: URLSearchParams) => unknown;

/** Kinds that istiod keeps as configuration. */
const CONFIGURATION = ['networking.istio.io/', 'security.istio.io/', 'telemetry.istio.io/', 'extensions.istio.io/'];

const pages: Record<string, Page> = {
  syncz: (plane) => syncJson(proxiesOf(plane), plane.subscribed),
  connections: (plane) => {
    const clients = proxiesOf(plane).map((proxy, index) => ({
      connectionId: `${proxyId(proxy)}-${index + 1}`,
      connectedAt: proxy.pod.metadata.creationTimestamp,
      address: String(fields(proxy.pod.status).podIP ?? ''),
    }));
    return { totalClients: clients.length, clients };
  },
  configz: (plane) =>
    (plane.mesh?.pushed().objects ?? []).filter((o) => CONFIGURATION.some((group) => o.apiVersion.startsWith(group))),
  registryz: (plane) =>
    (plane.mesh?.pushed().objects ?? []).filter((o) => o.kind === 'Service' && o.apiVersion === 'v1').map(service),
  mesh: (plane) => plane.mesh?.pushed().meshConfig ?? {},
  clusterz: () => [{ id: CLUSTER_ID, secretName: '', syncStatus: 'synced' }],
  push_status: () => ({}),
  config_dump(plane, query) {
    const wanted = query.get('proxyID') ?? '';
    const proxy = proxiesOf(plane).find((p) => proxyId(p) === wanted);
    return proxy ? plane.configDump(proxy) : NOT_CONNECTED;
  },
};

/** istiod's own words for a proxy that it does not know. */
export const NOT_CONNECTED = 'Proxy not connected to this Pilot instance. It may be connected to another instance.';

function service(object: { metadata: { name: string; namespace?: string }; spec?: unknown }): unknown {
  const { name, namespace = 'default' } = object.metadata;
  const { clusterIP, ports, selector, type = 'ClusterIP' } = fields(object.spec);
  return {
    Attributes: {
      ServiceRegistry: 'Kubernetes',
      Name: name,
      Namespace: namespace,
      LabelSelectors: selector,
      Type: type,
    },
    ports,
    hostname: `${name}.${namespace}.svc.cluster.local`,
    defaultAddress: clusterIP,
  };
}
