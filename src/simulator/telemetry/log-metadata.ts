// What istiod writes beside clusters and endpoints, and a log format may show.
import type { ProxyRecord } from '../traffic.ts';
import { workloadOf } from './metrics/workload.ts';

/** `httpbin;default;httpbin;v1;Kubernetes`: workload, namespace, canonical service and revision, cluster. Undefined: no pod of the mesh. */
export function peerWorkload({ reporter, peer, upstreamHost }: ProxyRecord): string | undefined {
  if (reporter !== 'source' || !peer || !upstreamHost) return undefined;
  const { workload, namespace, service, revision } = workloadOf(peer);
  return [workload, namespace, service, revision, 'Kubernetes'].join(';');
}

/** Which object made the route: `/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews`. */
export function routeConfig({ virtualService }: ProxyRecord): string | undefined {
  if (!virtualService) return undefined;
  const { namespace, name } = virtualService;
  return `/apis/networking.istio.io/v1/namespaces/${namespace}/virtual-service/${name}`;
}

export function clusterServices({ service }: ProxyRecord): object[] | undefined {
  if (!service) return undefined;
  const { name, namespace } = service;
  return [{ host: `${name}.${namespace}.svc.cluster.local`, name, namespace }];
}
