// `malla kubectl …`, `malla istioctl …`, `malla curl …`: Malla's own tools, for machines that have none.
import type { Command } from 'commander';
import { tools } from '../../tools/tools.ts';
import type { Invocation } from '../host.ts';

export function toolCommands(program: Command, { host, exit }: Invocation): void {
  // Before the commands that pass options through: they refuse to be made without it.
  program.enablePositionalOptions();
  for (const [name, tool] of Object.entries(tools)) {
    program
      .command(name)
      .description(`el ${name} de Malla, para quien no lo tiene instalado`)
      .helpOption(false)
      .helpCommand(false)
      .allowUnknownOption()
      .passThroughOptions()
      .argument('[argumentos...]', `como los de ${name}`)
      .action(async (args: string[]) =>
        exit(await tool(args, { streams: host, env: host.env, cwd: host.cwd, signal: host.signal })),
      );
  }
}
