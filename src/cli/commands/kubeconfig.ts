import type { Command } from 'commander';
import { embedded, machines } from '../access.ts';
import type { Invocation } from '../host.ts';

export function kubeconfigCommand(program: Command, { host }: Invocation): void {
  program
    .command('kubeconfig')
    .description('escribe la ruta del kubeconfig del clúster embebido (lo arranca si hace falta)')
    .option('--json', 'una línea de JSON')
    .option('--maquinas', 'el de las máquinas del laboratorio cluster')
    .action(async (options: { json?: boolean; maquinas?: boolean }) => {
      const { kubeconfig } = await (options.maquinas ? machines(host) : embedded(host));
      host.stdout.write(options.json ? `${JSON.stringify({ kubeconfig })}\n` : `${kubeconfig}\n`);
    });
}
