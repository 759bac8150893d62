// apt and dpkg: what can be installed, and the programs that come with it.
import type { Program } from '../../exec/program.ts';
import type { HostMachine } from '../host-machine.ts';
import { textOf, writeText } from '../host-machine.ts';
import { isInstalled, startContainerd } from '../services.ts';

interface Package {
  version: string;
  needs?: string[];
  programs?: string[];
}

const KUBERNETES = '1.34.4-1.1';

const AVAILABLE: Record<string, Package> = {
  'containerd.io': { version: '1.7.24-1', needs: ['runc'], programs: ['containerd', 'ctr'] },
  runc: { version: '1.2.2-1' },
  'cri-tools': { version: '1.34.0-1.1', programs: ['crictl'] },
  'kubernetes-cni': { version: '1.7.1-1.1' },
  kubelet: { version: KUBERNETES, needs: ['kubernetes-cni'], programs: ['kubelet'] },
  kubeadm: { version: KUBERNETES, needs: ['cri-tools'], programs: ['kubeadm'] },
  kubectl: { version: KUBERNETES, programs: ['kubectl'] },
  gnupg: { version: '2.2.40-1.1' },
  'apt-transport-https': { version: '2.6.1' },
  'ca-certificates': { version: '20230311' },
  curl: { version: '7.88.1-10+deb12u14' },
  gpg: { version: '2.2.40-1.1' },
};

/** Docker's package turns off the part of containerd that Kubernetes speaks with. */
const PACKAGED_CONFIG = `#   Copyright 2018-2022 Docker Inc.

#   Licensed under the Apache License, Version 2.0 (the "License");

disabled_plugins = ["cri"]

#root = "/var/lib/containerd"
#state = "/run/containerd"
`;

export function programIsInstalled({ packages }: HostMachine['state'], name: string): boolean {
  return Object.keys(packages).some((p) => AVAILABLE[p]?.programs?.includes(name));
}

export const aptGet =
  (host: HostMachine): Program =>
  async (argv, { stdout, stderr }) => {
    const [verb = '', ...names] = argv.filter((word) => !word.startsWith('-'));
    const { state } = host;
    switch (verb) {
      case 'update':
        state.updated = true;
        host.changed();
        stdout(
          'Hit:1 http://deb.debian.org/debian bookworm InRelease\nHit:2 https://download.docker.com/linux/debian bookworm InRelease\n' +
            'Hit:3 https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:/core:/stable:/v1.34/deb  InRelease\nReading package lists... Done\n',
        );
        return 0;
      case 'upgrade':
      case 'dist-upgrade':
        stdout(`${READING}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`);
        return 0;
      case 'install':
        return install(host, names, stdout, stderr);
      case 'remove':
      case 'purge':
        for (const name of names) delete state.packages[name];
        if (!isInstalled(state, 'kubelet')) state.kubelet = { enabled: false, active: false, running: false };
        if (!isInstalled(state, 'containerd')) state.containerd.active = false;
        host.changed();
        stdout(`${READING}${names.map((n) => `Removing ${n} ...\n`).join('')}`);
        return 0;
      default:
        stderr(`E: Invalid operation ${verb}\n`);
        return 100;
    }
  };

const READING = 'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n';

function install(
  host: HostMachine,
  asked: readonly string[],
  stdout: (text: string) => void,
  stderr: (text: string) => void,
): number {
  const { state } = host;
  const names = asked.map((word) => word.split('=')[0] ?? '');
  const known = (name: string) => (state.updated ? AVAILABLE[name] : undefined);
  stdout(READING);
  const missing = names.find((name) => !known(name));
  if (missing !== undefined) {
    stderr(`E: Unable to locate package ${missing}\n`);
    return 100;
  }
  for (const word of asked) {
    const [name = '', version] = word.split('=');
    if (version !== undefined && version !== AVAILABLE[name]?.version) {
      stderr(`E: Version '${version}' for '${name}' was not found\n`);
      return 100;
    }
  }
  const wanted = [...new Set(names.flatMap((name) => [...(AVAILABLE[name]?.needs ?? []), name]))];
  const fresh = wanted.filter((name) => state.packages[name] === undefined);
  if (fresh.length > 0) stdout(`The following NEW packages will be installed:\n  ${[...fresh].sort().join(' ')}\n`);
  stdout(`0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`);
  for (const name of fresh) {
    state.packages[name] = AVAILABLE[name]?.version ?? '';
    stdout(`Setting up ${name} (${state.packages[name]}) ...\n`);
    if (name === 'containerd.io') unpackContainerd(host);
    // Its package enables it, and systemd tries to run it until kubeadm gives it its configuration.
    if (name === 'kubelet') state.kubelet = { enabled: true, active: true, running: false };
  }
  host.changed();
  return 0;
}

function unpackContainerd(host: HostMachine): void {
  if (textOf(host, '/etc/containerd/config.toml') === undefined)
    writeText(host, '/etc/containerd/config.toml', PACKAGED_CONFIG);
  host.state.containerd.enabled = true;
  startContainerd(host);
}

export const aptMark =
  (host: HostMachine): Program =>
  async ([verb = '', ...names], { stdout, stderr }) => {
    const { state } = host;
    if (verb === 'showhold') stdout(state.held.map((n) => `${n}\n`).join(''));
    else if (verb === 'hold' || verb === 'unhold') {
      for (const name of names) {
        if (!AVAILABLE[name]) {
          stderr(`E: Unable to locate package ${name}\n`);
          return 100;
        }
        const held = state.held.includes(name);
        if (verb === 'hold') stdout(`${name} ${held ? 'was already set on hold.' : 'set on hold.'}\n`);
        else stdout(`${name} ${held ? 'Canceled hold on' : 'was already not hold.'}\n`);
        state.held = state.held.filter((n) => n !== name);
        if (verb === 'hold') state.held.push(name);
      }
      host.changed();
    } else {
      stderr(`E: Invalid operation ${verb}\n`);
      return 100;
    }
    return 0;
  };

export const dpkg =
  (host: HostMachine): Program =>
  async (argv, { stdout, stderr }) => {
    if (!argv.some((word) => word === '-l' || word === '--list')) {
      stderr('dpkg: error: need an action option\n');
      return 2;
    }
    const only = argv.filter((word) => !word.startsWith('-'));
    const { packages, held } = host.state;
    const rows = Object.entries(packages).filter(([name]) => only.length === 0 || only.includes(name));
    stdout('Desired=Unknown/Install/Remove/Purge/Hold\n||/ Name            Version       Architecture\n');
    stdout(rows.map(([n, v]) => `${held.includes(n) ? 'hi' : 'ii'}  ${n.padEnd(15)} ${v.padEnd(13)} amd64\n`).join(''));
    return rows.length > 0 ? 0 : 1;
  };
