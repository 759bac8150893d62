// `malla calificar`: marks for the chosen labs on the cluster at hand.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Verdict } from '../../checks/verdict.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Cluster } from '../../cluster/contract.ts';
import { mallaHome } from '../../cluster/home.ts';
import { type LabMark, type MarkSheet, markLab, markSheet } from '../../grading/mark-sheet.ts';
import { csvOf, stateOf } from '../../grading/reports/csv.ts';
import { junitOf } from '../../grading/reports/junit.ts';
import type { Lab } from '../../labs/lab.ts';
import { type AccessOptions, reachCluster, startCluster, withAccessOptions } from '../access.ts';
import { yesOption } from '../ask-yes.ts';
import { findLab, loadCourse } from '../course.ts';
import { type FolderOptions, gradeFolderAction } from '../grading/folder-action.ts';
import { gradingVerbs } from '../grading/verbs.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { overtakenSteps } from '../overtaken.ts';
import { readProgress } from '../progress-file.ts';
import { type Paint, paintFor } from '../style.ts';
import { verifyLab } from '../verify-lab.ts';

interface Options extends AccessOptions, FolderOptions {
  labs?: string;
  alumno: string;
  json?: boolean;
  csv?: string;
  junit?: string;
}

export function gradeCommand(program: Command, invocation: Invocation): void {
  const { host, exit } = invocation;
  // Otherwise `--json` after a verb would be taken by `malla calificar` itself.
  const command = program.command('calificar').enablePositionalOptions();
  gradingVerbs(command, invocation);
  withAccessOptions(
    command
      .description(
        'repite las entregas de una carpeta y les pone nota; o, con --labs, verifica laboratorios en el clúster',
      )
      .argument('[ENTREGAS]', 'la carpeta con un fichero .zip por entrega')
      .option('--rubrica <FICHERO>', 'de las entregas: cómo se califican; escribe también los informes de la clase')
      .option('--salida <CARPETA>', 'de las entregas: dónde van los resultados; por defecto, ENTREGAS-notas')
      .option('--lista <CSV>', 'de las entregas: la lista de la clase')
      .option('--clave <FICHERO>', 'de las entregas: la clave del curso, para comprobar los sellos')
      .option('--procesos <N>', 'de las entregas: cuántas a la vez; por defecto, una por procesador')
      .option('--limite <SEGUNDOS>', 'de las entregas: lo más que puede tardar una; por defecto, 300')
      .option('--sin-recordar', 'de las entregas: repite también lo que es igual que lo de otra')
      .option(
        '--fragmento <I/N>',
        'de las entregas: solo la parte I de N, de la 0 a la N-1; después, «calificar juntar»',
      )
      .option('--momento <ISO>', 'de las entregas: cuándo se corrigen; por defecto, ahora')
      .option('--en-vivo', 'sin entregas: comprueba el espacio de cada alumno de una clase, sin cambiar nada en él')
      .option('--clase <NOMBRE>', 'de --en-vivo: la clase; por defecto, todas las que hay en el clúster')
      .option('--en-cluster', 'de las entregas: las corrigen pods de un clúster real, y los resultados vienen aquí')
      .option('--imagen <IMAGEN>', 'de --en-cluster: la de Malla; docs/entregas.md dice cómo hacerla', 'malla:local')
      .option('--espacio <NOMBRE>', 'de --en-cluster: un espacio de nombres que no exista', 'malla-calificar')
      .option('--partes <N>', 'de --en-cluster: en cuántos pods; por defecto, 4')
      .option(
        '--volumen <PVC>',
        'de --en-cluster: uno que ya está en ese espacio; sin ENTREGAS, las de su carpeta entregas/',
      )
      .option('--conservar', 'de --en-cluster: no borra el espacio al acabar')
      .option(...yesOption)
      .option('--labs <LABS>', 'los que cuentan, separados por comas')
      .option('--alumno <NOMBRE>', 'de quién es el clúster', '')
      .option('--json', 'las notas y su evidencia, en una línea de JSON')
      .option('--csv <FICHERO>', 'escribe también una tabla para la hoja de cálculo')
      .option('--junit <FICHERO>', 'escribe también un informe de JUnit'),
  ).action(async (folder: string | undefined, options: Options) => {
    const inVolume = options.enCluster && options.volumen !== undefined;
    if (folder !== undefined || inVolume || options.enVivo) return exit(await gradeFolderAction(host, folder, options));
    const course = await loadCourse(host);
    if (options.labs === undefined) throw nothingToGrade();
    const labs = options.labs.split(',').map((id) => findLab(course, id.trim()));
    const cluster = await reachCluster(host, options);
    const sheet = await grade(labs, cluster, options.alumno, host);
    if (options.csv !== undefined) await writeFile(resolve(host.cwd, options.csv), csvOf(sheet));
    if (options.junit !== undefined) await writeFile(resolve(host.cwd, options.junit), junitOf(sheet));
    host.stdout.write(options.json ? `${JSON.stringify(sheet)}\n` : describeSheet(sheet, paintFor(host)));
    const points = sheet.labs.flatMap((l) => l.checks.map((c) => c.points));
    exit(points.includes(0) ? exitCodes.wrong : points.includes(undefined) ? exitCodes.unverifiable : exitCodes.right);
  });
}

function nothingToGrade(): CodedError {
  return new CodedError({
    code: 'MALLA-USO-01',
    happened: 'Falta decir qué se califica.',
    expected: 'una carpeta de entregas, o los laboratorios que cuentan',
    todo: 'Escribe «malla calificar ENTREGAS --rubrica FICHERO», o «malla calificar --labs canary,mtls».',
  });
}

async function grade(labs: readonly Lab[], cluster: Cluster, student: string, host: Host): Promise<MarkSheet> {
  const { serverVersion, simulated, istio } = await cluster.facts();
  const progress = await readProgress(mallaHome(host.env));
  const marks: LabMark[] = [];
  for (const lab of labs) {
    host.stderr.write(`Verificando ${lab.id}…\n`);
    const own = lab.machines && cluster.access.kind === 'embebido' ? await startCluster(host, lab) : cluster;
    const results = await verifyLab(lab, own, host);
    const overtaken = overtakenSteps(results, progress[lab.id] ?? []);
    marks.push(
      markLab(
        lab,
        lab.steps.map((step) => ({
          step,
          overtaken: overtaken.has(step.id),
          verdicts: verdictsOf(results.find((r) => r.step === step.id)?.checks ?? []),
        })),
      ),
    );
  }
  const facts = { serverVersion, simulated, ...(istio ? { istio: istio.version } : {}) };
  return markSheet(marks, { student, at: new Date().toISOString(), cluster: facts });
}

function verdictsOf(checks: readonly { verdict: Verdict }[]): Verdict[] {
  return checks.map((c) => c.verdict);
}

function describeSheet(sheet: MarkSheet, paint: Paint): string {
  const lines: string[] = [];
  for (const { title, mark, checks } of sheet.labs) {
    lines.push(`${paint('bold', title)}  ${printMark(mark)}`);
    for (const check of checks) {
      const colour = check.points === undefined ? 'yellow' : check.points === 1 ? 'green' : 'red';
      const cause = check.points === 1 ? '' : ` · ${check.verdict.cause?.message ?? check.verdict.observed}`;
      lines.push(`  ${paint(colour, stateOf(check).padEnd(14))} ${check.title}${paint('dim', cause)}`);
    }
  }
  const apart = sheet.labs.flatMap((l) => l.checks).filter((c) => c.points === undefined).length;
  if (apart > 0) {
    lines.push(
      `${apart === 1 ? 'Una comprobación no se ha podido' : `${apart} comprobaciones no se han podido`} verificar: no cuentan.`,
    );
  }
  const who = sheet.student === '' ? 'Nota' : `Nota de ${sheet.student}`;
  const where = sheet.cluster.simulated ? paint('dim', ' (en el clúster simulado)') : '';
  lines.push(`${paint('bold', `${who}: ${printMark(sheet.mark)}`)}${where}`);
  return `${lines.join('\n')}\n`;
}

function printMark(mark: number | undefined): string {
  return mark === undefined ? 'sin nota' : `${mark.toLocaleString('es-ES', { maximumFractionDigits: 2 })} de 10`;
}
