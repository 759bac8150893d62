// Which service mesh a cluster already has: Istio of whoever installed it, its ambient mode, or another one.

import type { KubeObject } from '../../../mesh/objects.ts';
import { fields } from '../../../mesh/read.ts';
import { managedLabel } from '../../managed-label.ts';

export interface FoundIstio {
  namespace: string;
  /** Tag of istiod's image. */
  version: string;
  revision: string;
  ready: boolean;
  /** Malla installed it. */
  ours: boolean;
}

export interface Meshes {
  istio: FoundIstio[];
  /** Why it is taken for ambient, in Spanish; undefined when it is not. */
  ambient?: string;
  /** Names of other meshes. */
  others: string[];
}

export interface MeshObjects {
  deployments: readonly KubeObject[];
  daemonSets: readonly KubeObject[];
  statefulSets: readonly KubeObject[];
  namespaces: readonly KubeObject[];
}

const others: [RegExp, string][] = [
  [/^linkerd-(destination|identity|proxy-injector)$/, 'Linkerd'],
  [/^consul-(connect-injector|server)$|-consul-(connect-injector|server)$/, 'Consul'],
  [/^kuma-control-plane$|^kong-mesh-control-plane$/, 'Kuma'],
  [/^osm-controller$/, 'Open Service Mesh'],
  [/^traefik-mesh-controller$/, 'Traefik Mesh'],
];

export function findMeshes({ deployments, daemonSets, statefulSets, namespaces }: MeshObjects): Meshes {
  const workloads = [...deployments, ...daemonSets, ...statefulSets];
  const managed = Object.entries(managedLabel);
  const isOurs = (object: KubeObject | undefined): boolean =>
    managed.every(([key, value]) => object?.metadata.labels?.[key] === value);
  const ambient = findAmbient(daemonSets, namespaces);
  return {
    istio: deployments
      .filter((d) => d.metadata.labels?.app === 'istiod')
      .map((d) => {
        const { name, namespace = '' } = d.metadata;
        const home = namespaces.find((n) => n.metadata.name === namespace);
        return {
          namespace,
          version: imageTag(d),
          revision: d.metadata.labels?.['istio.io/rev'] ?? (name.replace(/^istiod-?/, '') || 'default'),
          ready: Number(fields(d.status).readyReplicas ?? 0) > 0,
          ours: isOurs(d) || isOurs(home),
        };
      }),
    ...(ambient === undefined ? {} : { ambient }),
    others: [
      ...new Set(
        others.flatMap(([pattern, mesh]) => (workloads.some((w) => pattern.test(w.metadata.name)) ? [mesh] : [])),
      ),
    ],
  };
}

function findAmbient(daemonSets: readonly KubeObject[], namespaces: readonly KubeObject[]): string | undefined {
  const ztunnel = daemonSets.find((d) => d.metadata.name === 'ztunnel' || d.metadata.labels?.app === 'ztunnel');
  if (ztunnel) return `hay un DaemonSet ztunnel en ${ztunnel.metadata.namespace ?? ''}`;
  const enrolled = namespaces.filter((n) => n.metadata.labels?.['istio.io/dataplane-mode'] === 'ambient');
  return enrolled.length > 0
    ? `el espacio ${enrolled[0]?.metadata.name} lleva istio.io/dataplane-mode=ambient`
    : undefined;
}

function imageTag(deployment: KubeObject): string {
  const { template } = (deployment.spec ?? {}) as { template?: { spec?: { containers?: { image?: string }[] } } };
  return /:([^:/@]+)(?:@.*)?$/.exec(template?.spec?.containers?.[0]?.image ?? '')?.[1] ?? '';
}
