import type { Command } from 'commander';
import { demo } from '../demo.ts';
import { guide } from '../guide.ts';
import type { Invocation } from '../host.ts';

interface Options {
  demo?: boolean;
  json?: boolean;
}

/** With a terminal it guides a student, without one it shows the whole course solved. Also what `malla` alone does. */
export function guideCommand(program: Command, { host, exit }: Invocation): void {
  const run = async (lab: string | undefined, options: Options): Promise<void> => {
    const interactive = host.stdin.isTTY && host.stdout.isTTY && !options.demo && !options.json;
    exit(interactive ? await guide(host, lab) : await demo(host, options));
  };
  const jsonOption = ['--json', 'como --demo, con los veredictos en una línea de JSON'] as const;
  const demoOption = [
    '--demo',
    'resuelve los primeros laboratorios, hasta el canary, con las soluciones escritas',
  ] as const;
  program
    .command('guia')
    .description('te guía por los laboratorios; sin terminal, los resuelve y enseña los veredictos')
    .argument('[LAB]', 'por cuál empezar')
    .option(...demoOption)
    .option(...jsonOption)
    .action(run);
  program
    .option(...demoOption)
    .option(...jsonOption)
    .action((options: Options) => run(undefined, options));
}
