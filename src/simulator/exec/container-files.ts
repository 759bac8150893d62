// The files that a container starts with: of its image, of the kubelet, and of the volumes it mounts.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext } from '../contract.ts';
import { createFileTree, type Files } from './files.ts';
import type { ImageFacts } from './image-facts.ts';
import { mountedFiles } from './mounted-files.ts';
import { type Mount, withMounts } from './mounted-folders.ts';

export function createContainerFiles(
  pod: KubeObject,
  hostname: string,
  image: ImageFacts,
  context: ContainerContext | undefined,
  mounts: readonly Mount[] = [],
): Files {
  const programs = [...image.programs].map((name) => [`/usr/bin/${name}`, ''] as const);
  const given = new Map<string, string>([...programs, ...systemFiles(pod, hostname, image), ...mountedFiles(context)]);
  const usual = ['/tmp', '/dev', '/proc', '/sys', '/usr/bin', '/bin', '/var', image.home, image.workingDirectory];
  return withMounts(createFileTree(given, [...usual, ...mounts.map(({ at }) => at)]), mounts);
}

function systemFiles(pod: KubeObject, hostname: string, image: ImageFacts): [string, string][] {
  const { namespace = 'default' } = pod.metadata;
  const { podIP = '' } = (pod.status ?? {}) as { podIP?: string };
  const { name, uid, gid } = image.user;
  const users = [
    'root:x:0:0:root:/root:/bin/sh',
    ...(uid === 0 ? [] : [`${name}:x:${uid}:${gid}::${image.home}:/bin/sh`]),
  ];
  return [
    ['/etc/hostname', `${hostname}\n`],
    [
      '/etc/hosts',
      `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${podIP}\t${hostname}\n`,
    ],
    [
      '/etc/resolv.conf',
      `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
    ],
    ['/etc/passwd', `${users.join('\n')}\n`],
    ...(image.release ? [['/etc/os-release', image.release] as [string, string]] : []),
  ];
}
