// `malla calificar repetir`: the same hand-ins graded anew beside the results that there are. With the same labs and the
// same Malla nothing may change; with others, it tells what would, before it does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { canonicalJson } from '../../grading/handin/canonical-json.ts';
import { movesBetween } from '../../grading/record/moves.ts';
import { changesBetween, type SubmissionChange } from '../../grading/replay/changes.ts';
import { readKept } from '../../grading/replay/results.ts';
import { exitCodes, type Invocation } from '../host.ts';
import { marksOf } from './class-marks.ts';
import { describeMoves } from './describe-class.ts';
import { type ReplayOptions, replayFolder } from './replay-folder.ts';
import { gradedIn } from './report-verb.ts';

interface Options extends Omit<ReplayOptions, 'salida' | 'onGraded' | 'fragmento' | 'momento'> {
  rubrica?: string;
  lista?: string;
  json?: boolean;
}

export function repeatVerb(grade: Command, { host, exit }: Invocation): void {
  grade
    .command('repetir')
    .description('corrige otra vez las mismas entregas y dice qué cambiaría; los resultados que hay quedan como están')
    .argument('<RESULTADOS>', 'la carpeta que dejó «malla calificar ENTREGAS»')
    .argument('<ENTREGAS>', 'la carpeta con las entregas')
    .option('--rubrica <FICHERO>', 'dice también a quién le cambiaría la nota')
    .option('--lista <CSV>', 'la lista de la clase')
    .option('--clave <FICHERO>', 'la del curso')
    .option('--procesos <N>', 'cuántas a la vez')
    .option('--limite <SEGUNDOS>', 'lo más que puede tardar una')
    .option('--json', 'una línea de JSON')
    .action(async (folder: string, submissions: string, options: Options) => {
      const results = resolve(host.cwd, folder);
      const before = await gradedIn(results);
      const aside = await mkdtemp(join(tmpdir(), 'malla-repetir-'));
      try {
        // A clock that was ahead then is ahead still.
        const { header } = await readKept(results);
        const then = header ? { momento: new Date(header.now).toISOString() } : {};
        const { graded } = await replayFolder(host, submissions, { ...options, ...then, salida: aside });
        const changes = changesBetween(before, graded);
        const same = canonicalJson(before) === canonicalJson(graded);
        let moves = '';
        if (options.rubrica !== undefined) {
          const about = {
            folder: results,
            rubric: options.rubrica,
            now: Date.now(),
            ...(options.lista === undefined ? {} : { list: options.lista }),
          };
          const [was, is] = [
            await marksOf(host, { ...about, graded: before }),
            await marksOf(host, { ...about, graded }),
          ];
          moves = describeMoves(movesBetween(was, is), false);
        }
        if (options.json) host.stdout.write(`${JSON.stringify({ same, changes })}\n`);
        else host.stdout.write(`${describeChanges(changes, same, graded.length)}${moves}`);
        exit(changes.length === 0 ? exitCodes.right : exitCodes.wrong);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    });
}

function describeChanges(changes: readonly SubmissionChange[], same: boolean, of: number): string {
  if (same) return `Las ${of} salen igual, letra por letra.\n`;
  if (changes.length === 0) return `En las ${of} sale lo mismo; cambian solo datos que no cuentan, como versiones.\n`;
  const lines = changes.flatMap(({ submission, student, checks }) => [
    `  ${student ?? submission}:`,
    ...checks.slice(0, 10).map((c) => `    ${c.check}: ${c.before} → ${c.after}`),
  ]);
  return `Cambiarían ${changes.length} de ${of}:\n${lines.join('\n')}\n`;
}
