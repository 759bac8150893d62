// A claim as a template asks for it: of a StatefulSet's pods, and of a pod's volumes of kind `ephemeral`.
import type { KubeObject } from '../../../mesh/objects.ts';
import { copyOf } from '../../copy.ts';
import { ownerReferenceTo } from '../pods.ts';

export interface ClaimTemplate {
  metadata?: { name?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: unknown;
}

export interface ClaimFacts {
  name: string;
  namespace: string | undefined;
  /** In place of the template's. */
  labels?: Record<string, string>;
  /** It goes with this object. */
  owner?: KubeObject;
}

export function claimFrom({ metadata = {}, spec }: ClaimTemplate, facts: ClaimFacts): KubeObject {
  const { name, namespace, labels = metadata.labels, owner } = facts;
  const { annotations } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
      ...(owner && { ownerReferences: [ownerReferenceTo(owner)] }),
    },
    spec: copyOf(spec),
  };
}
