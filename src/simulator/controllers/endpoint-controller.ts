import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry, RegistryEvent } from '../contract.ts';
import {
  type EndpointSlice,
  MANAGED_BY,
  MANAGER,
  planSlices,
  SERVICE_NAME,
  sliceLabels,
  TRIGGER,
} from './endpoint-slices.ts';
import { endpointsLabels, type Subset, subsetsOf } from './endpoints.ts';
import { equal } from './equal.ts';
import type { Pod, Service } from './kinds.ts';
import { isFinished, isReady, keyOf, splitKey } from './pods.ts';
import { hasLabels } from './selectors.ts';
import { endpointsOf, type ServiceEndpoint } from './service-endpoints.ts';
import { timestamp } from './time.ts';
import { createWorkQueue } from './work-queue.ts';

const SLICES = 'discovery.k8s.io/endpointslices';

/** Tells who stands behind each Service, in EndpointSlices and in Endpoints. */
export function startEndpoints(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'endpoints', sync);
  const stops = [
    registry.watch('services', ({ object }) => queue.add(keyOf(object))),
    registry.watch('pods', onPod),
    registry.watch(SLICES, ({ type, object }) => {
      const service = object.metadata.labels?.[SERVICE_NAME];
      if (type === 'DELETED' && service) queue.add(`${object.metadata.namespace ?? ''}/${service}`);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function onPod({ type, object, previous }: RegistryEvent) {
    if (type === 'MODIFIED' && previous && equal(relevant(object as Pod), relevant(previous as Pod))) return;
    for (const service of registry.list('services', object.metadata.namespace) as Service[]) {
      const { selector } = service.spec ?? {};
      if (!selector) continue;
      if ([object, previous].some((pod) => pod && hasLabels(pod.metadata.labels, selector))) queue.add(keyOf(service));
    }
  }

  function sync(key: string) {
    const [namespace, name] = splitKey(key);
    const service = registry.get('services', namespace, name) as Service | undefined;
    if (!service) {
      // Slices go with their owner; Endpoints have the Service's name instead of an owner.
      const left = registry.get('endpoints', namespace, name);
      if (left?.metadata.labels?.['endpoints.kubernetes.io/managed-by']) registry.remove('endpoints', namespace, name);
      return;
    }
    const endpoints = endpointsOf(registry, service);
    if (!endpoints || service.metadata.deletionTimestamp) return;
    writeSlices(service, endpoints);
    writeEndpoints(service, endpoints);
  }

  function writeSlices(service: Service, endpoints: ServiceEndpoint[]) {
    const { namespace, name } = service.metadata;
    const existing = (registry.list(SLICES, namespace) as EndpointSlice[]).filter(
      ({ metadata: { labels } }) => labels?.[SERVICE_NAME] === name && labels[MANAGED_BY] === MANAGER,
    );
    const plan = planSlices(service, endpoints, existing);
    const annotations = { [TRIGGER]: timestamp(clock) };
    for (const slice of plan.create) {
      registry.create(SLICES, { ...slice, metadata: { ...slice.metadata, annotations } });
    }
    const labels = sliceLabels(service);
    for (const { slice, endpoints: next } of plan.update) {
      const unchanged = equal(slice.endpoints ?? [], next) && equal(slice.metadata.labels, labels);
      if (!unchanged) edit(SLICES, slice, { endpoints: next.length > 0 ? next : null }, labels);
    }
    for (const slice of plan.remove) registry.remove(SLICES, namespace, slice.metadata.name);
  }

  function writeEndpoints(service: Service, endpoints: ServiceEndpoint[]) {
    const { namespace, name } = service.metadata;
    const subsets = subsetsOf(service, endpoints);
    const labels = endpointsLabels(service);
    const existing = registry.get('endpoints', namespace, name);
    if (!existing) {
      const annotations = { [TRIGGER]: timestamp(clock) };
      registry.create('endpoints', {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name, ...(namespace && { namespace }), labels, annotations },
        ...(subsets.length > 0 && { subsets }),
      });
    } else if (!equal((existing.subsets ?? []) as Subset[], subsets) || !equal(existing.metadata.labels, labels)) {
      edit('endpoints', existing, { subsets: subsets.length > 0 ? subsets : undefined }, labels);
    }
  }

  function edit(resource: string, object: KubeObject, fields: Record<string, unknown>, labels: Record<string, string>) {
    registry.edit(resource, object.metadata.namespace, object.metadata.name, (copy) => {
      for (const [field, value] of Object.entries(fields)) {
        if (value === undefined) delete copy[field];
        else copy[field] = value;
      }
      copy.metadata.labels = labels;
      copy.metadata.annotations = { ...copy.metadata.annotations, [TRIGGER]: timestamp(clock) };
    });
  }
}

/** The part of a pod that endpoints are made of. */
function relevant(pod: Pod): unknown {
  const { labels, deletionTimestamp } = pod.metadata;
  return [labels, deletionTimestamp, pod.status?.podIP, isReady(pod), isFinished(pod)];
}
