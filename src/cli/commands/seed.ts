// The code of the student: `--semilla` on the verbs that read labs, and `malla semilla` to keep one.
import type { Command } from 'commander';
import { mallaHome } from '../../cluster/home.ts';
import { keepSeed, readSeed } from '../../cluster/student-seed.ts';
import type { Invocation } from '../host.ts';

const readers = ['lab', 'verificar', 'resolver', 'seguir', 'responder', 'calificar', 'guia', 'entregar'];

/** After the other verbs are there. What `--semilla` says goes to the environment of this call, and of those it makes. */
export function seedCommand(program: Command, { host }: Invocation): void {
  for (const verb of program.commands.filter((c) => readers.includes(c.name())))
    verb.option('--semilla <CÓDIGO>', 'el código del alumno, para los laboratorios que varían');
  program.hook('preAction', (_program, verb) => {
    const { semilla } = verb.opts<{ semilla?: string }>();
    if (semilla !== undefined) host.env.MALLA_SEMILLA = semilla;
  });
  program
    .command('semilla')
    .description('dice o guarda tu código de alumno: los laboratorios que varían salen de él')
    .argument('[CÓDIGO]', 'el que te haya dado tu profesor')
    .action(async (code: string | undefined) => {
      const home = mallaHome(host.env);
      if (code !== undefined) await keepSeed(home, code);
      const kept = code ?? readSeed(home, host.env);
      host.stdout.write(kept === '' ? 'No hay ningún código guardado.\n' : `Tu código: ${kept}\n`);
    });
}
