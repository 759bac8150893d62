// The workloads of a cluster, from its pods: what metrics call source_workload and destination_workload.
import type { KubeObject } from '../../mesh/objects.ts';
import { proxyOf } from '../explain/parties.ts';
import type { GraphNode } from './mesh-graph.ts';

/** The namespace that what is outside the mesh is drawn in. */
export const OUTSIDE = 'fuera';

const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);
/** Programs of istio-system that watch the mesh and are no part of it. */
const WATCHERS = new Set(['istiod', 'prometheus', 'grafana', 'kiali', 'jaeger', 'loki']);

export function workloadNodes(objects: readonly KubeObject[], namespace: string | undefined): Map<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  for (const pod of objects) {
    if (pod.kind !== 'Pod' || pod.metadata.deletionTimestamp !== undefined) continue;
    const node = nodeOfPod(pod);
    if (!node || (namespace !== undefined && node.namespace !== namespace && node.kind !== 'pasarela')) continue;
    const known = nodes.get(node.id) ?? node;
    nodes.set(node.id, known);
    known.pods += 1;
    if (isReady(pod)) known.ready += 1;
    if (proxyOf(pod)) known.meshed += 1;
  }
  return nodes;
}

/** Its figures are still zero. Undefined: no part of the mesh. */
export function nodeOfPod(pod: KubeObject): GraphNode | undefined {
  const { namespace = 'default', labels = {} } = pod.metadata;
  const workload = workloadOf(pod);
  const app = labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels.app ?? workload;
  if (SYSTEM.has(namespace) || (namespace === 'istio-system' && WATCHERS.has(app))) return undefined;
  const version =
    labels['service.istio.io/canonical-revision'] ?? labels['app.kubernetes.io/version'] ?? labels.version;
  const kind = proxyOf(pod)?.kind === 'gateway' ? 'pasarela' : 'programa';
  return node({ namespace, workload, app, version: version ?? 'latest', kind });
}

/** The Deployment behind a ReplicaSet: its name without the hash of the pod's template. */
function workloadOf({ metadata }: KubeObject): string {
  const owner = metadata.ownerReferences?.find((o) => o.controller);
  const hash = metadata.labels?.['pod-template-hash'];
  if (!owner) return metadata.name;
  return hash && owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : owner.name;
}

/** What is no Service of the cluster has no namespace that is one. */
export function serviceNode(namespace: string, name: string): GraphNode {
  const kind = NOWHERE.has(namespace) ? 'fuera' : 'servicio';
  return node({ namespace, workload: `servicio ${name}`, app: name, version: '', kind });
}

const NOWHERE = new Set(['unknown', OUTSIDE, '?']);

export function node(fields: Pick<GraphNode, 'namespace' | 'workload' | 'app' | 'version' | 'kind'>): GraphNode {
  const { namespace, workload } = fields;
  return { id: `${namespace}/${workload}`, ...fields, pods: 0, ready: 0, meshed: 0, rate: 0, errors: 0 };
}

function isReady({ status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}
