// `malla ssh`: into a machine of the lab that makes a cluster.
import type { Command } from 'commander';
import { mallaHome } from '../../cluster/home.ts';
import { machinesHome } from '../../cluster/machines/machines.ts';
import { ssh } from '../../tools/ssh/ssh.ts';
import { machines } from '../access.ts';
import type { Invocation } from '../host.ts';

export function sshCommand(program: Command, { host, exit }: Invocation): void {
  program.enablePositionalOptions();
  program
    .command('ssh')
    .description('entra en una de las máquinas del laboratorio cluster: nieve, arya o sansa')
    .argument('<MÁQUINA>', 'la máquina')
    .argument('[orden...]', 'detrás de --, una orden que ejecutar en ella; sin orden, una consola')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (machine: string, rest: string[]) => {
      const words = rest[0] === '--' ? rest.slice(1) : rest;
      await machines(host);
      const interactive = words.length === 0 && host.stdin.isTTY === true;
      // Ctrl-C is the remote shell's meanwhile.
      if (interactive) host.holdInterrupts(true);
      try {
        const home = machinesHome(mallaHome(host.env));
        exit(await ssh({ home, machine, words }, { streams: host, env: host.env, cwd: host.cwd, signal: host.signal }));
      } finally {
        if (interactive) host.holdInterrupts(false);
      }
    });
}
