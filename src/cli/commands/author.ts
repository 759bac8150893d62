// `malla lab nuevo` and `malla lab comprobar`: for who writes labs.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { courseHas, courseText } from '../../labs/course-files.ts';
import type { Lab } from '../../labs/lab.ts';
import { lintLab } from '../../labs/lint.ts';
import type { Problem } from '../../labs/problem.ts';
import { type AccessOptions, reachCluster, studentEnvironment, withAccessOptions } from '../access.ts';
import { findLab, labsFolder, loadCourse, previousLabs } from '../course.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { paintFor } from '../style.ts';
import { matrixHeading, matrixRow } from '../trial/matrix.ts';
import { createStartingPoints, UnsolvedError } from '../trial/starting-points.ts';
import { labTemplate } from '../trial/template.ts';
import { type Place, type Trial, tryLab, tryLabOn } from '../trial/try-lab.ts';

/** Adds both verbs to `malla lab`. */
export function authorCommands(lab: Command, { host, exit }: Invocation): void {
  // Otherwise `--json` after a verb would be taken by `malla lab` itself.
  lab.enablePositionalOptions();
  lab
    .command('nuevo')
    .description('crea un laboratorio, pequeño y correcto, para que lo cambies')
    .argument('<ID>', 'su nombre, en minúsculas y con guiones')
    .option('--titulo <TÍTULO>', 'el título que se lee')
    .option('--carpeta <CARPETA>', 'la carpeta de los laboratorios', labsFolder(host))
    .action(async (id: string, { titulo = id, carpeta }: { titulo?: string; carpeta: string }) => {
      const file = await createLab(id, titulo, resolve(host.cwd, carpeta));
      host.stdout.write(
        `He creado ${file}\nCuando lo cambies, pruébalo entero con «malla lab comprobar ${id}». El formato está en docs/escribir-un-lab.md.\n`,
      );
    });

  withAccessOptions(
    lab
      .command('comprobar')
      .description(
        'prueba laboratorios enteros en clústeres propios: soluciones, errores típicos y limpieza. Con --kubeconfig, en ese clúster y sin los errores',
      )
      .argument('[LAB...]', 'los que se prueban; todos si no se dice ninguno')
      .option('--carpeta <CARPETA>', 'con --kubeconfig: dónde crear los ficheros', host.cwd)
      .option('--desde <LAB>', 'con --kubeconfig: el laboratorio donde terminó quien preparó ese clúster', 'bookinfo')
      .option(
        '--errores',
        'con --kubeconfig: comete también los errores típicos y deshace cada uno, objeto por objeto; solo en un clúster en el que no haya nadie más',
      )
      .option('--json', 'una línea de JSON por cada cosa que se prueba'),
  ).action(async (ids: string[], options: TryOptions) => exit(await tryLabs(ids, options, host)));
}

async function createLab(id: string, title: string, labs: string): Promise<string> {
  const folder = join(labs, id);
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(id) || reserved.has(id)) throw badName(id);
  if (existsSync(folder)) throw taken(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'lab.md'), labTemplate(id, title), { flag: 'wx' });
  return join(folder, 'lab.md');
}

/** Verbs of `malla lab`. */
const reserved = new Set(['nuevo', 'comprobar']);

interface TryOptions extends AccessOptions {
  carpeta: string;
  desde: string;
  errores?: boolean;
  json?: boolean;
}

async function tryLabs(ids: readonly string[], options: TryOptions, host: Host): Promise<number> {
  const { json } = options;
  const course = await loadCourse(host);
  const chosen = ids.length === 0 ? course : ids.map((id) => findLab(course, id));
  const starting = createStartingPoints(course, host);
  const place = options.kubeconfig === undefined ? undefined : await placeOf(options, host);
  const there = findLab(course, options.desde);
  const present = new Set([...previousLabs(course, there), there]);
  const missing = (lab: Lab): Lab[] => previousLabs(course, lab).filter((l) => !present.has(l));
  const paint = paintFor(host);
  let right = true;
  try {
    if (!json) host.stdout.write(matrixHeading(chosen));
    for (const lab of chosen) {
      const trials: Trial[] = [];
      for (const problem of await proofread(lab, host)) {
        right = false;
        const { file, line, message, cure, code } = problem;
        host.stdout.write(json ? `${JSON.stringify({ problem })}\n` : `${file}:${line} [${code}] ${message} ${cure}\n`);
      }
      for await (const trial of place
        ? tryLabOn(lab, place, { missing: missing(lab), mistakes: options.errores === true })
        : tryLab(lab, starting)) {
        trials.push(trial);
        right &&= trial.passed;
        if (json) host.stdout.write(`${JSON.stringify(trial)}\n`);
        else host.stderr.write(`${trial.passed ? '✔' : '✘'} ${lab.id} ${trial.step ?? ''} ${trial.title}\n`);
      }
      if (!json) host.stdout.write(matrixRow(lab, chosen, trials, paint));
    }
  } catch (error) {
    throw error instanceof UnsolvedError ? unsolved(error) : error;
  } finally {
    await starting.remove();
  }
  return right ? exitCodes.right : exitCodes.wrong;
}

async function placeOf(options: TryOptions, host: Host): Promise<Place> {
  const cluster = await reachCluster(host, options);
  const env = await studentEnvironment(host, cluster.access.kubeconfig);
  return { cluster, env, host, folder: resolve(host.cwd, options.carpeta) };
}

/** What its text gets wrong without being malformed. */
async function proofread(lab: Lab, host: Host): Promise<Problem[]> {
  const roots = [join(lab.folder, '../..'), host.root];
  return lintLab(courseText(dirname(lab.folder), `${basename(lab.folder)}/lab.md`) ?? '', {
    file: `labs/${lab.id}/lab.md`,
    exists: (path) => roots.some((root) => courseHas(root, path)),
  });
}

function badName(id: string): CodedError {
  return new CodedError({
    code: 'MALLA-LAB-22',
    happened: `«${id}» no vale como nombre de un laboratorio.`,
    expected: 'Minúsculas, cifras y guiones, empezando por una letra; «nuevo» y «comprobar» están ocupados.',
    todo: 'Elige otro nombre, por ejemplo «mi-canary».',
  });
}

function taken(folder: string): CodedError {
  return new CodedError({
    code: 'MALLA-LAB-23',
    happened: `Ya existe ${folder}.`,
    expected: 'Una carpeta que todavía no exista: no se escribe encima de nada.',
    todo: 'Elige otro nombre, o cambia el laboratorio que ya tienes.',
  });
}

function unsolved({ lab, step }: UnsolvedError): CodedError {
  return new CodedError({
    code: 'MALLA-LAB-24',
    happened: `La solución de ${lab} (paso ${step}) no da correcto, y otros laboratorios empiezan donde él termina.`,
    expected: 'Los laboratorios de los que se parte se pueden resolver.',
    todo: `Prueba primero «malla lab comprobar ${lab}».`,
  });
}
