// Programs that an image has and that no simulated container can run.
import type { Program } from '../program.ts';

export function refusedInterpreter(name: string): Program {
  return async (_argv, { stderr }) => {
    stderr(`${name}: el clúster embebido de Malla simula los contenedores y no ejecuta programas de verdad.\n`);
    return 126;
  };
}
