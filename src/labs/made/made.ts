// What a lab's own text leaves on a cluster: objects, and labels on namespaces. Nothing is asked of any cluster.
import type { KubeObject } from '../../mesh/objects.ts';

export interface MadeObject {
  apiVersion: string;
  kind: string;
  /** Undefined: the object is of the whole cluster. */
  namespace?: string;
  name: string;
  /** Each form that the lab gives it: solutions and mistakes may write it differently. Empty only for a namespace. */
  forms: KubeObject[];
  /** The last form that the solutions give it; undefined when only a mistake makes it. */
  settled?: KubeObject;
}

export interface MadeLabel {
  namespace: string;
  key: string;
  value: string;
}

export interface Made {
  objects: MadeObject[];
  labels: MadeLabel[];
  /** The lab installs Istio with istioctl. */
  istio: boolean;
  /** Images of its solutions: those of a mistake need not exist. As they are written there. */
  images: string[];
  /** Objects, of any lab, that a command changes in their place: scaled, patched, with another image. */
  touched: string[];
}

/** `apiVersion kind namespace/name`, with the version left out: the same object is served under several. */
export function identityOf({ apiVersion, kind, namespace, name }: Omit<MadeObject, 'forms'>): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${group} ${kind} ${namespace ?? ''}/${name}`;
}
