// `malla calificar --en-vivo`: the checks of a rubric on each student's namespace of a class, without changing anything.
import { join, resolve } from 'node:path';
import { type PlaceStatus, readClasses } from '../../cluster/classroom/class-status.ts';
import { openCluster, openClusterWithoutEntry } from '../../cluster/cluster.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Cluster, Stay } from '../../cluster/contract.ts';
import { gatewayLabel } from '../../cluster/kubeadm/place.ts';
import { seedFor } from '../../grading/exam/exam-seed.ts';
import { gradePlace } from '../../grading/live/grade-place.ts';
import type { Graded } from '../../grading/replay/graded.ts';
import { openResults } from '../../grading/replay/results.ts';
import { loadRubric } from '../../grading/rubric/load-rubric.ts';
import type { Rubric } from '../../grading/rubric/rubric.ts';
import type { Lab } from '../../labs/lab.ts';
import { loadLabs } from '../../labs/load.ts';
import { labsIn } from '../../labs/place/fits.ts';
import type { Place } from '../../labs/place/place.ts';
import { type AccessOptions, reachCluster } from '../access.ts';
import { labsFolder } from '../course.ts';
import type { Host } from '../host.ts';
import { mallaVersion } from '../version.ts';
import { gradingCourse } from './class-marks.ts';
import { courseDigest, type ReplayedFolder, type ReplayOptions, writeTable } from './replay-folder.ts';

export interface LiveOptions extends ReplayOptions, AccessOptions {
  rubrica?: string;
  /** Of the class on the cluster; all that there are when it is not said. */
  clase?: string;
}

/** Rejects with CodedError: MALLA-ENT-48 where there is no class, MALLA-USO-01 without a rubric. */
export async function gradeLive(host: Host, options: LiveOptions): Promise<ReplayedFolder> {
  if (options.rubrica === undefined) throw noRubric();
  const { rubric } = await loadRubric(resolve(host.cwd, options.rubrica), await gradingCourse(host));
  const whole = await reachCluster(host, options);
  const { places } = await readClasses(whole.client, options.clase);
  const open = places.filter((place) => !place.deleting);
  if (open.length === 0) throw noClass(options.clase);
  const out = resolve(host.cwd, options.salida ?? `${options.clase ?? 'clase'}-en-vivo`);
  const malla = await mallaVersion(host.root);
  const now = Date.now();
  const header = {
    format: 'malla-correccion/1' as const,
    malla,
    program: 'en-vivo',
    course: courseDigest(host),
    key: '',
  };
  const results = await openResults(out, header, now);
  const graded: Graded[] = [];
  try {
    for (const place of open) {
      host.stderr.write(`${place.namespace}…\n`);
      const stay = stayOf(place);
      const own = await gradePlace({
        cluster: await seenBy(whole, place, stay, host),
        namespace: place.namespace,
        student: place.student,
        labs: await labsFor(host, rubric, stay, place.student),
        malla,
        now,
        signal: host.signal,
      });
      await results.keep(own.submission, '', own);
      graded.push(own);
      options.onGraded?.(own, { done: graded.length, of: open.length, before: false });
    }
  } finally {
    await writeTable(out);
  }
  if (rubric.laboratorios.some((l) => (l.preguntas ?? 0) > 0))
    host.stderr.write('Las preguntas del texto no están en el clúster: cuentan como no contestadas.\n');
  return { graded, out };
}

/** A place of a class has its gateway. */
function stayOf({ namespace, student, gatewayReady, entry }: PlaceStatus): Stay {
  const own = gatewayReady || entry !== undefined;
  return { namespace, ...(own ? { gateway: gatewayLabel({ id: student }) } : {}) };
}

function seenBy({ access }: Cluster, { entry }: PlaceStatus, stay: Stay, { signal }: Host): Promise<Cluster> {
  const { kind, kubeconfig } = access;
  if (entry !== undefined) return Promise.resolve(openCluster({ kind, kubeconfig, entry, stay }));
  // By another's way in, another's work would be judged.
  if (stay.gateway === undefined) return Promise.resolve(openCluster({ kind, kubeconfig, stay }));
  return openClusterWithoutEntry({ kind, kubeconfig, stay }, { signal });
}

/** Those that the rubric names, in its words for that namespace and, in an exam, with that student's figures. */
async function labsFor(
  host: Host,
  { laboratorios, extra, examen }: Rubric,
  place: Place,
  student: string,
): Promise<Lab[]> {
  const { labs } = await loadLabs(labsFolder(host), join(host.root, 'samples'), {
    place,
    ...(examen ? { seed: seedFor(examen.semilla, student) } : {}),
  });
  const named = new Set([...laboratorios, ...extra].map((l) => l.lab));
  return labsIn(place, labs).filter((lab) => named.has(lab.id) && !lab.chapter);
}

function noRubric(): CodedError {
  return new CodedError({
    code: 'MALLA-USO-01',
    happened: 'Falta decir qué laboratorios cuentan.',
    expected: 'una rúbrica',
    todo: 'Escribe «malla calificar --en-vivo --rubrica FICHERO».',
  });
}

function noClass(name: string | undefined): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-48',
    happened:
      name === undefined ? 'En ese clúster no hay ninguna clase.' : `En ese clúster no hay ninguna clase «${name}».`,
    expected: 'Un clúster con los espacios que hace «malla aula crear».',
    todo: 'Mira qué hay con «malla aula estado», o da el kubeconfig de otro con --kubeconfig.',
  });
}
