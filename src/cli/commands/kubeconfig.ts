import type { Command } from 'commander';
import { readChosen } from '../../cluster/chosen.ts';
import { mallaHome } from '../../cluster/home.ts';
import { embedded, machines } from '../access.ts';
import type { Invocation } from '../host.ts';

export function kubeconfigCommand(program: Command, { host }: Invocation): void {
  program
    .command('kubeconfig')
    .description('escribe la ruta del kubeconfig del clúster en el que trabajas (arranca el embebido si hace falta)')
    .option('--json', 'una línea de JSON')
    .option('--maquinas', 'el de las máquinas del laboratorio cluster')
    .action(async (options: { json?: boolean; maquinas?: boolean }) => {
      const chosen = await readChosen(mallaHome(host.env));
      const { kubeconfig } = options.maquinas
        ? await machines(host)
        : chosen.kind === 'embebido'
          ? await embedded(host)
          : chosen;
      host.stdout.write(options.json ? `${JSON.stringify({ kubeconfig })}\n` : `${kubeconfig}\n`);
    });
}
