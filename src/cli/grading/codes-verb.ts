// `malla calificar codigos`: gives each student of a list a code to hand in with, instead of their name.
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { writePrivateFile } from '../../cluster/private-file.ts';
import { giveCodes } from '../../grading/roster/anonymous-codes.ts';
import { readWritten } from '../../grading/roster/class-list.ts';
import { csvLine } from '../classroom/csv-line.ts';
import { readList } from '../classroom/read-list.ts';
import type { Invocation } from '../host.ts';

export function codesVerb(grade: Command, { host }: Invocation): void {
  grade
    .command('codigos')
    .description('da a cada alumno de una lista un código para entregar sin su nombre; quien ya tiene uno lo conserva')
    .requiredOption('--lista <CSV>', 'un alumno por línea; títulos: nombre, apellidos, usuario, correo, codigo')
    .requiredOption('--salida <FICHERO>', 'la lista nueva, solo para ti; si ya existe, no se toca')
    .action(async ({ lista, salida }: { lista: string; salida: string }) => {
      const file = resolve(host.cwd, salida);
      if (existsSync(file)) throw taken(file);
      const people = giveCodes(readWritten(await readList(host, lista)), (below) => randomInt(below));
      const rows = people.map((p) => [p.code, p.name, p.user, p.mail]);
      await writePrivateFile(
        file,
        `\uFEFF${[['codigo', 'nombre', 'usuario', 'correo'], ...rows].map(csvLine).join('')}`,
      );
      host.stdout.write(
        `${people.length} códigos en ${file}.\nDa a cada alumno el suyo y guarda la lista: es lo único que dice de quién es cada entrega.\n`,
      );
    });
}

function taken(file: string): CodedError {
  return new CodedError({
    code: 'MALLA-NOT-02',
    happened: `Ya existe ${file}.`,
    expected: 'un fichero que aún no exista: perder unos códigos es no saber de quién es cada entrega',
    todo: 'Elige otro nombre con --salida. Para añadir alumnos, ponlos sin código en esa lista y dala con --lista.',
  });
}
