// kubeadm gives the kubelet its configuration and waits for it to be well.
import { stringify } from 'yaml';
import { kubeletConfiguration } from '../../nodes/bootstrap-config.ts';
import { type HostMachine, writeText } from '../host-machine.ts';
import { KUBELET_CONFIG, settleKubelet } from '../services.ts';
import type { Output } from './output.ts';
import { KubeadmError } from './world.ts';

const HEALTHZ = 'http://127.0.0.1:10248/healthz';
/** What stands for the four minutes that kubeadm gives the kubelet. */
const PATIENCE = 2_000;

export function writeKubeletConfig(host: HostMachine, out: Output): void {
  out.say('[kubelet-start] Writing kubelet environment file with flags to file "/var/lib/kubelet/kubeadm-flags.env"');
  writeText(host, '/var/lib/kubelet/kubeadm-flags.env', 'KUBELET_KUBEADM_ARGS=""\n');
  out.say(`[kubelet-start] Writing kubelet configuration to file "${KUBELET_CONFIG}"`);
  writeText(host, KUBELET_CONFIG, stringify(kubeletConfiguration()));
}

export function startKubelet(host: HostMachine, out: Output): void {
  out.say('[kubelet-start] Starting the kubelet');
  host.state.kubelet.active = true;
  settleKubelet(host);
  host.changed();
}

/** Throws KubeadmError when it never is well. */
export async function waitForKubelet(host: HostMachine, phase: string, patience: boolean, out: Output): Promise<void> {
  out.say(`[kubelet-check] Waiting for a healthy kubelet at ${HEALTHZ}. This can take up to 4m0s`);
  await out.pause(patience ? (host.state.kubelet.running ? 200 : PATIENCE) : 0);
  if (host.state.kubelet.running) {
    out.say('[kubelet-check] The kubelet is healthy after 501.203518ms');
    return;
  }
  out.say('[kubelet-check] The kubelet is not healthy after 4m0.000412843s\n');
  out.say(
    'Unfortunately, an error has occurred, likely caused by:\n\t- The kubelet is not running\n' +
      '\t- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)\n\n' +
      'If you are on a systemd-powered system, you can try to troubleshoot the error with the following commands:\n' +
      "\t- 'systemctl status kubelet'\n\t- 'journalctl -xeu kubelet'\n",
  );
  throw new KubeadmError(
    `error execution phase ${phase}: failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL ${HEALTHZ}' returned error: Get "${HEALTHZ}": dial tcp 127.0.0.1:10248: connect: connection refused\n`,
  );
}
