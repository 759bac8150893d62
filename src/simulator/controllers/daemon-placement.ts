import type { Node, Pod, PodSpec, PodTemplate, Toleration } from './kinds.ts';
import { hasLabels } from './selectors.ts';
import { tolerates } from './taints.ts';

/**
 * Whether a DaemonSet's pods belong on the node: selectors and taints; a cordon does not keep daemons away. A pod that is
 * there already stays, unless a taint drives it out.
 */
export function canRunOn(template: PodTemplate | undefined, node: Node, isThere = false): boolean {
  const { nodeSelector, tolerations = [], hostNetwork } = template?.spec ?? {};
  const all = [...tolerations, ...daemonTolerations(hostNetwork === true)];
  const taints = (node.spec?.taints ?? []).filter(({ effect }) =>
    isThere ? effect === 'NoExecute' : effect !== 'PreferNoSchedule',
  );
  return hasLabels(node.metadata.labels, nodeSelector) && taints.every((taint) => tolerates(all, taint));
}

/** Conditions of a node that a daemon puts up with, and other pods do not. */
function daemonTolerations(hostNetwork: boolean): Toleration[] {
  const tolerate = (effect: string) => (name: string) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect,
  });
  return [
    ...['not-ready', 'unreachable'].map(tolerate('NoExecute')),
    ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map(tolerate('NoSchedule')),
    ...(hostNetwork ? ['network-unavailable'].map(tolerate('NoSchedule')) : []),
  ];
}

/** The node that a daemon's pod is on, or is meant for. */
export function nodeOf(pod: Pod): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.find((f) => f.key === 'metadata.name')?.values?.[0] ?? '';
}

export function pinnedTo(node: string, spec: PodSpec): PodSpec {
  const field = { key: 'metadata.name', operator: 'In', values: [node] };
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [field] }] },
  };
  return {
    ...spec,
    affinity: { ...spec.affinity, nodeAffinity },
    tolerations: [...(spec.tolerations ?? []), ...daemonTolerations(spec.hostNetwork === true)],
  };
}
