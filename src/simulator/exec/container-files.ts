// The files that a container starts with: of its image, of the kubelet, and of the volumes it mounts.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext } from '../contract.ts';
import { createFileTree, FileError, type Files } from './files.ts';
import type { ImageFacts } from './image-facts.ts';
import { type ObjectMount, objectMounts } from './mounted-files.ts';
import { type Mount, withMounts } from './mounted-folders.ts';

export function createContainerFiles(
  pod: KubeObject,
  hostname: string,
  image: ImageFacts,
  context: ContainerContext | undefined,
  mounts: readonly Mount[] = [],
): Files {
  const programs = [...image.programs].map((name) => [`/usr/bin/${name}`, ''] as const);
  const objects = objectMounts(context);
  const still = objects.filter((mount) => mount.still);
  const all = [...objects.filter((mount) => !mount.still).map(liveMount), ...mounts];
  const given = new Map<string, string>([
    ...programs,
    ...Object.entries(image.files),
    ...systemFiles(pod, hostname, image),
    ...still.flatMap(({ at, entries }) => entries().map(([path, text]): [string, string] => [`${at}${path}`, text])),
  ]);
  const usual = ['/tmp', '/dev', '/proc', '/sys', '/usr/bin', '/bin', '/var', image.home, image.workingDirectory];
  return withMounts(createFileTree(given, [...usual, ...all.map(({ at }) => at)]), all);
}

/** A changed ConfigMap or Secret is seen at once; a real kubelet takes up to a minute. */
function liveMount({ at, entries }: ObjectMount): Mount {
  const now = () => createFileTree(entries(), []);
  return {
    ...{ at, root: '/', readOnly: true },
    files: {
      read: (path) => now().read(path),
      kind: (path) => now().kind(path),
      list: (path) => now().list(path),
      write: readOnly,
      append: readOnly,
      makeFolder: readOnly,
      remove: readOnly,
    },
  };
}

function readOnly(): never {
  throw new FileError('Read-only file system');
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
