// `malla examen`: an exam on the student's machine, and its sheet, which the teacher makes from a rubric.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { mallaHome } from '../../cluster/home.ts';
import { keepSeed, readSeed } from '../../cluster/student-seed.ts';
import { seedFor } from '../../grading/exam/exam-seed.ts';
import { type ExamSheet, examSheetSchema, sheetOf } from '../../grading/exam/exam-sheet.ts';
import { type Exam, forgetExam, keepExam, phaseOf, readExam } from '../../grading/exam/exam-state.ts';
import { studentCodeSchema } from '../../grading/handin/hand-in.ts';
import { loadRubric } from '../../grading/rubric/load-rubric.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { describeExam, describeTime } from '../exam/describe-exam.ts';
import { clockVerbs } from '../exam/exam-clock-verb.ts';
import { examError } from '../exam/exam-error.ts';
import { gradingCourse } from '../grading/class-marks.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { handIn, noCode } from './hand-in.ts';

export function examCommand(program: Command, { host, exit }: Invocation): void {
  const command = program
    .command('examen')
    .description('un examen: con su hora, sin pistas ni soluciones, y con datos de cada uno');
  const home = (): string => mallaHome(host.env);
  /** Rejects with MALLA-EXA-04. */
  const begun = (): Exam => {
    const exam = readExam(home());
    if (!exam) throw examError('MALLA-EXA-04', 'No hay ningún examen empezado.');
    return exam;
  };

  command
    .command('hoja')
    .description(
      'para quien examina: hace, de la rúbrica, la hoja que se da a los alumnos; no lleva pesos ni respuestas',
    )
    .argument('<RÚBRICA>', 'una rúbrica con el campo «examen»')
    .option('--ensayo', 'una de ensayo: la misma forma, sin hora y con otros datos')
    .option('--salida <FICHERO>', 'dónde escribirla; por defecto, ID.examen.json')
    .action(async (file: string, { ensayo = false, salida }: { ensayo?: boolean; salida?: string }) => {
      const { rubric } = await loadRubric(resolve(host.cwd, file), await gradingCourse(host));
      const sheet = sheetOf(rubric, { rehearsal: ensayo });
      if (!sheet) throw examError('MALLA-EXA-06', 'La rúbrica no tiene el campo «examen».');
      const out = resolve(host.cwd, salida ?? `${sheet.id}.examen.json`);
      await writeFile(out, `${JSON.stringify(sheet, undefined, 2)}\n`);
      host.stdout.write(`Hoja en ${out}. Cada alumno empieza con «malla examen empezar HOJA --alumno CÓDIGO».\n`);
    });

  command
    .command('empezar')
    .description('empieza el examen: desde ahora corre el tiempo y cada comprobación queda guardada')
    .argument('<HOJA>', 'la que te han dado')
    .requiredOption('--alumno <CÓDIGO>', 'el código que te han dado')
    .option('--json', 'una línea de JSON')
    .action(async (file: string, { alumno, json }: { alumno: string; json?: boolean }) => {
      const other = readExam(home());
      if (other) throw examError('MALLA-EXA-03', `Ya has empezado «${other.sheet.title}».`);
      const student = studentCodeSchema.safeParse(alumno.trim()).data;
      if (student === undefined) throw noCode(alumno);
      const sheet = await readSheet(host, file);
      const now = Date.now();
      const { phase, left } = phaseOf(sheet, now, now);
      if (phase === 'antes') throw examError('MALLA-EXA-02', `El examen se abre dentro de ${describeTime(left ?? 0)}.`);
      if (phase === 'acabado') throw examError('MALLA-EXA-02', 'El examen ya se ha cerrado.');
      const exam: Exam = { sheet, student, begun: new Date(now).toISOString(), seedBefore: readSeed(home(), {}) };
      await keepExam(home(), exam);
      await keepSeed(home(), seedFor(sheet.seed, student));
      host.stdout.write(json ? `${JSON.stringify({ exam })}\n` : describeExam(exam, now));
    });

  command
    .command('estado')
    .description('qué examen haces, cuánto queda y qué laboratorios entran')
    .option('--json', 'una línea de JSON')
    .action(({ json }: { json?: boolean }) => {
      const exam = readExam(home());
      const now = Date.now();
      if (json) host.stdout.write(`${JSON.stringify({ exam: exam ?? null, ...(exam ? phaseNow(exam, now) : {}) })}\n`);
      else host.stdout.write(exam ? describeExam(exam, now) : 'No hay ningún examen empezado.\n');
      exit(exam ? exitCodes.right : exitCodes.wrong);
    });

  command
    .command('entregar')
    .description('hace el fichero que se entrega, con los laboratorios del examen, y lo da por acabado')
    .option('--salida <FICHERO>', 'dónde escribirlo')
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (options: { salida?: string; si?: boolean; json?: boolean }) => {
      const exam = begun();
      const { sheet, student } = exam;
      const written = await handIn(host, { ...options, alumno: student, labs: sheet.labs.join(',') });
      if (!written) return;
      await end(home(), exam);
      if (!options.json) host.stdout.write('El examen está acabado. Las pistas y las soluciones vuelven.\n');
    });

  clockVerbs(command, host, {
    begun,
    async handIn(exam, { salida }) {
      const { student, sheet } = exam;
      await handIn(host, { alumno: student, labs: sheet.labs.join(','), salida, si: true });
      await end(home(), exam);
      host.stdout.write('El examen está acabado. Las pistas y las soluciones vuelven.\n');
    },
  });

  command
    .command('dejar')
    .description('acaba el examen sin entregar nada; lo que hiciste sigue guardado')
    .option(...yesOption)
    .action(async (options: { si?: boolean }) => {
      const exam = begun();
      if (!(await askYes(host, `¿Dejas «${exam.sheet.title}» sin entregarlo?`, options))) return;
      await end(home(), exam);
      host.stdout.write('Examen dejado.\n');
    });
}

function phaseNow({ sheet, begun }: Exam, now: number): ReturnType<typeof phaseOf> {
  return phaseOf(sheet, now, Date.parse(begun));
}

/** The code of before comes back. */
async function end(home: string, { seedBefore }: Exam): Promise<void> {
  await keepSeed(home, seedBefore);
  await forgetExam(home);
}

async function readSheet(host: Host, file: string): Promise<ExamSheet> {
  const text = await readFile(resolve(host.cwd, file), 'utf8').catch(() => '');
  try {
    return examSheetSchema.parse(JSON.parse(text));
  } catch {
    throw examError('MALLA-EXA-01', `${file} no es la hoja de un examen.`);
  }
}
