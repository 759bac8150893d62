// `malla calificar ajustar`: a decision of the teacher over a mark, with its reason, added to the record of the class.
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { closest } from '../../diagnosis/typo.ts';
import { decisionsIn } from '../../grading/record/decisions.ts';
import type { Entry, RecordLine } from '../../grading/record/record.ts';
import { addToRecord, loadRecord } from '../../grading/record/record-file.ts';
import { type ClassList, readClassList } from '../../grading/roster/class-list.ts';
import { readList } from '../classroom/read-list.ts';
import type { Host, Invocation } from '../host.ts';
import { codeOf } from './class-marks.ts';
import { gradedIn } from './report-verb.ts';

interface Options {
  alumno: string;
  puntos?: string;
  comprobacion?: string;
  vale?: string;
  anular?: string;
  motivo: string;
  por?: string;
  lista?: string;
  json?: boolean;
}

export function adjustVerb(grade: Command, { host }: Invocation): void {
  grade
    .command('ajustar')
    .description('cambia la nota de un alumno con un motivo, que queda en el registro de la clase')
    .argument('<RESULTADOS>', 'la carpeta de los resultados')
    .requiredOption('--alumno <CÓDIGO>', 'de quién')
    .requiredOption('--motivo <TEXTO>', 'por qué: lo lee el alumno en su informe')
    .option('--puntos <NÚMERO>', 'puntos que se suman, o que se restan si es negativo')
    .option('--comprobacion <LAB/PASO/COMPROBACIÓN>', 'la comprobación o pregunta sobre la que se decide')
    .option('--vale <SÍ|NO|NADA>', 'con --comprobacion: cuenta como bien, como mal, o no cuenta')
    .option('--anular <LÍNEA>', 'deja sin efecto el ajuste de esa línea del registro')
    .option('--por <NOMBRE>', 'quién lo decide')
    .option('--lista <CSV>', 'la lista de la clase, si el alumno no ha entregado nada')
    .option('--json', 'una línea de JSON')
    .action(async (folder: string, options: Options) => {
      const results = resolve(host.cwd, folder);
      const student = await knownStudent(host, results, options);
      const entry = entryOf(student, options, await loadRecord(results));
      const line = await addToRecord(results, entry, new Date().toISOString());
      const inForce = decisionsIn(await loadRecord(results)).get(student) ?? [];
      if (options.json) host.stdout.write(`${JSON.stringify({ line, inForce })}\n`);
      else
        host.stdout.write(
          `Anotado en la línea ${line.number} del registro. ${student} tiene ${inForce.length === 1 ? 'un ajuste' : `${inForce.length} ajustes`}. Vuelve a hacer los informes con «malla calificar informe».\n`,
        );
    });
}

function entryOf(student: string, options: Options, record: readonly RecordLine[]): Entry {
  const about = { student, reason: options.motivo.trim(), by: options.por ?? userName() };
  if (about.reason.length < 3)
    throw wrong('El motivo está vacío.', 'un motivo que entienda quien lo lea', 'Escríbelo con --motivo.');
  const ways = [options.puntos, options.comprobacion, options.anular].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw wrong('No se sabe qué ajustar.', 'una sola cosa: --puntos, --comprobacion o --anular', 'Da una de las tres.');
  if (options.puntos !== undefined) {
    const points = Number(options.puntos.replace(',', '.'));
    if (Number.isFinite(points) && points !== 0 && Math.abs(points) <= 1000)
      return { kind: 'puntos', points, ...about };
    throw wrong(
      `«${options.puntos}» no son puntos.`,
      'un número que no sea 0',
      'Escribe por ejemplo --puntos 0,5 o --puntos=-1.',
    );
  }
  if (options.anular !== undefined) {
    const number = Number(options.anular);
    const undone = record.find((line) => line.number === number)?.entry;
    if (undone && undone.kind !== 'notas' && undone.kind !== 'anulacion' && undone.student === student)
      return { kind: 'anulacion', number, ...about };
    throw wrong(
      `La línea ${options.anular} no es un ajuste de ${student}.`,
      'el número de un ajuste suyo',
      'Mira registro.jsonl.',
    );
  }
  return onCheck(options, about);
}

function onCheck({ comprobacion = '', vale }: Options, about: { student: string; reason: string; by: string }): Entry {
  const [lab, step, check, ...rest] = comprobacion.split('/');
  if (!lab || step === undefined || !check || rest.length > 0)
    throw wrong(
      `«${comprobacion}» no nombra una comprobación.`,
      'LAB/PASO/COMPROBACIÓN',
      'Cópiala del informe, por ejemplo canary/noventa/reparto.',
    );
  const decided = { kind: 'comprobacion' as const, lab, check: `${step}/${check}`, ...about };
  const plain = vale?.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (plain === 'si') return { ...decided, right: true };
  if (plain === 'no') return { ...decided, right: false };
  if (plain === 'nada') return decided;
  throw wrong('Falta decir cómo cuenta.', '--vale sí, no o nada', 'Añádelo a la orden.');
}

/** Their code as the list has it. Rejects with MALLA-NOT-04 for who is in no hand-in and on no list. */
async function knownStudent(host: Host, folder: string, { alumno, lista }: Options): Promise<string> {
  const list: ClassList | undefined = lista === undefined ? undefined : readClassList(await readList(host, lista));
  const found = list?.find(alumno);
  if (found) return found.code;
  const codes = [...new Set((await gradedIn(folder)).flatMap((g) => codeOf(g, list) ?? []))];
  const exact = codes.find((code) => code.toLowerCase() === alumno.toLowerCase());
  if (exact !== undefined) return exact;
  const meant = closest(alumno, codes, (code) => code) ?? list?.meant(alumno)?.code;
  throw new CodedError({
    code: 'MALLA-NOT-04',
    happened: `Nadie con el código «${alumno.slice(0, 80)}» ha entregado ni está en la lista.`,
    expected: 'el código de un alumno de la clase',
    todo: meant === undefined ? 'Comprueba el código, o da la lista con --lista.' : `¿Querías decir «${meant}»?`,
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

function wrong(happened: string, expected: string, todo: string): CodedError {
  return new CodedError({ code: 'MALLA-USO-01', happened, expected, todo });
}
