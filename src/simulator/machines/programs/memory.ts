// Swap: what is on, and turning it off and on.
import type { Program } from '../../exec/program.ts';
import { define, ProgramError } from '../../exec/programs/define.ts';
import { type HostMachine, textOf } from '../host-machine.ts';

const DEVICE = '/dev/sda5';

export const swapon = (host: HostMachine): Program =>
  define(
    'swapon',
    'asv',
    ({ flags, rest }, { stdout }) => {
      if (flags.has('s') || (!flags.has('a') && rest.length === 0)) {
        if (host.state.swap) stdout(`NAME      TYPE      SIZE USED PRIO\n${DEVICE} partition 975M   0B   -2\n`);
        return;
      }
      for (const device of rest)
        if (device !== DEVICE) throw new ProgramError(`cannot open ${device}: No such file or directory`, 255);
      if (flags.has('a') && !swapInFstab(host)) return;
      host.state.swap = true;
      host.changed();
    },
    { show: 's', all: 'a', summary: 's', verbose: 'v' },
  );

export const swapoff = (host: HostMachine): Program =>
  define(
    'swapoff',
    'av',
    ({ flags, rest }) => {
      if (!flags.has('a') && rest.length === 0)
        throw new ProgramError("bad usage\nTry 'swapoff --help' for more information.");
      for (const device of rest)
        if (device !== DEVICE || !host.state.swap)
          throw new ProgramError(`${device}: swapoff failed: Invalid argument`, 4);
      host.state.swap = false;
      host.changed();
    },
    { all: 'a', verbose: 'v' },
  );

/** Whether the next boot turns it on. */
export function swapInFstab(host: HostMachine): boolean {
  return (textOf(host, '/etc/fstab') ?? '').split('\n').some((line) => /^\s*[^#\s]\S*\s+\S+\s+swap\s/.test(line));
}

export const free = (host: HostMachine): Program =>
  define('free', 'hmgkt', ({ flags }, { stdout }) => {
    const swap = host.state.swap ? 975 : 0;
    const show = (mebibytes: number): string => {
      if (!flags.has('h')) return String(flags.has('m') ? mebibytes : mebibytes * 1024);
      return mebibytes >= 1024 ? `${(mebibytes / 1024).toFixed(1)}Gi` : mebibytes === 0 ? '0B' : `${mebibytes}Mi`;
    };
    const row = (name: string, values: number[]) => name.padEnd(8) + values.map((v) => show(v).padStart(12)).join('');
    const names = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
    stdout(
      `${' '.repeat(8)}${names.map((n) => n.padStart(12)).join('')}\n` +
        `${row('Mem:', [7940, 612, 6871, 1, 705, 7328])}\n${row('Swap:', [swap, 0, swap])}\n`,
    );
  });
