// The two services of a machine that make it a node, and what keeps them from running.
import { type HostMachine, textOf } from './host-machine.ts';
import { loadModule, type MachineState } from './machine-state.ts';

export type ServiceName = 'containerd' | 'kubelet';

export const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
export const KUBELET_KUBECONFIG = '/etc/kubernetes/kubelet.conf';
const CONTAINERD_CONFIG = '/etc/containerd/config.toml';

export function isInstalled({ packages }: MachineState, name: ServiceName): boolean {
  return packages[name === 'containerd' ? 'containerd.io' : 'kubelet'] !== undefined;
}

/** containerd reads its configuration when it starts, and only then. */
export function startContainerd(host: HostMachine): void {
  const config = textOf(host, CONTAINERD_CONFIG) ?? '';
  const { containerd } = host.state;
  containerd.active = true;
  containerd.cri = !/^\s*disabled_plugins\s*=\s*\[[^\]]*"cri"/m.test(config);
  containerd.systemdCgroup = /^\s*SystemdCgroup\s*=\s*true/m.test(config);
  // Its overlay snapshotter loads the module that it needs.
  loadModule(host.state, 'overlay');
}

/** Why the kubelet ends as soon as it starts; undefined: it runs, if it was told to. */
export function kubeletTrouble(host: HostMachine): string | undefined {
  const { state } = host;
  const config = textOf(host, KUBELET_CONFIG);
  if (config === undefined)
    return `"command failed" err="failed to load kubelet config file, path: ${KUBELET_CONFIG}, error: failed to load Kubelet config file ${KUBELET_CONFIG}, error failed to read kubelet config file \\"${KUBELET_CONFIG}\\", error: open ${KUBELET_CONFIG}: no such file or directory"`;
  if (state.swap && !/^failSwapOn:\s*false/m.test(config))
    return '"command failed" err="failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false"';
  if (!state.containerd.active)
    return `"command failed" err="failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \\"${CRI_SOCKET}\\": rpc error: code = Unavailable desc = ${dialFailure}"`;
  if (!state.containerd.cri)
    return `"command failed" err="failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \\"${CRI_SOCKET}\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService"`;
  return undefined;
}

/** systemd tries again and again; a kubelet that runs goes on although what it needed to start has changed. */
export function settleKubelet(host: HostMachine): void {
  const { kubelet } = host.state;
  kubelet.running = kubelet.active && (kubelet.running || kubeletTrouble(host) === undefined);
}

export const CRI_SOCKET = 'unix:///var/run/containerd/containerd.sock';

const dialFailure =
  'connection error: desc = \\"transport: Error while dialing: dial unix /var/run/containerd/containerd.sock: connect: no such file or directory\\"';

/** What a client of the runtime is told when it cannot speak with it; undefined when it can. */
export function runtimeTrouble({ state }: HostMachine): string | undefined {
  const asked = `failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "${CRI_SOCKET}": rpc error:`;
  if (!state.containerd.active) return `${asked} code = Unavailable desc = ${dialFailure.replaceAll('\\"', '"')}`;
  if (!state.containerd.cri) return `${asked} code = Unimplemented desc = unknown service runtime.v1.RuntimeService`;
  return undefined;
}
