// Nodes of a cluster, and the machines that are to be nodes, in the terms of a check.
import { RE2JS } from 're2js';
import type { MachineFacts } from '../cluster/machines/machines.ts';
import type { NodesPattern } from '../labs/check-kinds/nodos.ts';
import type { KubeObject } from '../mesh/objects.ts';

export interface NodeCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export type ClusterNode = KubeObject<
  { podCIDR?: string; taints?: { key: string; value?: string; effect: string }[] },
  { conditions?: NodeCondition[]; nodeInfo?: { kubeletVersion?: string; containerRuntimeVersion?: string } }
>;

const ROLE = 'node-role.kubernetes.io/';

export function readyCondition(node: ClusterNode): NodeCondition | undefined {
  return node.status?.conditions?.find((c) => c.type === 'Ready');
}

export function isReadyNode(node: ClusterNode): boolean {
  return readyCondition(node)?.status === 'True';
}

export function hasRole({ metadata: { labels = {} } }: ClusterNode, role: string): boolean {
  return `${ROLE}${role}` in labels;
}

export interface NodesSeen {
  /** Names of nodes and, when they count, of machines that are prepared. */
  counted: string[];
  nodes: readonly ClusterNode[];
}

export function countNodes(
  nodes: readonly ClusterNode[],
  machines: readonly MachineFacts[],
  { ready, prepared }: NodesPattern,
): NodesSeen {
  const good = nodes.filter((node) => !ready || isReadyNode(node)).map((node) => node.metadata.name);
  const waiting = prepared ? machines.filter((m) => machineTrouble(m) === undefined).map((m) => m.name) : [];
  return { counted: [...new Set([...good, ...waiting])], nodes };
}

/** What keeps a machine from being a node that works, the first thing that kubeadm or the kubelet stumbles over. */
export type MachineTrouble = 'runtime' | 'swap' | 'programs' | 'forwarding' | 'cgroups';

export function machineTrouble(machine: MachineFacts): MachineTrouble | undefined {
  if (machine.swap || machine.swapAtBoot) return 'swap';
  if (!machine.ipForward) return 'forwarding';
  if (machine.runtime !== 'running') return 'runtime';
  if (!machine.systemdCgroup) return 'cgroups';
  if (!machine.kubeadm || machine.kubelet === 'missing') return 'programs';
  return undefined;
}

export function nodesAreRight(seen: NodesSeen, pattern: NodesPattern): boolean {
  const { counted, nodes } = seen;
  return (
    counted.length >= pattern.atLeast &&
    pattern.names.every((name) => counted.includes(name)) &&
    // A node that nobody asked for and that does not work is a node that does not work.
    (!pattern.ready || pattern.prepared || nodes.every(isReadyNode)) &&
    Object.entries(pattern.roles).every(([role, count]) => nodes.filter((n) => hasRole(n, role)).length >= count) &&
    differingNode(nodes, pattern) === undefined
  );
}

/** The first whose version or runtime is another. */
export function differingNode(
  nodes: readonly ClusterNode[],
  { version, runtime }: NodesPattern,
): { node: ClusterNode; path: string; found: string; wanted: string } | undefined {
  for (const node of nodes) {
    const { kubeletVersion = '', containerRuntimeVersion = '' } = node.status?.nodeInfo ?? {};
    if (version !== undefined && !RE2JS.compile(version).matcher(kubeletVersion).find())
      return { node, path: 'status.nodeInfo.kubeletVersion', found: kubeletVersion, wanted: version };
    if (runtime !== undefined && !RE2JS.compile(runtime).matcher(containerRuntimeVersion).find())
      return { node, path: 'status.nodeInfo.containerRuntimeVersion', found: containerRuntimeVersion, wanted: runtime };
  }
  return undefined;
}
