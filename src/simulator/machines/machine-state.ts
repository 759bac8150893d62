// What a machine is at a moment, as it is kept on disk: its files, its packages and what runs in its kernel.
import type { ClusterMachine } from '../nodes/bootstrap-nodes.ts';
import { debianFiles, debianFolders } from './debian.ts';

export interface MachineState {
  name: string;
  address: string;
  files: [path: string, content: string][];
  folders: string[];
  /** Version by name. */
  packages: Record<string, string>;
  /** `apt-mark hold`. */
  held: string[];
  /** Whether `apt-get update` was done: before it apt knows no package. */
  updated: boolean;
  swap: boolean;
  modules: string[];
  sysctl: Record<string, string>;
  /** What containerd read of its configuration when it last started. */
  containerd: { enabled: boolean; active: boolean; cri: boolean; systemdCgroup: boolean };
  /** `active`: systemd was told to run it; `running`: and it does not end at once. */
  kubelet: { enabled: boolean; active: boolean; running: boolean };
  /** Seconds since the epoch. */
  bootedAt: number;
}

/** A Debian as its installer leaves it: with swap, without a container runtime. */
export function newMachine({ name, address }: ClusterMachine, now: number): MachineState {
  return {
    name,
    address,
    files: debianFiles(name),
    folders: debianFolders,
    packages: {},
    held: [],
    updated: false,
    swap: true,
    modules: [],
    sysctl: { 'net.ipv4.ip_forward': '0' },
    containerd: { enabled: false, active: false, cri: false, systemdCgroup: false },
    kubelet: { enabled: false, active: false, running: false },
    bootedAt: Math.floor(now / 1000),
  };
}

const BRIDGE = ['net.bridge.bridge-nf-call-ip6tables', 'net.bridge.bridge-nf-call-iptables'];

/** Keys of the bridge exist only while its module is loaded, and begin at 1. */
export function loadModule(state: MachineState, module: string): void {
  if (!state.modules.includes(module)) state.modules.push(module);
  if (module === 'br_netfilter') for (const key of BRIDGE) state.sysctl[key] ??= '1';
}

export function unloadModule(state: MachineState, module: string): void {
  state.modules = state.modules.filter((m) => m !== module);
  if (module === 'br_netfilter') for (const key of BRIDGE) delete state.sysctl[key];
}
