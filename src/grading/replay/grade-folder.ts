// Every hand-in of a folder, graded: in any order, by several processes, going on where it was left. One that is bad in any
// way is told and never stops the others.
import { CodedError } from '../../cluster/coded-error.ts';
import { problem } from '../handin/problems.ts';
import type { Graded, Problem } from './graded.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import { type Header, OtherResultsError, openResults } from './results.ts';
import { partOf, type Shard } from './shard.ts';
import { type FoundSubmission, findSubmissions } from './submissions.ts';
import { unreadGraded } from './unread.ts';

export interface GradeFolderOptions {
  /** Of the hand-ins, and where the results go. */
  folder: string;
  out: string;
  header: Omit<Header, 'now'>;
  now: number;
  /** Only that part of them. */
  shard?: Shard;
  pool: Omit<PoolOptions, 'setUp'> & { setUp: Omit<PoolOptions['setUp'], 'now'> };
  /** Hears of each that is done, also of those that were done before. */
  onGraded?(graded: Graded, progress: { done: number; of: number; before: boolean }): void;
  /** Hears that what a lab starts from is being made. */
  onPrepare?(lab: string): void;
}

/** By name. Rejects with CodedError (MALLA-ENT-41, MALLA-ENT-42), or the signal's reason. */
export async function gradeFolder(options: GradeFolderOptions): Promise<Graded[]> {
  const { folder, out, header, now, onGraded = () => {} } = options;
  const { found, truncated } = await findSubmissions(folder).catch((error: unknown) => {
    throw unusable(`No se puede leer ${folder}: ${error instanceof Error ? error.message : String(error)}.`);
  });
  if (truncated) throw unusable(`${folder} tiene más de 50 000 ficheros: no es una carpeta de entregas.`);
  if (found.length === 0) throw unusable(`En ${folder} no hay ningún fichero .zip.`);
  const own = options.shard ? partOf(found, options.shard) : found;
  const results = await openResults(out, header, now).catch((error: unknown) => {
    throw error instanceof OtherResultsError ? otherResults(out) : error;
  });
  const pool = createPool({ ...options.pool, setUp: { ...options.pool.setUp, now: results.header.now } });
  const prepare = preparing(pool, options.onPrepare);
  const graded: Graded[] = [];
  try {
    const one = async (submission: FoundSubmission): Promise<void> => {
      const before = await results.find(submission.name, submission.sha256);
      const said = before ?? (await gradeOne(submission, pool, prepare, header.malla));
      if (!before) await results.keep(submission.name, submission.sha256, said);
      graded.push(said);
      onGraded(said, { done: graded.length, of: own.length, before: before !== undefined });
    };
    await inTurns(own, options.pool.workers * 2, one);
  } finally {
    await pool.close();
  }
  return graded.toSorted((a, b) => (a.submission < b.submission ? -1 : 1));
}

async function gradeOne(
  { name, path, sha256, problem: refusal }: FoundSubmission,
  pool: Pool,
  prepare: (labs: readonly string[]) => Promise<void>,
  malla: string,
): Promise<Graded> {
  if (refusal) return refusedResult({ name, sha256 }, refusal, malla);
  const refused = (why: Problem): Graded => refusedResult({ name, sha256 }, why, malla);
  let outcome = await pool.run({ do: 'replay', path, name, anyway: false });
  if (outcome.is === 'needs') {
    await prepare(outcome.labs);
    outcome = await pool.run({ do: 'replay', path, name, anyway: true });
  }
  // What it died of may be of those before it: alone, it is its own.
  if (outcome.is === 'died') outcome = await pool.run({ do: 'replay', path, name, anyway: true }, { fresh: true });
  if (outcome.is === 'replayed') return outcome.graded;
  if (outcome.is === 'late')
    return refused(problem('MALLA-ENT-31', 'rechazo', 'Repetirla ha pasado del límite de tiempo.'));
  return refused(problem('MALLA-ENT-32', 'rechazo', 'Al repetirla, su proceso ha acabado sin responder.'));
}

/** Of a hand-in that is not read. */
export function refusedResult(
  { name, sha256 }: Pick<FoundSubmission, 'name' | 'sha256'>,
  why: Problem,
  malla: string,
): Graded {
  return { ...unreadGraded({ name, bytes: Buffer.alloc(0) }, malla), sha256, problems: [why] };
}

/** Each state is made once, whoever asks. A failure is told by the replay that needs it. */
function preparing(
  pool: Pool,
  onPrepare: (lab: string) => void = () => {},
): (labs: readonly string[]) => Promise<void> {
  const made = new Map<string, Promise<unknown>>();
  return async (labs) => {
    for (const lab of labs) {
      const known = made.get(lab);
      if (!known) onPrepare(lab);
      const making = known ?? pool.run({ do: 'prepare', lab });
      made.set(lab, making);
      await making;
    }
  };
}

async function inTurns<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}

export function unusable(happened: string): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-41',
    happened,
    expected: 'Una carpeta con un fichero .zip por entrega, de los que hace «malla entregar».',
    todo: 'Comprueba la ruta.',
  });
}

export function otherResults(out: string): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-42',
    happened: `${out} ya tiene resultados de otra corrección: otro curso, otra clave u otra Malla.`,
    expected: 'Una carpeta vacía, o la de esta misma corrección sin acabar.',
    todo: 'Elige otra con --salida, o borra esa.',
  });
}
