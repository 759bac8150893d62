// `malla calificar informe`: from the results of a folder to marks and reports.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { type ClassResult, classResultSchema } from '../../grading/class/class-result.ts';
import { type Moves, movesBetween } from '../../grading/record/moves.ts';
import { addToRecord, loadRecord } from '../../grading/record/record-file.ts';
import { readResults } from '../../grading/replay/results.ts';
import { githubAnnotations, gitlabCodeQuality } from '../../grading/reports/annotations.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { paintFor } from '../style.ts';
import { type MarksOptions, marksOf } from './class-marks.ts';
import { describeClass, describeMoves } from './describe-class.ts';
import { writeReports } from './write-reports.ts';

interface Options {
  rubrica: string;
  lista?: string;
  salida?: string;
  coma?: boolean;
  sinNombres?: boolean;
  frenteA?: string;
  anotaciones?: 'github' | 'gitlab';
  enSeco?: boolean;
  json?: boolean;
}

export function reportVerb(grade: Command, { host, exit }: Invocation): void {
  grade
    .command('informe')
    .description('pone notas a lo que ya se ha repetido y escribe los informes de la clase')
    .argument('<RESULTADOS>', 'la carpeta que dejó «malla calificar ENTREGAS»')
    .requiredOption('--rubrica <FICHERO>', 'cómo se califica')
    .option('--lista <CSV>', 'la lista de la clase: quién no ha entregado, nombres y correos')
    .option('--salida <CARPETA>', 'dónde escribir los informes; si falta, en «informe», dentro de los resultados')
    .option('--coma', 'coma decimal y punto y coma entre campos, como en una hoja de cálculo en español')
    .option('--sin-nombres', 'solo códigos: ni nombres ni correos')
    .option('--frente-a <CLASE.JSON>', 'dice a quién le cambia la nota respecto de otro informe')
    .option('--anotaciones <DÓNDE>', 'en vez de escribir, da las anotaciones para github o gitlab')
    .option('--en-seco', 'solo enseña las notas y a quién le cambiarían')
    .option('--json', 'todo, en una línea de JSON')
    .action(async (folder: string, options: Options) => {
      const results = resolve(host.cwd, folder);
      const marks: MarksOptions = {
        folder: results,
        graded: await gradedIn(results),
        rubric: options.rubrica,
        ...(options.lista === undefined ? {} : { list: options.lista }),
        ...(options.sinNombres ? { anonymous: true } : {}),
        now: Date.now(),
      };
      const result = await marksOf(host, marks);
      if (options.anotaciones) {
        const print = options.anotaciones === 'gitlab' ? gitlabCodeQuality : githubAnnotations;
        host.stdout.write(result.students.map(print).join(''));
        return;
      }
      const out = resolve(host.cwd, options.salida ?? join(results, 'informe'));
      const moves = await movesFrom(
        host,
        options.frenteA ?? join(out, 'clase.json'),
        result,
        options.frenteA !== undefined,
      );
      const written = options.enSeco ? undefined : await writeReports(result, out, { comma: options.coma ?? false });
      if (written) await keepMarks(results, result);
      if (options.json)
        host.stdout.write(
          `${JSON.stringify({ result, ...(moves ? { moves } : {}), ...(written ? { folder: out, ...written } : {}) })}\n`,
        );
      else {
        host.stdout.write(describeClass(result, paintFor(host)));
        if (moves) host.stdout.write(describeMoves(moves, written !== undefined));
        if (written) {
          host.stdout.write(`Informes en ${out}: ${written.files.join(', ')} y una página por alumno en alumnos/.\n`);
          for (const { code, why } of written.leftOut) host.stdout.write(`  ${code} no va en moodle.csv: ${why}.\n`);
        }
      }
      exit(exitCodes.right);
    });
}

/** Rejects with MALLA-NOT-05 when nothing was graded there. */
export async function gradedIn(folder: string): Promise<MarksOptions['graded']> {
  const graded = await readResults(folder);
  if (graded.length > 0) return graded;
  throw new CodedError({
    code: 'MALLA-NOT-05',
    happened: `En ${folder} no hay ningún resultado.`,
    expected: 'la carpeta que deja «malla calificar ENTREGAS --salida CARPETA»',
    todo: 'Repite antes las entregas, o comprueba el camino.',
  });
}

async function movesFrom(host: Host, path: string, after: ClassResult, asked: boolean): Promise<Moves | undefined> {
  const text = await readFile(resolve(host.cwd, path), 'utf8').catch(() => undefined);
  const before = text === undefined ? undefined : readClass(text);
  if (before) return movesBetween(before, after);
  if (!asked) return undefined;
  throw new CodedError({
    code: 'MALLA-NOT-06',
    happened: `${path} no es el informe de una clase.`,
    expected: 'un clase.json de «malla calificar informe»',
    todo: 'Comprueba el camino de --frente-a.',
  });
}

function readClass(text: string): ClassResult | undefined {
  try {
    return classResultSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Which marks were made, and with what, goes into the record; the same ones again leave no line. */
export async function keepMarks(folder: string, { malla, rubric, labs, students, at }: ClassResult): Promise<void> {
  const entry = {
    kind: 'notas' as const,
    malla,
    rubric: rubric.sha256,
    labs: Object.fromEntries(labs.map((l) => [l.lab, l.versions])),
    marks: Object.fromEntries(students.flatMap((s) => (s.mark === undefined ? [] : [[s.code, s.mark]]))),
  };
  const last = (await loadRecord(folder)).findLast((line) => line.entry.kind === 'notas')?.entry;
  if (JSON.stringify(last) !== JSON.stringify(entry)) await addToRecord(folder, entry, at);
}
