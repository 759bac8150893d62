// What goes on between the machines and the API: kubelets say how they are, and Flannel's pods leave their files behind.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { equal } from '../controllers/equal.ts';
import type { Condition, Node, Pod } from '../controllers/kinds.ts';
import { fullImageName } from '../nodes/images.ts';
import type { NetworkProblem } from '../nodes/pod-worker.ts';
import { type HostMachine, textOf, writeText } from './host-machine.ts';
import { conditionsOf, NO_NETWORK, type NodeHealth } from './node-object.ts';
import { KUBELET_KUBECONFIG } from './services.ts';

const CNI_FOLDER = '/etc/cni/net.d';
const SUBNET_FILE = '/run/flannel/subnet.env';
const FLANNEL = 'ghcr.io/flannel-io/flannel:';

export interface NodeLoop {
  /** Looks at the machines now. */
  settle(): void;
  stop(): void;
}

export function startNodeLoop(registry: Registry, hosts: readonly HostMachine[], clock: Clock): NodeLoop {
  let cancel: (() => void) | undefined;
  let stopped = false;
  /** Init containers of Flannel that have left their file, so that a file that was removed later stays removed. */
  const installed = new Set<string>();
  const soon = (): void => {
    if (stopped) return;
    cancel ??= clock.after(0, () => {
      cancel = undefined;
      settle();
    });
  };
  const stops = [registry.watch('pods', soon), registry.watch('nodes', soon)];

  function settle(): void {
    if (stopped) return;
    const pods = registry.list('pods') as Pod[];
    for (const host of hosts) {
      const node = registry.get('nodes', undefined, host.state.name) as Node | undefined;
      if (!node) continue;
      const own = pods.filter((pod) => pod.spec?.nodeName === host.state.name && isFlannel(pod));
      for (const pod of own) leaveFiles(host, node, pod);
      say(node, healthOf(host, own.some(flanneldRuns)));
    }
  }

  function leaveFiles(host: HostMachine, node: Node, pod: Pod): void {
    const { uid = '', namespace } = pod.metadata;
    if (!installed.has(uid) && hasInstalled(pod)) {
      installed.add(uid);
      const config = registry.get('configmaps', namespace, 'kube-flannel-cfg')?.data as
        | Record<string, string>
        | undefined;
      if (config?.['cni-conf.json']) writeText(host, `${CNI_FOLDER}/10-flannel.conflist`, config['cni-conf.json']);
    }
    if (flanneldRuns(pod) && textOf(host, SUBNET_FILE) === undefined) {
      const gateway = (node.spec?.podCIDR ?? '').replace(/\.0\/(\d+)$/, '.1/$1');
      writeText(
        host,
        SUBNET_FILE,
        `FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=${gateway}\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n`,
      );
    }
  }

  /** Writes only what differs, and keeps the times of what does not. */
  function say(node: Node, health: NodeHealth): void {
    const { name } = node.metadata;
    const known = (node.status?.conditions ?? []) as Condition[];
    const now = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const wanted = conditionsOf(health, now).map((c) => {
      const before = known.find((k) => k.type === c.type);
      return before?.status === c.status && before.reason === c.reason && before.message === c.message ? before : c;
    });
    if (!equal(wanted, known)) {
      const write = (copy: KubeObject) => {
        copy.status = { ...(copy as Node).status, conditions: wanted };
      };
      registry.edit('nodes', undefined, name, write, { subresource: 'status', fieldManager: 'kubelet' });
    }
  }

  settle();
  return {
    settle,
    stop() {
      stopped = true;
      cancel?.();
      for (const stop of stops) stop();
    },
  };
}

function healthOf(host: HostMachine, flannel: boolean): NodeHealth {
  const { kubelet, containerd } = host.state;
  if (!kubelet.running || textOf(host, KUBELET_KUBECONFIG) === undefined) return { state: 'silent', flannel };
  if (!containerd.active) return { state: 'no runtime', flannel };
  return { state: hasNetworkConfig(host) ? 'ready' : 'no network', flannel };
}

function hasNetworkConfig({ files }: HostMachine): boolean {
  return files.kind(CNI_FOLDER) === 'folder' && files.list(CNI_FOLDER).some((name) => /\.conf(list)?$/.test(name));
}

/** Why a pod cannot get an address on this machine. */
export function networkProblemOf(host: HostMachine): NetworkProblem | undefined {
  if (!hasNetworkConfig(host)) return { reason: 'NetworkNotReady', message: `network is not ready: ${NO_NETWORK}` };
  if (textOf(host, SUBNET_FILE) !== undefined) return undefined;
  return {
    reason: 'FailedCreatePodSandBox',
    message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="flannel" failed (add): failed to load flannel 'subnet.env' file: open ${SUBNET_FILE}: no such file or directory. Check the flannel pod log for this node.`,
  };
}

function isFlannel(pod: Pod): boolean {
  return (pod.spec?.containers ?? []).some((c) => fullImageName(c.image).startsWith(FLANNEL));
}

function hasInstalled(pod: Pod): boolean {
  return (pod.status?.initContainerStatuses ?? []).some(
    (c) => c.name === 'install-cni' && c.state.terminated?.exitCode === 0,
  );
}

function flanneldRuns(pod: Pod): boolean {
  return (pod.status?.containerStatuses ?? []).some((c) => c.name === 'kube-flannel' && c.ready && c.state.running);
}
