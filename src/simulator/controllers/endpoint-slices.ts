// EndpointSlices of a Service: one list of endpoints per set of ports, cut into slices of a hundred. Pure.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Service } from './kinds.ts';
import { ownerReferenceTo } from './pods.ts';
import type { EndpointPort, ServiceEndpoint } from './service-endpoints.ts';
import { isHeadless } from './service-endpoints.ts';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslice-controller.k8s.io';
export const TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time';
const HEADLESS = 'service.kubernetes.io/headless';
const SLICE_SIZE = 100;

export interface SliceEndpoint {
  addresses: string[];
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  hostname?: string;
  nodeName?: string;
  targetRef: { kind: string; name: string; namespace?: string; uid?: string };
}

export interface EndpointSlice extends KubeObject {
  addressType?: string;
  endpoints?: SliceEndpoint[] | null;
  ports?: EndpointPort[] | null;
}

export interface SlicePlan {
  create: EndpointSlice[];
  update: { slice: EndpointSlice; endpoints: SliceEndpoint[] }[];
  remove: EndpointSlice[];
}

/** How the existing slices must change. An endpoint stays in the slice where it is. */
export function planSlices(service: Service, endpoints: ServiceEndpoint[], existing: EndpointSlice[]): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const groups = Map.groupBy(endpoints, (e) => JSON.stringify(e.ports));
  // A Service without endpoints keeps one empty slice.
  if (groups.size === 0) groups.set('[]', []);
  const unused = new Set(existing);
  for (const [key, group] of groups) {
    const slices = existing.filter((slice) => JSON.stringify(slice.ports ?? []) === key);
    for (const slice of slices) unused.delete(slice);
    planGroup(service, JSON.parse(key) as EndpointPort[], group, slices, plan);
  }
  plan.remove.push(...unused);
  return plan;
}

export function sliceLabels(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: MANAGER,
    ...(isHeadless(service) && { [HEADLESS]: '' }),
  };
}

function planGroup(
  service: Service,
  ports: EndpointPort[],
  group: ServiceEndpoint[],
  slices: EndpointSlice[],
  plan: SlicePlan,
) {
  const publish = service.spec?.publishNotReadyAddresses === true;
  const wanted = new Map(group.map((e) => [e.pod.metadata.uid, toSliceEndpoint(e, service, publish)]));
  const filled = slices.map((slice) => {
    const kept: SliceEndpoint[] = [];
    for (const { targetRef } of slice.endpoints ?? []) {
      const endpoint = wanted.get(targetRef?.uid);
      if (endpoint) kept.push(endpoint);
      wanted.delete(targetRef?.uid);
    }
    return { slice, endpoints: kept };
  });
  const rest = [...wanted.values()];
  for (const { endpoints } of filled) endpoints.push(...rest.splice(0, SLICE_SIZE - endpoints.length));
  while (rest.length > 0) plan.create.push(newSlice(service, ports, rest.splice(0, SLICE_SIZE)));
  const keepEmpty = group.length === 0 ? 1 : 0;
  if (slices.length === 0 && group.length === 0) plan.create.push(newSlice(service, ports, []));
  const empty = filled.filter((f) => f.endpoints.length === 0);
  const spare = new Set(empty.slice(keepEmpty).map((f) => f.slice));
  plan.remove.push(...spare);
  plan.update.push(...filled.filter((f) => !spare.has(f.slice)));
}

function newSlice(service: Service, ports: EndpointPort[], endpoints: SliceEndpoint[]): EndpointSlice {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${name}-`,
      ...(namespace && { namespace }),
      labels: sliceLabels(service),
      ownerReferences: [ownerReferenceTo(service)],
    },
    addressType: 'IPv4',
    endpoints: endpoints.length > 0 ? endpoints : null,
    ports: ports.length > 0 ? ports : null,
  };
}

function toSliceEndpoint(endpoint: ServiceEndpoint, service: Service, publish: boolean): SliceEndpoint {
  const { pod, address, serving, terminating } = endpoint;
  const { name, namespace, uid } = pod.metadata;
  const { hostname, subdomain, nodeName } = pod.spec ?? {};
  return {
    addresses: [address],
    conditions: { ready: publish || (serving && !terminating), serving, terminating },
    ...(hostname && subdomain === service.metadata.name && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', name, ...(namespace && { namespace }), ...(uid && { uid }) },
  };
}
