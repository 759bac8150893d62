// Whether a change of an object is one that istiod sends to proxies: an edited label of a student's is not.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../mesh/objects.ts';
import { isServing } from '../../mesh/services.ts';
import type { RegistryEvent } from '../contract.ts';

/** For objects that proxies are configured from at all. */
export function isRelevant({ type, resource, object, previous }: RegistryEvent): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  switch (resource) {
    case 'pods':
      return podChanged(object, previous);
    case 'configmaps':
      return !isDeepStrictEqual(object.data, previous.data);
    case 'discovery.k8s.io/endpointslices':
      return !isDeepStrictEqual([object.endpoints, object.ports], [previous.endpoints, previous.ports]);
    case 'namespaces':
    case 'nodes':
      return !isDeepStrictEqual(object.metadata.labels, previous.metadata.labels);
    default:
      return !isDeepStrictEqual(object.spec, previous.spec) || ownMarksChanged(object, previous);
  }
}

function podChanged(pod: KubeObject, before: KubeObject): boolean {
  const address = (object: KubeObject) => (object.status as { podIP?: string } | undefined)?.podIP;
  const node = (object: KubeObject) => (object.spec as { nodeName?: string } | undefined)?.nodeName;
  return (
    address(pod) !== address(before) ||
    node(pod) !== node(before) ||
    isServing(pod) !== isServing(before) ||
    !isDeepStrictEqual(pod.metadata.labels, before.metadata.labels)
  );
}

/** Istio reads its own labels and annotations, and nobody else's. */
function ownMarksChanged(object: KubeObject, before: KubeObject): boolean {
  const { labels, annotations } = object.metadata;
  return (
    !isDeepStrictEqual(own(labels), own(before.metadata.labels)) ||
    !isDeepStrictEqual(own(annotations), own(before.metadata.annotations))
  );
}

function own(marks: Record<string, string> | undefined): [string, string][] {
  return Object.entries(marks ?? {}).filter(([key]) => key.includes('istio.io') || key.includes('kubernetes.io'));
}
