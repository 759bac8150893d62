import type { Command } from 'commander';
import { demo } from '../demo.ts';
import { guide } from '../guide.ts';
import type { Invocation } from '../host.ts';

/** The default verb: with a terminal it guides a student, without one it shows the whole course solved. */
export function guideCommand(program: Command, { host, exit }: Invocation): void {
  program
    .command('guia', { isDefault: true })
    .description('te guía por los laboratorios; sin terminal, los resuelve y enseña los veredictos')
    .argument('[LAB]', 'por cuál empezar')
    .option('--demo', 'resuelve el curso entero con las soluciones escritas')
    .action(async (lab: string | undefined, options: { demo?: boolean }) => {
      const interactive = host.stdin.isTTY && host.stdout.isTTY && !options.demo;
      exit(interactive ? await guide(host, lab) : await demo(host));
    });
}
