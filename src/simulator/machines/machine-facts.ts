// What whoever has access to a machine can see of it, for those who check a student's work.
import { type HostMachine, textOf } from './host-machine.ts';
import { swapInFstab } from './programs/memory.ts';
import { programIsInstalled } from './programs/packages.ts';
import { isInstalled, KUBELET_KUBECONFIG } from './services.ts';

/** Sent as JSON; src/cluster/machines.ts reads it. */
export interface MachineFacts {
  name: string;
  swap: boolean;
  /** The next boot turns it on again. */
  swapAtBoot: boolean;
  ipForward: boolean;
  /** `without CRI`: it runs with that part turned off. */
  runtime: 'missing' | 'stopped' | 'without CRI' | 'running';
  systemdCgroup: boolean;
  kubeadm: boolean;
  kubelet: 'missing' | 'stopped' | 'failing' | 'running';
  /** kubeadm init or join was done on it. */
  joined: boolean;
}

export function factsOf(host: HostMachine): MachineFacts {
  const { state } = host;
  return {
    name: state.name,
    swap: state.swap,
    swapAtBoot: swapInFstab(host),
    ipForward: state.sysctl['net.ipv4.ip_forward'] === '1',
    runtime: runtimeOf(host),
    systemdCgroup: state.containerd.systemdCgroup,
    kubeadm: programIsInstalled(state, 'kubeadm'),
    kubelet: kubeletOf(host),
    joined: textOf(host, KUBELET_KUBECONFIG) !== undefined,
  };
}

function runtimeOf({ state }: HostMachine): MachineFacts['runtime'] {
  if (!isInstalled(state, 'containerd')) return 'missing';
  if (!state.containerd.active) return 'stopped';
  return state.containerd.cri ? 'running' : 'without CRI';
}

function kubeletOf({ state }: HostMachine): MachineFacts['kubelet'] {
  if (!isInstalled(state, 'kubelet')) return 'missing';
  if (!state.kubelet.active) return 'stopped';
  return state.kubelet.running ? 'running' : 'failing';
}
