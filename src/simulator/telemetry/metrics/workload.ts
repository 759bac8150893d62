// What a proxy knows of a pod's workload: what the injector has written and who owns the pod.
import type { KubeObject } from '../../../mesh/objects.ts';

export interface Workload {
  workload: string;
  namespace: string;
  app: string;
  version: string;
  /** Canonical service and revision. */
  service: string;
  revision: string;
}

const known = new WeakMap<KubeObject, Workload>();

/** Empty strings for what is missing. */
export function workloadOf(pod: KubeObject): Workload {
  let workload = known.get(pod);
  if (!workload) {
    workload = describe(pod);
    known.set(pod, workload);
  }
  return workload;
}

function describe(pod: KubeObject): Workload {
  const { namespace = 'default', labels = {} } = pod.metadata;
  const workload = workloadName(pod);
  const { app = '', version = '' } = labels;
  return {
    workload,
    namespace,
    app,
    version,
    service: labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? (app || workload),
    revision:
      labels['service.istio.io/canonical-revision'] ?? labels['app.kubernetes.io/version'] ?? (version || 'latest'),
  };
}

/** A ReplicaSet of a Deployment has its name and the template's hash. */
function workloadName(pod: KubeObject): string {
  const { ownerReferences = [], name, labels = {} } = pod.metadata;
  const owner = ownerReferences.find((o) => o.controller) ?? ownerReferences[0];
  if (!owner) return name;
  const hash = labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`))
    return owner.name.slice(0, -hash.length - 1);
  return owner.name;
}
