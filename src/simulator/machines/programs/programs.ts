// The programs of a machine, by name: those of Debian that act on it, and those of its packages.

import type { Pod } from '../../controllers/kinds.ts';
import type { Program } from '../../exec/program.ts';
import { curl } from '../../exec/programs/curl.ts';
import type { HostMachine } from '../host-machine.ts';
import { kubeadm } from '../kubeadm/kubeadm.ts';
import type { KubeadmWorld } from '../kubeadm/world.ts';
import { hostname, hostnamectl, ignored, noEditor, reboot, sudo, uptime } from './administration.ts';
import { lsmod, modprobe, sysctl } from './kernel.ts';
import { kubectl } from './kubectl.ts';
import { free, swapoff, swapon } from './memory.ts';
import { ip, ping } from './network.ts';
import { aptGet, aptMark, dpkg, programIsInstalled } from './packages.ts';
import { containerd, crictl } from './runtime.ts';
import { sed } from './sed.ts';
import { journalctl, systemctl } from './systemctl.ts';

export interface Surroundings {
  world: KubeadmWorld;
  kubeconfig(): string;
  podsHere(): readonly Pod[];
  podCIDR(): string | undefined;
  rebooted(): void;
}

type Make = (host: HostMachine, around: Surroundings) => Program;

const OF_DEBIAN: Record<string, Make> = {
  apt: (host) => aptGet(host),
  'apt-get': (host) => aptGet(host),
  'apt-mark': (host) => aptMark(host),
  chmod: () => ignored,
  chown: () => ignored,
  curl: () => curl,
  dpkg: (host) => dpkg(host),
  free: (host) => free(host),
  hostname: (host) => hostname(host),
  hostnamectl: (host) => hostnamectl(host),
  ip: (host, { podCIDR }) => ip(host, podCIDR),
  journalctl: (host) => journalctl(host),
  lsmod: (host) => lsmod(host),
  modprobe: (host) => modprobe(host),
  nano: () => noEditor('nano'),
  ping: (host) => ping(host),
  reboot: (host, { rebooted }) => reboot(host, rebooted),
  sed: (host) => sed(host),
  sudo: () => sudo,
  swapoff: (host) => swapoff(host),
  swapon: (host) => swapon(host),
  sysctl: (host) => sysctl(host),
  systemctl: (host) => systemctl(host),
  uptime: (host) => uptime(host),
  vi: () => noEditor('vi'),
  vim: () => noEditor('vim'),
};

const OF_PACKAGES: Record<string, Make> = {
  containerd: () => containerd,
  crictl: (host, { podsHere }) => crictl(host, podsHere),
  kubeadm: (host, { world }) => kubeadm(host, world),
  kubectl: (host, { kubeconfig }) => kubectl(host, kubeconfig),
  kubelet: () => kubelet,
};

/** Undefined: not one of these, or not installed. */
export function machineProgram(host: HostMachine, name: string, around: Surroundings): Program | undefined {
  if (Object.hasOwn(OF_DEBIAN, name)) return OF_DEBIAN[name]?.(host, around);
  if (Object.hasOwn(OF_PACKAGES, name) && programIsInstalled(host.state, name))
    return OF_PACKAGES[name]?.(host, around);
  return undefined;
}

const kubelet: Program = async (argv, { stdout, stderr }) => {
  if (argv[0] === '--version') stdout('Kubernetes v1.34.4\n');
  else stderr('kubelet: it runs as a service here: systemctl status kubelet\n');
  return argv[0] === '--version' ? 0 : 1;
};
