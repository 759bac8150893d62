// One machine at work: its state, its files, and what its programs are.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, ContainerContext } from '../contract.ts';
import { createFileTree, type Files } from '../exec/files.ts';
import type { ImageFacts } from '../exec/image-facts.ts';
import type { Machine, Program } from '../exec/program.ts';
import { findProgram } from '../exec/programs/programs.ts';
import { debianPrograms, debianRelease } from './debian.ts';
import type { MachineState } from './machine-state.ts';
import { withSystemFiles } from './system-files.ts';

export interface HostMachine {
  state: MachineState;
  files: Files;
  /** As shells and programs see it. */
  machine: Machine;
  /** To be called after the state was changed. */
  changed(): void;
  /** The state with its files, to be stored. */
  snapshot(): MachineState;
}

export interface HostMachineOptions {
  state: MachineState;
  clock: Clock;
  random: () => number;
  /** Programs of this machine beside the usual ones; undefined: not installed. */
  program(host: HostMachine, name: string): Program | undefined;
  /** A request that leaves the machine. */
  call(host: HostMachine): ContainerContext['call'];
  onChange(host: HostMachine): void;
}

const image: ImageFacts = {
  user: { name: 'root', uid: 0, gid: 0 },
  home: '/root',
  workingDirectory: '/root',
  release: debianRelease,
  programs: new Set(debianPrograms),
  files: {},
  shell: 'bash',
};

export function createHostMachine({ state, clock, random, program, call, onChange }: HostMachineOptions): HostMachine {
  const tree = createFileTree(state.files, state.folders);
  const changed = () => onChange(host);
  const files = withSystemFiles(tree, state, changed);
  const { name, address } = state;
  const stand: KubeObject = { apiVersion: 'v1', kind: 'Machine', metadata: { name }, status: { podIP: address } };
  const env = { HOME: '/root', USER: 'root', LOGNAME: 'root', SHELL: '/bin/bash', LANG: 'es_ES.UTF-8', PATH };
  const context: ContainerContext = {
    pod: stand,
    containerName: 'bash',
    image: '',
    env,
    clock,
    random,
    log: () => {},
    call: (...request) => call(host)(...request),
  };
  const host: HostMachine = {
    state,
    files,
    changed,
    machine: {
      pod: stand,
      hostname: name,
      image,
      files,
      env,
      context,
      program(path) {
        const wanted = /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(path)?.[1] ?? path;
        if (wanted.includes('/')) return undefined;
        return program(host, wanted) ?? (debianPrograms.includes(wanted) ? findProgram(wanted) : undefined);
      },
    },
    snapshot: () => ({
      ...state,
      files: tree.entries().map(([path, content]): [string, string] => [path, content.toString('utf8')]),
      folders: tree.folders(),
    }),
  };
  return host;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The text of a file; undefined where there is none. */
export function textOf({ files }: Pick<HostMachine, 'files'>, path: string): string | undefined {
  return files.kind(path) === 'file' ? files.read(path).toString('utf8') : undefined;
}

/** Makes the folders on the way. */
export function writeText({ files }: Pick<HostMachine, 'files'>, path: string, text: string): void {
  const parts = path.split('/').slice(1, -1);
  parts.forEach((_, i) => {
    const folder = `/${parts.slice(0, i + 1).join('/')}`;
    if (!files.kind(folder)) files.makeFolder(folder);
  });
  files.write(path, Buffer.from(text));
}

export function removeIfThere({ files }: Pick<HostMachine, 'files'>, path: string): void {
  if (files.kind(path)) files.remove(path);
}
