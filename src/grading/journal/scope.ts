// What of a cluster belongs to a lab: what a hand-in takes with it, what replay may change, and what it refuses to touch.

import type { Lab } from '../../labs/lab.ts';
import { clusterWide } from '../../labs/made/cluster-wide.ts';
import { identityOf, type MadeObject } from '../../labs/made/made.ts';
import { madeBy, type ReadObjects } from '../../labs/made/made-by.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { isIstioPart, istioPartKinds } from './istio-parts.ts';

export interface Scope {
  /** Kinds to look for, in the version that labs write. */
  kinds: { apiVersion: string; kind: string }[];
  has(object: KubeObject): boolean;
  /** What the labs' own text makes, by identity. */
  made: ReadonlyMap<string, MadeObject>;
  /** Istio itself is the student's work. */
  istio: boolean;
}

/** Groups of which whatever is in a lab's namespaces is the student's work, named by the lab or not. */
const meshGroups = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
];
const meshKinds = [
  ...['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar', 'WorkloadEntry', 'EnvoyFilter'].map(
    (kind) => ({
      apiVersion: kind === 'EnvoyFilter' ? 'networking.istio.io/v1alpha3' : 'networking.istio.io/v1',
      kind,
    }),
  ),
  ...['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'].map((kind) => ({
    apiVersion: 'security.istio.io/v1',
    kind,
  })),
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' },
  ...['Gateway', 'HTTPRoute'].map((kind) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind })),
];
const plainKinds = [
  ...['Namespace', 'Service', 'ConfigMap', 'ServiceAccount'].map((kind) => ({ apiVersion: 'v1', kind })),
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({ apiVersion: 'apps/v1', kind })),
];

/** The cluster's and Istio's own namespaces: of the second, only what governs the whole mesh is a student's. */
export const systemNamespaces: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kube-flannel',
]);
const rootNamespace = 'istio-system';

/** Made by controllers in every namespace. */
const everywhere = new Set([
  'ConfigMap kube-root-ca.crt',
  'ConfigMap istio-ca-root-cert',
  'ConfigMap istio-ca-crl',
  'ServiceAccount default',
  'Service kubernetes',
]);

/** `labs`: those that the lab starts from, and the lab itself at the end. */
export function scopeOf(labs: readonly Lab[], readObjects?: ReadObjects): Scope {
  const all = labs.map((lab) => madeBy(lab, readObjects));
  const objects = all.flatMap((m) => m.objects);
  const istio = all.at(-1)?.istio ?? false;
  const made = new Map(objects.map((object) => [identityOf(object), object]));
  const namespaces = new Set(
    [
      'default',
      ...objects.map((o) => o.namespace),
      ...objects.filter((o) => o.kind === 'Namespace').map((o) => o.name),
      ...all.flatMap((m) => m.labels.map((label) => label.namespace)),
    ].filter((name) => name !== undefined && !systemNamespaces.has(name) && name !== rootNamespace),
  );
  // A label may be put on any of them, and it is told; what is in it stays the cluster's.
  const labelled = new Set(all.flatMap((m) => m.labels.map((label) => label.namespace)));
  const kinds = new Map(
    [
      ...meshKinds,
      ...plainKinds,
      ...(istio ? istioPartKinds : []),
      ...objects.map(({ apiVersion, kind }) => ({ apiVersion, kind })),
    ].map((kind) => [`${groupOf(kind.apiVersion)} ${kind.kind}`, kind]),
  );
  return {
    kinds: [...kinds.values()],
    made,
    istio,
    has(object) {
      const { apiVersion, kind, metadata } = object;
      const { name, namespace, ownerReferences = [] } = metadata;
      if (ownerReferences.length > 0 || everywhere.has(`${kind} ${name}`)) return false;
      if (made.has(identityOf({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) })))
        return true;
      if (istio && isIstioPart(object)) return true;
      if (clusterWide.has(kind) || namespace === undefined)
        return kind === 'Namespace' && (namespaces.has(name) || labelled.has(name));
      const isMesh = meshGroups.includes(groupOf(apiVersion));
      if (namespace === rootNamespace) return isMesh;
      const isPlain = plainKinds.some((k) => k.apiVersion === apiVersion && k.kind === kind);
      return namespaces.has(namespace) && (isMesh || isPlain);
    },
  };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
