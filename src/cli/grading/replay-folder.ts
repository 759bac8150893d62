// `malla calificar ENTREGAS`: every hand-in of a folder done again, and a table of what came out.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodedError } from '../../cluster/coded-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { sha256 } from '../../grading/handin/canonical-json.ts';
import type { CoursePublic } from '../../grading/handin/keys.ts';
import { gradeFolder } from '../../grading/replay/grade-folder.ts';
import type { Graded } from '../../grading/replay/graded.ts';
import { readResults, writeWhole } from '../../grading/replay/results.ts';
import { readShard, type Shard } from '../../grading/replay/shard.ts';
import { handInsCsv } from '../../grading/reports/hand-ins-csv.ts';
import { courseFolders, courseText, packedCourse } from '../../labs/course-files.ts';
import { labsFolder } from '../course.ts';
import type { Host } from '../host.ts';
import { mallaVersion } from '../version.ts';
import { readCoursePublic } from './course-key.ts';

export interface ReplayOptions {
  salida?: string;
  clave?: string;
  procesos?: string;
  limite?: string;
  sinRecordar?: boolean;
  /** `0/5`: only the first of five parts. */
  fragmento?: string;
  /** ISO 8601: when it is graded, for clocks that are ahead; now, when it is not said. */
  momento?: string;
  /** Hears of each hand-in as it is done. */
  onGraded?: Parameters<typeof gradeFolder>[0]['onGraded'];
}

export interface ReplayedFolder {
  graded: Graded[];
  /** Where the results are. */
  out: string;
}

/** The table is written whatever happens, with what there is by then. Rejects with CodedError, or when aborted. */
export async function replayFolder(host: Host, folder: string, options: ReplayOptions): Promise<ReplayedFolder> {
  const submissions = resolve(host.cwd, folder);
  const out = resolve(host.cwd, options.salida ?? `${submissions.replace(/[/\\]+$/, '')}-notas`);
  const key = options.clave === undefined ? undefined : await readCoursePublic(resolve(host.cwd, options.clave));
  const shard = shardOf(options.fragmento);
  const scratch = await mkdtemp(join(tmpdir(), 'malla-calificar-'));
  try {
    const graded = await gradeFolder({
      folder: submissions,
      out,
      now: momentOf(options.momento),
      ...(shard ? { shard } : {}),
      ...(await gradingSettings(host, options, key, scratch)),
      onPrepare: (lab) => host.stderr.write(`Preparando el comienzo de ${lab}…\n`),
      ...(options.onGraded ? { onGraded: options.onGraded } : {}),
    });
    return { graded, out };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await writeTable(out);
  }
}

/** Minutes are for a machine that is very busy: a hand-in takes a second. */
export const usualLimit = 300;
const megabytes = 1024;

/** What all hand-ins of one grading have in common. */
export async function gradingSettings(
  host: Host,
  options: ReplayOptions,
  key: CoursePublic | undefined,
  scratch: string,
) {
  const entry = join(host.root, 'dist', 'replay.mjs');
  const program = sha256(readFileSync(entry));
  const malla = await mallaVersion(host.root);
  const states = join(mallaHome(host.env), 'comienzos');
  await mkdir(states, { recursive: true });
  return {
    header: {
      format: 'malla-correccion/1' as const,
      malla,
      program,
      course: courseDigest(host),
      key: key?.course ?? '',
    },
    pool: {
      entry,
      nodePath: host.nodePath,
      workers: positive(options.procesos, availableParallelism()),
      deadline: positive(options.limite, usualLimit) * 1000,
      memory: megabytes,
      cache: join(mallaHome(host.env), 'cache'),
      signal: host.signal,
      setUp: {
        labs: labsFolder(host),
        samples: join(host.root, 'samples'),
        states,
        scratch,
        malla,
        program,
        ...(key ? { key: { course: key.course, publicKey: key.publicKey } } : {}),
        remember: !options.sinRecordar,
      },
    },
  };
}

export function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return Number.isFinite(value) && value >= 1 ? Math.floor(value) : otherwise;
}

/** Of every text that a lab is made of. */
export function courseDigest(host: Host): string {
  const labs = labsFolder(host);
  const digest = createHash('sha256');
  for (const name of courseFolders(labs).toSorted()) digest.update(`${name}\0${courseText(labs, `${name}/lab.md`)}\0`);
  const packed = join(host.root, ...packedCourse);
  if (existsSync(packed)) digest.update(readFileSync(packed));
  return digest.digest('hex');
}

/** Throws MALLA-USO-01. */
function shardOf(text: string | undefined): Shard | undefined {
  const shard = text === undefined ? undefined : readShard(text);
  if (text === undefined || shard) return shard;
  throw misused(
    `«${text.slice(0, 40)}» no dice qué parte.`,
    '--fragmento 0/5 para la primera de cinco, 4/5 para la última',
  );
}

/** Throws MALLA-USO-01. */
export function momentOf(text: string | undefined): number {
  const moment = text === undefined ? Date.now() : Date.parse(text);
  if (!Number.isNaN(moment)) return moment;
  throw misused(`«${String(text).slice(0, 40)}» no es un momento.`, '--momento 2026-12-01T10:00:00Z');
}

function misused(happened: string, expected: string): CodedError {
  return new CodedError({ code: 'MALLA-USO-01', happened, expected, todo: 'Corrige la orden.' });
}

/** With what there is by then. */
export async function writeTable(out: string): Promise<void> {
  const graded = await readResults(out).catch(() => []);
  if (graded.length > 0) await writeWhole(join(out, 'entregas.csv'), handInsCsv(graded));
}
