// `malla calificar ENTREGAS --en-cluster`: the hand-ins are graded by pods of a cluster, and their results come home.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '../../cluster/coded-error.ts';
import type { CoursePublic } from '../../grading/handin/keys.ts';
import { gradeOnCluster } from '../../grading/on-cluster/grade-on-cluster.ts';
import type { JobSettings } from '../../grading/on-cluster/job-objects.ts';
import { refusedResult, unusable } from '../../grading/replay/grade-folder.ts';
import { mergeResults } from '../../grading/replay/merge-results.ts';
import { OtherResultsError, openResults } from '../../grading/replay/results.ts';
import { type FoundSubmission, findSubmissions } from '../../grading/replay/submissions.ts';
import { type AccessOptions, reachCluster } from '../access.ts';
import { askYes } from '../ask-yes.ts';
import type { Host } from '../host.ts';
import { readCoursePublic } from './course-key.ts';
import {
  gradingSettings,
  momentOf,
  positive,
  type ReplayedFolder,
  type ReplayOptions,
  usualLimit,
  writeTable,
} from './replay-folder.ts';

export interface OnClusterOptions extends ReplayOptions, AccessOptions {
  imagen: string;
  espacio: string;
  partes?: string;
  volumen?: string;
  conservar?: boolean;
  si?: boolean;
}

/** Undefined when the answer was no. Rejects with CodedError. */
export async function replayOnCluster(
  host: Host,
  folder: string | undefined,
  options: OnClusterOptions,
): Promise<ReplayedFolder | undefined> {
  const submissions = resolve(host.cwd, folder ?? 'entregas');
  const out = resolve(host.cwd, options.salida ?? `${submissions.replace(/[/\\]+$/, '')}-notas`);
  const key = options.clave === undefined ? undefined : await readCoursePublic(resolve(host.cwd, options.clave));
  // Without a folder, they are in the volume.
  const { found } =
    folder === undefined ? { found: [] } : await findSubmissions(submissions).catch(() => ({ found: [] }));
  if (found.length === 0 && folder !== undefined) throw unusable(`En ${folder} no hay ningún fichero .zip.`);
  const { client, facts } = await reachCluster(host, options);
  if ((await facts()).simulated) throw simulated();
  const settings = settingsOf(options, found.length, key);
  if (!(await askYes(host, describePlan(settings, found.length), options))) return undefined;
  const scratch = await mkdtemp(join(tmpdir(), 'malla-en-cluster-'));
  try {
    const { header } = await gradingSettings(host, options, key, scratch);
    const parts = await gradeOnCluster({
      client,
      settings,
      submissions: await read(found),
      ...(key ? { key: JSON.stringify(key) } : {}),
      folder: scratch,
      keep: options.conservar ?? false,
      signal: host.signal,
      onProgress: (text) => void host.stderr.write(`${text}\n`),
      wait: (milliseconds) => wait(milliseconds, undefined, { signal: host.signal }),
    });
    const own = join(scratch, 'aqui');
    const results = await openResults(own, header, settings.now);
    for (const each of found)
      if (each.problem) await results.keep(each.name, each.sha256, refusedResult(each, each.problem, header.malla));
    const graded = await mergeResults(out, [own, ...parts]).catch((error: unknown) => {
      throw error instanceof OtherResultsError ? otherImage(settings.image) : error;
    });
    return { graded, out };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await writeTable(out);
  }
}

const usualParts = 4;

function settingsOf(options: OnClusterOptions, count: number, key: CoursePublic | undefined): JobSettings {
  const parts = Math.min(positive(options.partes, usualParts), count === 0 ? 1_000 : count, 1_000);
  return {
    namespace: options.espacio,
    image: options.imagen,
    parts,
    atOnce: parts,
    ...(options.volumen === undefined ? {} : { volume: options.volumen }),
    size: '2Gi',
    now: momentOf(options.momento),
    limit: positive(options.limite, usualLimit),
    sealed: key !== undefined,
  };
}

/** Those that may not be read are told here, and stay here. */
async function read(found: readonly FoundSubmission[]): Promise<{ path: string; content: Buffer }[]> {
  const good = found.filter((each) => !each.problem);
  return Promise.all(good.map(async ({ name, path }) => ({ path: name, content: await readFile(path) })));
}

function describePlan({ namespace, image, parts, volume }: JobSettings, count: number): string {
  const where = volume === undefined ? 'un volumen de 2 Gi' : `el volumen ${volume}`;
  const first = count === 0 ? `Las entregas de ${where}` : `Se llevan ${count} entregas a ${where}`;
  const last = volume === undefined ? 'se borra el espacio' : 'se borran los pods';
  return `${first}, en el espacio ${namespace}: las corrigen ${parts} pods de ${image}, y al acabar ${last}. ¿Lo hago?`;
}

function simulated(): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-62',
    happened: 'El clúster elegido es el embebido, que es un simulador.',
    expected: 'Un clúster real que ejecute la imagen de Malla.',
    todo: 'Da su kubeconfig con --kubeconfig; o quita --en-cluster: tu portátil basta.',
  });
}

function otherImage(image: string): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-63',
    happened: `Lo que ha corregido ${image} no es de esta Malla con este curso y esta clave.`,
    expected: 'Una imagen hecha con los mismos programas y laboratorios que hay aquí.',
    todo: 'Hazla otra vez: docs/entregas.md dice cómo.',
  });
}
