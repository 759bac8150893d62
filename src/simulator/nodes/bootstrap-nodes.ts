import { createHash } from 'node:crypto';
import type { Condition, Node } from '../controllers/kinds.ts';

export interface ClusterMachine {
  name: string;
  address: string;
  podCIDR: string;
  controlPlane: boolean;
}

export const controlPlane: ClusterMachine = {
  name: 'nieve',
  address: '192.168.56.10',
  podCIDR: '10.244.0.0/24',
  controlPlane: true,
};

export const MACHINES: readonly ClusterMachine[] = [
  controlPlane,
  { name: 'arya', address: '192.168.56.11', podCIDR: '10.244.1.0/24', controlPlane: false },
  { name: 'sansa', address: '192.168.56.12', podCIDR: '10.244.2.0/24', controlPlane: false },
];

export const KUBERNETES = 'v1.34.4';

export function clusterNodes(now: string): Node[] {
  return MACHINES.map((machine) => clusterNode(machine, now));
}

export function clusterNode(machine: ClusterMachine, now: string): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: machine.name, labels: labelsOf(machine), annotations: annotationsOf(machine) },
    spec: {
      podCIDR: machine.podCIDR,
      podCIDRs: [machine.podCIDR],
      ...(machine.controlPlane && {
        taints: [{ effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' }],
      }),
    },
    status: statusOf(machine, now),
  };
}

function labelsOf({ name, controlPlane }: ClusterMachine): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...(controlPlane && {
      'node-role.kubernetes.io/control-plane': '',
      'node.kubernetes.io/exclude-from-external-load-balancers': '',
    }),
  };
}

function annotationsOf({ address }: ClusterMachine): Record<string, string> {
  return {
    'flannel.alpha.coreos.com/backend-type': 'vxlan',
    'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
    'flannel.alpha.coreos.com/public-ip': address,
    'node.alpha.kubernetes.io/ttl': '0',
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
  };
}

function statusOf({ name, address }: ClusterMachine, now: string): Node['status'] {
  const capacity = {
    cpu: '4',
    'ephemeral-storage': '51287520Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: '8131388Ki',
    pods: '110',
  };
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    capacity,
    // The kubelet keeps 100Mi of memory and a tenth of the disk to itself.
    allocatable: { ...capacity, 'ephemeral-storage': '47266578354', memory: '8028988Ki' },
    conditions: conditions(now),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: nodeInfo(name),
  };
}

function conditions(now: string): Condition[] {
  const make = (
    type: string,
    status: Condition['status'],
    reason: string,
    message: string,
  ): Condition & {
    lastHeartbeatTime: string;
  } => ({ type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now });
  return [
    make('NetworkUnavailable', 'False', 'FlannelIsUp', 'Flannel is running on this node'),
    make('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    make('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    make('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    make('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
}

function nodeInfo(name: string): Record<string, string> {
  const id = createHash('md5').update(name).digest('hex');
  const uuid = id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  return {
    architecture: 'amd64',
    bootID: uuid,
    containerRuntimeVersion: 'containerd://1.7.24',
    kernelVersion: '6.1.0-41-amd64',
    kubeProxyVersion: '',
    kubeletVersion: KUBERNETES,
    machineID: id,
    operatingSystem: 'linux',
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    systemUUID: uuid,
  };
}
