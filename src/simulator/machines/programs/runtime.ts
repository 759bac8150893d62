// containerd's own program, and crictl, which shows what runs in it.
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Program } from '../../exec/program.ts';
import type { HostMachine } from '../host-machine.ts';
import { runtimeTrouble } from '../services.ts';

/** `containerd config default` of 1.7, without the parts that nobody changes here. */
export const DEFAULT_CONFIG = `disabled_plugins = []
imports = []
oom_score = 0
required_plugins = []
root = "/var/lib/containerd"
state = "/run/containerd"
version = 2

[grpc]
  address = "/run/containerd/containerd.sock"
  gid = 0
  uid = 0

[plugins]

  [plugins."io.containerd.grpc.v1.cri"]
    sandbox_image = "registry.k8s.io/pause:3.8"

    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = "/opt/cni/bin"
      conf_dir = "/etc/cni/net.d"
      max_conf_num = 1

    [plugins."io.containerd.grpc.v1.cri".containerd]
      default_runtime_name = "runc"
      snapshotter = "overlayfs"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes]

        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
          runtime_type = "io.containerd.runc.v2"

          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
            BinaryName = ""
            SystemdCgroup = false
`;

export const containerd: Program = async (argv, { stdout, stderr }) => {
  const asked = argv.join(' ');
  if (asked === 'config default') stdout(DEFAULT_CONFIG);
  else if (asked === '--version' || asked === '-v')
    stdout('containerd containerd.io 1.7.24 88bf19b2105c8b17560993bee28a01ddc2f97182\n');
  else {
    stderr('containerd: it runs as a service here: systemctl status containerd\n');
    return 1;
  }
  return 0;
};

interface ContainerStatus {
  name: string;
  image: string;
  state?: { running?: unknown; terminated?: unknown };
  restartCount?: number;
}

export const crictl =
  (host: HostMachine, pods: () => readonly KubeObject[]): Program =>
  async (argv, { stdout, stderr }) => {
    const valued = ['--runtime-endpoint', '-r', '--image-endpoint', '-i', '--name', '--timeout', '-t'];
    const words = argv.filter((word, i) => !word.startsWith('-') && !valued.includes(argv[i - 1] ?? ''));
    const trouble = runtimeTrouble(host);
    if (trouble) {
      stderr(
        `E0101 00:00:00.000000    4242 log.go:32] "${trouble}"\nFATA[0000] validate service connection: ${trouble.replace(/^.*?service connection: /, '')}\n`,
      );
      return 1;
    }
    const [verb = ''] = words;
    if (verb === 'ps') stdout(table(containersOf(pods(), argv.includes('-a') || argv.includes('--all'))));
    else if (verb === 'pods') stdout(table(sandboxesOf(pods())));
    else if (verb === 'images' || verb === 'image') stdout(table(imagesOf(pods())));
    else if (verb === 'version')
      stdout('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  1.7.24\nRuntimeApiVersion:  v1\n');
    else {
      stderr(`crictl: '${verb}' is not simulated on this machine: ps, pods, images and version are\n`);
      return 1;
    }
    return 0;
  };

function containersOf(pods: readonly KubeObject[], all: boolean): string[][] {
  const rows = pods.flatMap((pod) => {
    const { initContainerStatuses = [], containerStatuses = [] } = (pod.status ?? {}) as {
      initContainerStatuses?: ContainerStatus[];
      containerStatuses?: ContainerStatus[];
    };
    return [...initContainerStatuses, ...containerStatuses].map((c) => ({ pod, c }));
  });
  return [
    ['CONTAINER', 'IMAGE', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
    ...rows
      .filter(({ c }) => c.state?.running || (all && c.state?.terminated))
      .map(({ pod, c }) => [
        short(`${pod.metadata.uid}${c.name}${c.restartCount}`),
        short(c.image),
        c.state?.running ? 'Running' : 'Exited',
        c.name,
        String(c.restartCount ?? 0),
        short(pod.metadata.uid ?? ''),
        pod.metadata.name,
        pod.metadata.namespace ?? '',
      ]),
  ];
}

function sandboxesOf(pods: readonly KubeObject[]): string[][] {
  return [
    ['POD ID', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
    ...pods
      .filter((pod) => (pod.status as { podIP?: string } | undefined)?.podIP)
      .map(({ metadata }) => [
        short(metadata.uid ?? ''),
        'Ready',
        metadata.name,
        metadata.namespace ?? '',
        '0',
        '(default)',
      ]),
  ];
}

function imagesOf(pods: readonly KubeObject[]): string[][] {
  const images = pods.flatMap((pod) =>
    ((pod.spec as { containers?: { image: string }[] })?.containers ?? []).map((c) => c.image),
  );
  return [
    ['IMAGE', 'TAG', 'IMAGE ID'],
    ...[...new Set(images)].sort().map((image) => {
      const at = image.lastIndexOf(':');
      return at > image.lastIndexOf('/')
        ? [image.slice(0, at), image.slice(at + 1), short(image)]
        : [image, 'latest', short(image)];
    }),
  ];
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 13);

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd((widths[i] ?? 0) + 3))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}
