// The older Endpoints object of a Service: addresses grouped by the ports they share. Pure.
import type { Service } from './kinds.ts';
import { type EndpointPort, isHeadless, type ServiceEndpoint } from './service-endpoints.ts';

const HEADLESS = 'service.kubernetes.io/headless';

interface Address {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef: { kind: string; name: string; namespace?: string; uid?: string };
}

export interface Subset {
  addresses?: Address[];
  notReadyAddresses?: Address[];
  ports?: Omit<EndpointPort, 'name'>[];
}

export function endpointsLabels(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    ...(isHeadless(service) && { [HEADLESS]: '' }),
  };
}

/** Pods that are going away are not listed; pods that have none of the Service's ports neither. */
export function subsetsOf(service: Service, endpoints: ServiceEndpoint[]): Subset[] {
  const publish = service.spec?.publishNotReadyAddresses === true;
  const hasPorts = (service.spec?.ports?.length ?? 0) > 0;
  const listed = endpoints.filter((e) => !e.terminating && (e.ports.length > 0 || !hasPorts));
  return [...Map.groupBy(listed, (e) => JSON.stringify(e.ports)).values()].map((group) => {
    const sorted = [...group].sort((a, b) => (a.address < b.address ? -1 : 1));
    const ready = sorted.filter((e) => e.serving || publish).map((e) => addressOf(e, service));
    const notReady = sorted.filter((e) => !e.serving && !publish).map((e) => addressOf(e, service));
    const ports = (group[0]?.ports ?? []).map(({ name, ...port }) => (name ? { name, ...port } : port));
    return {
      ...(ready.length > 0 && { addresses: ready }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady }),
      ...(ports.length > 0 && { ports }),
    };
  });
}

function addressOf({ pod, address }: ServiceEndpoint, service: Service): Address {
  const { name, namespace, uid } = pod.metadata;
  const { hostname, subdomain, nodeName } = pod.spec ?? {};
  return {
    ip: address,
    ...(hostname && subdomain === service.metadata.name && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', name, ...(namespace && { namespace }), ...(uid && { uid }) },
  };
}
