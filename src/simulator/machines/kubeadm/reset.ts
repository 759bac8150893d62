// kubeadm reset: the machine as it was before init or join, as far as kubeadm undoes it.
import type { ProgramStreams } from '../../exec/program.ts';
import { takeLine } from '../../exec/shell/builtins.ts';
import { type HostMachine, removeIfThere, textOf } from '../host-machine.ts';
import { settleKubelet } from '../services.ts';
import { readFlags } from './flags.ts';
import type { Output } from './output.ts';
import { KubeadmError, type KubeadmWorld } from './world.ts';

const FOLDERS = ['/etc/kubernetes/manifests', '/var/lib/kubelet', '/etc/kubernetes/pki'];
const FILES = ['admin', 'super-admin', 'kubelet', 'bootstrap-kubelet', 'controller-manager', 'scheduler'].map(
  (name) => `/etc/kubernetes/${name}.conf`,
);

export async function reset(
  host: HostMachine,
  argv: readonly string[],
  world: KubeadmWorld,
  out: Output,
  streams: ProgramStreams,
): Promise<void> {
  const flags = readFlags(argv, ['force', 'cri-socket=', 'ignore-preflight-errors=', 'cleanup-tmp-dir', 'v=']);
  if (!flags.has('force')) await confirm(streams, out);
  out.say('[preflight] Running pre-flight checks');
  const controlPlane = textOf(host, '/etc/kubernetes/manifests/etcd.yaml') !== undefined;
  if (controlPlane) {
    removeIfThere(host, '/var/lib/etcd');
    out.say('[reset] Deleted contents of the etcd data directory: /var/lib/etcd');
  } else {
    out.say('[reset] No etcd config found. Assuming external etcd');
    out.say('[reset] Please, manually reset etcd to prevent further issues');
  }
  out.say('[reset] Stopping the kubelet service');
  host.state.kubelet.active = false;
  settleKubelet(host);
  out.say('[reset] Unmounting mounted directories in "/var/lib/kubelet"');
  out.say(`[reset] Deleting contents of directories: [${FOLDERS.join(' ')}]`);
  for (const path of FOLDERS) removeIfThere(host, path);
  out.say(`[reset] Deleting files: [${FILES.join(' ')}]`);
  for (const path of FILES) removeIfThere(host, path);
  removeIfThere(host, '/run/flannel/subnet.env');
  await world.leave(host);
  out.say(
    '\nThe reset process does not perform cleanup of CNI plugin configuration,\nnetwork filtering rules and kubeconfig files.\n\n' +
      'For information on how to perform this cleanup manually, please see:\n    https://k8s.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/\n',
  );
}

async function confirm(streams: ProgramStreams, out: Output): Promise<void> {
  out.log(
    'preflight.go:55',
    "[reset] WARNING: Changes made to this host by 'kubeadm init' or 'kubeadm join' will be reverted.",
  );
  streams.stdout('[reset] Are you sure you want to proceed? [y/N]: ');
  const answer = (await takeLine(streams.stdin)) ?? '';
  if (!/^(y|yes)$/i.test(answer.trim()))
    throw new KubeadmError(
      "error execution phase preflight: won't proceed; the user didn't answer (Y|y) in order to continue",
    );
}
