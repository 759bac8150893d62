import type { Command } from 'commander';
import { demo } from '../demo.ts';
import { guide } from '../guide.ts';
import type { Invocation } from '../host.ts';

interface Options {
  demo?: boolean;
}

/** With a terminal it guides a student, without one it shows the whole course solved. Also what `malla` alone does. */
export function guideCommand(program: Command, { host, exit }: Invocation): void {
  const run = async (lab: string | undefined, options: Options): Promise<void> => {
    const interactive = host.stdin.isTTY && host.stdout.isTTY && !options.demo;
    exit(interactive ? await guide(host, lab) : await demo(host));
  };
  const demoOption = ['--demo', 'resuelve el curso entero con las soluciones escritas'] as const;
  program
    .command('guia')
    .description('te guía por los laboratorios; sin terminal, los resuelve y enseña los veredictos')
    .argument('[LAB]', 'por cuál empezar')
    .option(...demoOption)
    .action(run);
  program.option(...demoOption).action((options: Options) => run(undefined, options));
}
