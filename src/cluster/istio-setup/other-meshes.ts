// Meshes that are not Istio, recognised by what they leave on a cluster.
import type { ClusterView } from './cluster-view.ts';
import { aviso, type Finding, impide } from './finding.ts';

interface Mesh {
  name: string;
  group?: RegExp;
  workload?: RegExp;
}

const meshes: readonly Mesh[] = [
  { name: 'Linkerd', group: /(^|\.)linkerd\.io$/, workload: /\/linkerd-(destination|identity|proxy-injector)$/ },
  // Consul also comes without its mesh: the injector tells.
  { name: 'Consul', workload: /\/(\w[\w-]*-)?connect-injector$/ },
  { name: 'Kuma o Kong Mesh', group: /(^|\.)kuma\.io$/, workload: /\/(kuma|kong-mesh)-control-plane$/ },
  { name: 'Open Service Mesh', group: /(^|\.)openservicemesh\.io$/, workload: /\/osm-controller$/ },
  { name: 'Traefik Mesh', workload: /\/(traefik|maesh)-mesh-controller$/ },
  { name: 'AWS App Mesh', group: /^appmesh\.k8s\.aws$/, workload: /\/appmesh-controller$/ },
  { name: 'NGINX Service Mesh', group: /(^|\.)nsm\.nginx\.com$/ },
];

/** A running one refuses the installation; CRDs alone are a leftover. Empty when there is none. */
export function otherMeshes({ crds, deployments, daemonSets }: ClusterView): Finding[] {
  const workloads = [...deployments, ...daemonSets];
  return meshes.flatMap(({ name, group, workload }): Finding[] => {
    const running = workload && workloads.find((w) => workload.test(w));
    const kind = group && crds.find((c) => group.test(c.group));
    if (running) {
      return [
        impide(
          'MALLA-IST-14',
          `El clúster ya tiene otra malla, ${name} (${running}).`,
          'Dos mallas se disputan el tráfico de los mismos pods: usa otro clúster.',
        ),
      ];
    }
    if (!kind) return [];
    return [
      aviso(
        'MALLA-IST-14',
        `Hay clases de ${name} (${kind.name}), sin nada suyo en marcha.`,
        'Si es un resto, no estorba. Si esa malla va a volver, usa otro clúster.',
      ),
    ];
  });
}
