import type { Node, Pod, PodSpec, PodTemplate, Toleration } from './kinds.ts';
import { hasLabels } from './selectors.ts';
import { tolerates } from './taints.ts';

/** Whether a DaemonSet's pods belong on the node: selectors and taints; a cordon does not keep daemons away. */
export function canRunOn(template: PodTemplate | undefined, node: Node): boolean {
  const { nodeSelector, tolerations = [] } = template?.spec ?? {};
  const taints = (node.spec?.taints ?? []).filter((t) => t.effect !== 'PreferNoSchedule');
  const isCordon = (key: string) => key === 'node.kubernetes.io/unschedulable';
  return (
    hasLabels(node.metadata.labels, nodeSelector) &&
    taints.every((taint) => isCordon(taint.key) || tolerates(tolerations, taint))
  );
}

/** The node that a daemon's pod is on, or is meant for. */
export function nodeOf(pod: Pod): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.find((f) => f.key === 'metadata.name')?.values?.[0] ?? '';
}

export function pinnedTo(node: string, spec: PodSpec, tolerations: Toleration[]): PodSpec {
  const field = { key: 'metadata.name', operator: 'In', values: [node] };
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [field] }] },
  };
  return {
    ...spec,
    affinity: { ...spec.affinity, nodeAffinity },
    tolerations: [...(spec.tolerations ?? []), ...tolerations],
  };
}
