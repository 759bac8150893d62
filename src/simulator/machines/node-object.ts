// The Node that a machine's kubelet registers, and how it stands.
import type { Condition, Node } from '../controllers/kinds.ts';
import { type ClusterMachine, clusterNode } from '../nodes/bootstrap-nodes.ts';

/** Without a pod network: that is what it comes as. */
export function newNode(machine: ClusterMachine, podCIDR: string | undefined, now: string): Node {
  const node = clusterNode({ ...machine, podCIDR: podCIDR ?? '' }, now);
  const taints = [...(node.spec?.taints ?? []), { key: NOT_READY, effect: 'NoSchedule' }];
  return {
    ...node,
    metadata: { ...node.metadata, annotations: withoutFlannel(node.metadata.annotations) },
    spec: { ...(podCIDR && { podCIDR, podCIDRs: [podCIDR] }), taints },
    status: { ...node.status, conditions: conditionsOf({ state: 'no network', flannel: false }, now) },
  };
}

const NOT_READY = 'node.kubernetes.io/not-ready';

export interface NodeHealth {
  state: 'ready' | 'no network' | 'no runtime' | 'silent';
  /** flanneld runs on it. */
  flannel: boolean;
}

/** As the kubelet says it, or, of one that is silent, the node controller. */
export function conditionsOf({ state, flannel }: NodeHealth, now: string): Condition[] {
  const make = (type: string, status: Condition['status'], reason: string, message: string): Condition =>
    ({ type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now }) as Condition;
  const network = flannel
    ? [make('NetworkUnavailable', 'False', 'FlannelIsUp', 'Flannel is running on this node')]
    : [];
  if (state === 'silent')
    return [
      ...network,
      ...['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) =>
        make(type, 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.'),
      ),
    ];
  return [
    ...network,
    make('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    make('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    make('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    state === 'ready'
      ? make('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
      : make('Ready', 'False', 'KubeletNotReady', state === 'no runtime' ? 'container runtime is down' : NO_NETWORK),
  ];
}

export const NO_NETWORK =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

export function withoutFlannel(annotations: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !name.startsWith('flannel.')));
}

/** The n-th /24 of the pods' range that no node has yet; undefined when nobody said which range. */
export function freePodRange(nodes: readonly Node[], podSubnet: string | undefined): string | undefined {
  if (!podSubnet) return undefined;
  const [base = '', bits = '16'] = podSubnet.split('/');
  const taken = new Set(nodes.map((node) => node.spec?.podCIDR));
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  for (let i = 0; i < 2 ** (24 - Number(bits)); i += 1) {
    const number = Math.floor(start / 256) + i;
    const range = `${[16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')}.0/24`;
    if (!taken.has(range)) return range;
  }
  return undefined;
}
