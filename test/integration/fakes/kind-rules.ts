// What kind and docker answer when all is well; tests put their own rules before.
import type { FakeRule } from './fakes.ts';

export const phases = {
  begin: 'Creating cluster "malla" ...\n',
  image: ' • Ensuring node image (kindest/node:v1.34.0) 🖼  ...\n ✓ Ensuring node image (kindest/node:v1.34.0) 🖼\n',
  nodes: ' • Preparing nodes 📦   ...\n',
  rest:
    ' ✓ Preparing nodes 📦 \n • Writing configuration 📜  ...\n ✓ Writing configuration 📜\n' +
    ' • Starting control-plane 🕹️  ...\n ✓ Starting control-plane 🕹️\n • Installing CNI 🔌  ...\n ✓ Installing CNI 🔌\n' +
    ' • Installing StorageClass 💾  ...\n ✓ Installing StorageClass 💾\n',
} as const;

export const goodKind: readonly FakeRule[] = [
  { args: '^version$', stdout: 'kind v0.30.0 go1.24.6 linux/amd64\n' },
  { args: '^delete cluster --name malla ', stderr: 'Deleting cluster "malla" ...\n', touch: 'deleted' },
];

const info = {
  NCPU: 8,
  MemTotal: 16 * 1024 ** 3,
  CgroupVersion: '2',
  SecurityOptions: ['name=seccomp,profile=default'],
  DockerRootDir: '/nowhere/docker',
};

export const container = (id: string, name: string, running = true) => ({
  Created: '2026-11-21T16:57:00.123456789Z',
  Id: id,
  Name: `/${name}`,
  State: { Running: running },
  Config: { Labels: { 'io.x-k8s.kind.cluster': 'malla', 'io.x-k8s.kind.role': 'control-plane' } },
  HostConfig: { PortBindings: { '31380/tcp': [{ HostIp: '127.0.0.1', HostPort: '31380' }], '6443/tcp': null } },
});

/** A docker without any kind cluster. */
export const goodDocker: readonly FakeRule[] = [
  { args: '^version ', stdout: '28.2.2\n' },
  { args: '^info ', stdout: `${JSON.stringify(info)}\n` },
  { args: '^image inspect ', stdout: 'sha256:abc\n' },
  { args: '^ps ', stdout: '' },
];

/** One that runs a cluster called malla. */
export function dockerWithCluster(id: string, running = true): FakeRule[] {
  return [
    { args: '^ps ', stdout: `${id}\n` },
    { args: '^inspect ', stdout: JSON.stringify([container(id, 'malla-control-plane', running)]) },
    { args: '^(start|stop) ', stdout: `${id}\n` },
    ...goodDocker,
  ];
}
