// The folder form of `malla calificar`, as a person or the editor sees it.
import { join, relative } from 'node:path';
import type { Graded } from '../../grading/replay/graded.ts';
import { exitCodes, type Host } from '../host.ts';
import { paintFor } from '../style.ts';
import { marksOf } from './class-marks.ts';
import { describeClass } from './describe-class.ts';
import { gradeLive, type LiveOptions } from './live-action.ts';
import { type OnClusterOptions, replayOnCluster } from './on-cluster-action.ts';
import { type ReplayedFolder, type ReplayOptions, replayFolder } from './replay-folder.ts';
import { keepMarks } from './report-verb.ts';
import { writeReports } from './write-reports.ts';

export interface FolderOptions extends ReplayOptions, OnClusterOptions, LiveOptions {
  enVivo?: boolean;
  enCluster?: boolean;
  rubrica?: string;
  lista?: string;
  json?: boolean;
}

/** Returns an exit code. */
export async function gradeFolderAction(
  host: Host,
  folder: string | undefined,
  options: FolderOptions,
): Promise<number> {
  const paint = paintFor(host);
  const line = (value: unknown): void => void host.stdout.write(`${JSON.stringify(value)}\n`);
  const onGraded: NonNullable<ReplayOptions['onGraded']> = (own, { done, of, before }) => {
    if (options.json) return line({ event: 'graded', done, of, before, ...summary(own) });
    if (!before) host.stderr.write(`${String(done).padStart(String(of).length)}/${of} ${own.submission}\n`);
  };
  const replayed = await gradeWhere(host, folder, { ...options, onGraded });
  if (!replayed) {
    host.stdout.write('No he hecho nada.\n');
    return exitCodes.right;
  }
  const { graded, out } = replayed;
  const where = relative(host.cwd, out) || out;
  if (!options.json)
    host.stdout.write(
      options.enVivo
        ? `${graded.length} espacios comprobados sin cambiar nada en ellos. Resultados en ${where}.\n`
        : describeFolder(graded, where),
    );
  if (options.rubrica !== undefined) {
    const list = options.lista === undefined ? {} : { list: options.lista };
    const result = await marksOf(host, { folder: out, graded, rubric: options.rubrica, ...list, now: Date.now() });
    const { files } = await writeReports(result, join(out, 'informe'), { comma: false });
    await keepMarks(out, result);
    if (options.json) line({ event: 'marks', folder: join(out, 'informe'), files });
    else host.stdout.write(describeClass(result, paint));
  }
  if (options.json) line({ event: 'done', folder: out, of: graded.length });
  return exitCodes.right;
}

/** Where the students work, by pods of a cluster, or here. */
function gradeWhere(
  host: Host,
  folder: string | undefined,
  options: FolderOptions,
): Promise<ReplayedFolder | undefined> {
  if (options.enVivo) return gradeLive(host, options);
  return options.enCluster ? replayOnCluster(host, folder, options) : replayFolder(host, folder ?? '', options);
}

function summary({ submission, student, outcome, seal, labs, problems }: Graded) {
  const checks = labs.flatMap((l) => l.steps.flatMap((s) => s.checks));
  const right = checks.filter((c) => c.replayed?.state === 'correcto').length;
  return {
    submission,
    ...(student === undefined ? {} : { student }),
    outcome,
    seal,
    right,
    checks: checks.length,
    codes: [...new Set(problems.map((p) => p.code))],
  };
}

function describeFolder(graded: readonly Graded[], out: string): string {
  const count = (outcome: Graded['outcome']): number => graded.filter((g) => g.outcome === outcome).length;
  const refused = graded.filter((g) => g.outcome === 'rechazada');
  const differing = graded.filter((g) => g.problems.some((p) => p.code === 'MALLA-ENT-36')).length;
  return `${[
    `${graded.length} entregas: ${count('entera')} repetidas enteras, ${count('parcial')} en parte, ${refused.length} rechazadas.`,
    ...refused
      .slice(0, 40)
      .map((g) => `  ${g.submission}: ${g.problems[0]?.message ?? ''} [${g.problems[0]?.code ?? ''}]`),
    ...(differing > 0 ? [`En ${differing} no sale al repetir lo que dice el registro: cuenta lo que sale.`] : []),
    `Tabla en ${join(out, 'entregas.csv')}.`,
  ].join('\n')}\n`;
}
