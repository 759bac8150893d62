// Signs that a cluster is in use for more than practising. Any of them asks for a typed confirmation.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Meshes } from './meshes.ts';
import type { NodeLine } from './nodes.ts';

export interface ProductionObjects {
  nodes: readonly NodeLine[];
  namespaces: readonly KubeObject[];
  ingressClasses: readonly KubeObject[];
  meshes: Meshes;
}

const many = { nodes: 8, namespaces: 15 };
/** Machines of one's own, and kind's. */
const homely = new Set(['', 'kind', 'k3s', 'minikube']);
const system = /^(kube-|default$|istio-|local-path-storage$|cert-manager$|metallb-system$|kubernetes-dashboard$)/;

/** Sentences in Spanish without a final period; none for a cluster to practise on. */
export function productionSigns({ nodes, namespaces, ingressClasses, meshes }: ProductionObjects): string[] {
  const providers = [...new Set(nodes.map((n) => n.provider).filter((p) => !homely.has(p)))];
  const own = namespaces.filter((n) => !system.test(n.metadata.name));
  const foreign = meshes.istio.filter((istio) => !istio.ours);
  return [
    ...(providers.length > 0 ? [`sus nodos son de una nube (${providers.join(', ')})`] : []),
    ...(nodes.length >= many.nodes ? [`tiene ${nodes.length} nodos`] : []),
    ...(own.length >= many.namespaces ? [`tiene ${own.length} espacios de nombres además de los del sistema`] : []),
    ...foreign.map(
      ({ version, namespace }) => `ya tiene un Istio (${version}, en ${namespace}) que no ha instalado Malla`,
    ),
    ...(ingressClasses.length > 0
      ? [`tiene controladores de entrada (${ingressClasses.map((c) => c.metadata.name).join(', ')})`]
      : []),
  ];
}
