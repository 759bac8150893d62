// `malla calificar mirar`: the marks of a class as a table, or one student's work with its YAML annotated. Writes nothing;
// the instructor's view in VS Code is drawn from it.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { detailOf, type StudentDetail, viewOf } from '../../grading/class/class-view.ts';
import { safeText } from '../../grading/handin/safe-text.ts';
import { loadRecord } from '../../grading/record/record-file.ts';
import type { Invocation } from '../host.ts';
import { paintFor } from '../style.ts';
import { marksOf } from './class-marks.ts';
import { describeClass } from './describe-class.ts';
import { gradedIn } from './report-verb.ts';

interface Options {
  rubrica: string;
  lista?: string;
  alumno?: string;
  json?: boolean;
}

export function reviewVerb(grade: Command, { host }: Invocation): void {
  grade
    .command('mirar')
    .description(
      'enseña las notas de una clase, o el trabajo de un alumno con lo que está mal en su YAML; no escribe nada',
    )
    .argument('<RESULTADOS>', 'la carpeta de los resultados')
    .requiredOption('--rubrica <FICHERO>', 'cómo se califica')
    .option('--lista <CSV>', 'la lista de la clase')
    .option('--alumno <CÓDIGO>', 'solo el trabajo de este alumno')
    .option('--json', 'una línea de JSON')
    .action(async (folder: string, { rubrica, lista, alumno, json }: Options) => {
      const results = resolve(host.cwd, folder);
      const graded = await gradedIn(results);
      const list = lista === undefined ? {} : { list: lista };
      const result = await marksOf(host, { folder: results, graded, rubric: rubrica, ...list, now: Date.now() });
      if (alumno === undefined) {
        host.stdout.write(json ? `${JSON.stringify(viewOf(result))}\n` : describeClass(result, paintFor(host)));
        return;
      }
      const student = result.students.find((s) => s.code.toLowerCase() === alumno.toLowerCase());
      if (!student) throw unknown(alumno);
      const own = graded.find((g) => g.submission === student.submission);
      const detail = detailOf(student, own, result, await loadRecord(results));
      host.stdout.write(json ? `${JSON.stringify(detail)}\n` : describeDetail(detail));
    });
}

function describeDetail({ code, name, mark, account, checks, files, notices, decisions }: StudentDetail): string {
  const number = (value: number): string => value.toLocaleString('es-ES', { maximumFractionDigits: 2 });
  const wrong = checks.filter((c) => c.state !== 'correcto');
  return `${[
    `${code}${name === '' ? '' : ` (${safeText(name)})`}: ${mark === undefined ? 'sin nota' : number(mark)}`,
    ...account.map(
      (l) =>
        `  ${number(l.points).padStart(6)}${l.worth === undefined ? '' : ` de ${number(l.worth)}`}  ${l.title}${l.reason === '' ? '' : ` (${l.reason})`}`,
    ),
    ...wrong.map((c) => `${c.key}: ${c.state}${c.cause ? ` · ${c.cause.message} [${c.cause.code}]` : ''}`),
    ...files.flatMap((f) => f.notes.map((n) => `${f.name}:${n.line} ${n.message}`)),
    ...notices.map((n) => `[${n.code}] ${n.message}`),
    ...decisions.map((d) => `Registro ${d.number}: ${d.what}. ${d.reason}${d.inForce ? '' : ' (sin efecto)'}`),
  ].join('\n')}\n`;
}

function unknown(code: string): CodedError {
  return new CodedError({
    code: 'MALLA-NOT-04',
    happened: `Nadie con el código «${safeText(code, 80)}» ha entregado ni está en la lista.`,
    expected: 'el código de un alumno de la clase',
    todo: 'Comprueba el código, o da la lista con --lista.',
  });
}
