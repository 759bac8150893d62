// The ports of one pod as port-forward sees them: from its own loopback.
import type { Duplex } from 'node:stream';
import type { KubeObject } from '../../../../mesh/objects.ts';
import type { ContainerAccess } from '../../../exec/container-access.ts';
import { forwardConnection } from './forwarded-connection.ts';

export interface PortAccess {
  /** Resolves when the connection is over. Rejects, worded as containerd and the kubelet word it, when nothing listens. */
  forward(port: number, connection: Duplex): Promise<void>;
}

export function portAccess(containers: ContainerAccess, latest: () => KubeObject): PortAccess {
  return {
    async forward(port, connection) {
      const pod = latest();
      const listener = containers.listener(pod, port);
      if (!listener) throw new Error(refusal(sandboxOf(pod), port));
      await forwardConnection(listener, connection);
    },
  };
}

/** The pod's UID stands for the id of its sandbox. */
function sandboxOf(pod: KubeObject): string {
  return (pod.metadata.uid ?? '').replaceAll('-', '').padEnd(64, '0');
}

function refusal(sandbox: string, port: number): string {
  const namespace = `/var/run/netns/cni-${sandbox.slice(0, 8)}`;
  const refused = (network: string, address: string) =>
    `dial ${network} ${address}:${port}: connect: connection refused`;
  return (
    `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace ` +
    `"${namespace}": failed to connect to localhost:${port} inside namespace "${sandbox}", ` +
    `IPv4: ${refused('tcp4', '127.0.0.1')} IPv6 ${refused('tcp6', '[::1]')} `
  );
}
