// sudo, reboot and the other small programs of whoever looks after a machine.
import type { Program } from '../../exec/program.ts';
import { define } from '../../exec/programs/define.ts';
import { Jump } from '../../exec/shell/jump.ts';
import { KERNEL } from '../debian.ts';
import { type HostMachine, textOf } from '../host-machine.ts';
import { settleKubelet, startContainerd } from '../services.ts';
import { bootKernel } from './kernel.ts';
import { swapInFstab } from './memory.ts';

/** Everybody is root here. */
export const sudo: Program = async (argv, streams) => {
  const at = argv.findIndex((word) => !/^-[EnHik]$/.test(word));
  const [name, ...rest] = at < 0 ? [] : argv.slice(at);
  if (name === undefined) {
    streams.stderr('usage: sudo [-E] command [arg ...]\n');
    return 1;
  }
  const program = streams.machine.program(name);
  if (program) return program(rest, streams);
  streams.stderr(`sudo: ${name}: command not found\n`);
  return 1;
};

export const hostname = ({ state }: HostMachine): Program =>
  define('hostname', 'ifsI', ({ flags }, { stdout }) => {
    if (flags.has('I')) stdout(`10.0.2.15 ${state.address} \n`);
    else stdout(`${flags.has('i') ? state.address : state.name}\n`);
  });

export const hostnamectl =
  ({ state }: HostMachine): Program =>
  async ([verb = 'status'], { stdout, stderr }) => {
    if (verb !== 'status') {
      stderr('hostnamectl: the machines of the course keep their names\n');
      return 1;
    }
    stdout(
      ` Static hostname: ${state.name}\n         Chassis: vm\n  Virtualization: oracle\nOperating System: Debian GNU/Linux 12 (bookworm)\n          Kernel: Linux ${KERNEL}\n    Architecture: x86-64\n`,
    );
    return 0;
  };

/** What only lived in memory is forgotten; what files and systemd remember is done again. */
export const reboot =
  (host: HostMachine, rebooted: () => void): Program =>
  async (_argv, { stderr, machine }) => {
    const { state } = host;
    state.swap = swapInFstab(host);
    bootKernel(host);
    state.containerd = { ...state.containerd, active: false, cri: false, systemdCgroup: false };
    if (state.containerd.enabled) startContainerd(host);
    state.kubelet = { enabled: state.kubelet.enabled, active: state.kubelet.enabled, running: false };
    state.bootedAt = Math.floor((machine.context?.clock.now() ?? 0) / 1000);
    for (const path of ['/run/flannel/subnet.env']) if (textOf(host, path) !== undefined) host.files.remove(path);
    settleKubelet(host);
    rebooted();
    host.changed();
    stderr(`Connection to ${state.name} closed by remote host.\n`);
    // The shell that it was typed in ends with the machine.
    throw new Jump('exit', 255);
  };

export const uptime =
  ({ state }: HostMachine): Program =>
  async (_argv, { stdout, machine }) => {
    const minutes = Math.floor(((machine.context?.clock.now() ?? 0) / 1000 - state.bootedAt) / 60);
    stdout(` up ${minutes} min,  1 user,  load average: 0.08, 0.03, 0.01\n`);
    return 0;
  };

/** Owners and modes are not kept: everybody is root. */
export const ignored: Program = async (argv, { stderr }) => {
  if (argv.length > 1) return 0;
  stderr('missing operand\n');
  return 1;
};

export const noEditor =
  (name: string): Program =>
  async (_argv, { stderr }) => {
    stderr(
      `${name}: aquí no hay editor de pantalla completa. Usa sed -i, o cat > FICHERO <<'FIN' … FIN, que es lo que hace un guion.\n`,
    );
    return 1;
  };
