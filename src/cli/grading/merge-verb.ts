// `malla calificar juntar`: the results of several machines as one folder of results.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { otherResults } from '../../grading/replay/grade-folder.ts';
import { ContradictionError, mergeResults } from '../../grading/replay/merge-results.ts';
import { OtherResultsError } from '../../grading/replay/results.ts';
import type { Invocation } from '../host.ts';
import { writeTable } from './replay-folder.ts';

export function mergeVerb(grade: Command, { host }: Invocation): void {
  grade
    .command('juntar')
    .description('junta lo que varias máquinas corrigieron con --fragmento: queda como si lo hubiera hecho una')
    .argument('<SALIDA>', 'la carpeta donde quedan todos')
    .argument('<RESULTADOS...>', 'las carpetas que dejó cada máquina')
    .action(async (out: string, parts: string[]) => {
      const folder = resolve(host.cwd, out);
      const graded = await mergeInto(
        folder,
        parts.map((part) => resolve(host.cwd, part)),
      );
      host.stdout.write(`${graded} entregas juntas en ${folder}.\n`);
    });
}

/** How many there are, with their table. Rejects with MALLA-ENT-42 and MALLA-ENT-45. */
export async function mergeInto(folder: string, parts: readonly string[]): Promise<number> {
  try {
    return (await mergeResults(folder, parts)).length;
  } catch (error) {
    if (error instanceof OtherResultsError) throw otherResults(folder);
    if (!(error instanceof ContradictionError)) throw error;
    throw new CodedError({
      code: 'MALLA-ENT-45',
      happened: `${error.submission} está en dos partes, y no sale igual en las dos.`,
      expected: 'Cada entrega en una parte, o la misma con el mismo resultado.',
      todo: 'Corrige esa entrega otra vez en una sola máquina.',
    });
  } finally {
    await writeTable(folder);
  }
}
