// malla limpiar: takes away what Malla and the labs made on the cluster in use, and nothing else.
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Lab } from '../../labs/lab.ts';
import { type AccessOptions, reachCluster, studentEnvironment, withAccessOptions } from '../access.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { carryOut } from '../clean/carry-out.ts';
import { type CleanPlan, isEmptyPlan, planClean, titleOf } from '../clean/plan.ts';
import { findLab, loadCourse } from '../course.ts';
import { exitCodes, type Invocation } from '../host.ts';

interface Options extends AccessOptions {
  todo?: boolean;
  tambien?: boolean;
  lista?: boolean;
  si?: boolean;
  json?: boolean;
}

export function cleanCommand(program: Command, { host, exit }: Invocation): void {
  withAccessOptions(program.command('limpiar'))
    .description('borra del clúster lo que han hecho los laboratorios y Malla: antes lo enseña y pregunta')
    .argument('[LAB...]', 'solo lo de esos laboratorios; sin ninguno, lo de todos')
    .option('--todo', 'además, lo que Malla puso por su cuenta, e Istio si lo instaló Malla')
    .option(
      '--tambien',
      'también lo que se llama como lo de un laboratorio y dice otra cosa, y un Istio que no es de Malla',
    )
    .option('--lista', 'solo lo enseña')
    .option(...yesOption)
    .option('--json', 'una línea de JSON')
    .action(async (names: string[], options: Options) => {
      const course = await loadCourse(host);
      const labs = chosenLabs(course, names);
      const cluster = await reachCluster(host, options);
      const plan = await planClean(cluster.client, { course, labs, everything: options.todo === true });
      const others = options.tambien === true;
      const nothing = isEmptyPlan(plan) && !(others && (plan.apart.length > 0 || plan.istio));
      if (!options.json) host.stdout.write(describePlan(plan, others, cluster.access.kind));
      if (options.lista || nothing) {
        if (options.json) host.stdout.write(`${JSON.stringify({ done: false, ...summary(plan) })}\n`);
        return;
      }
      if (!(await askYes(host, '¿Lo borro?', options))) {
        host.stdout.write('No he tocado nada.\n');
        return;
      }
      const env = await studentEnvironment(host, cluster.access.kubeconfig);
      const left = await carryOut(plan, {
        cluster,
        env,
        others,
        signal: host.signal,
        onProgress: (line) => void (options.json || host.stdout.write(`  ${line}\n`)),
      });
      if (left.length > 0) exit(exitCodes.wrong);
      if (options.json) {
        const still = left.map(({ ref, reason }) => ({ object: titleOf(ref), reason }));
        host.stdout.write(`${JSON.stringify({ done: true, ...summary(plan), left: still })}\n`);
        return;
      }
      for (const { ref, reason } of left) host.stdout.write(`  sigue ahí: ${titleOf(ref)} (${reason})\n`);
      host.stdout.write(left.length === 0 ? 'Limpio.\n' : 'Queda algo: repite la orden dentro de un momento.\n');
    });
}

/** Chapters have nothing on a cluster. Throws MALLA-USO-31 for the lab of the machines, MALLA-USO-02 for no lab. */
function chosenLabs(course: readonly Lab[], names: readonly string[]): Lab[] {
  if (names.length === 0) return course.filter((lab) => !lab.chapter && lab.notHere === undefined);
  return names.map((name) => {
    const lab = findLab(course, name);
    if (!lab.chapter) return lab;
    throw new CodedError({
      code: 'MALLA-USO-31',
      happened: `«${name}» es un capítulo de teoría: no deja nada en ningún clúster.`,
      expected: 'El nombre de un laboratorio.',
      todo: 'Escribe «malla labs» para ver cuáles lo son, o «malla limpiar» para todos.',
    });
  });
}

function describePlan(plan: CleanPlan, others: boolean, kind: string): string {
  const lines: string[] = [];
  const section = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push(title, ...items.map((item) => `  ${item}`));
  };
  section(
    `Se borraría del clúster en uso (${kind}):`,
    plan.remove.map(({ ref, why }) => `${titleOf(ref)}  (${why})`),
  );
  section(
    'Volvería a su forma:',
    plan.restore.map(({ ref }) => titleOf(ref)),
  );
  section(
    'Se quitarían etiquetas:',
    plan.labels.map(({ namespace, key, value }) => `${key}=${value} de ${namespace}`),
  );
  if (plan.istio)
    section(
      plan.istio.ours || others
        ? 'Se quitaría:'
        : 'Se queda (no consta que lo instalara Malla; con --tambien se quita):',
      ['Istio, con sus CRD y su espacio istio-system'],
    );
  section(
    others ? 'También se borraría:' : 'Se queda, porque no es como lo hace el curso (con --tambien se borra):',
    plan.apart.map(({ ref, why }) => `${titleOf(ref)}  (${why})`),
  );
  if (plan.ofClasses > 0)
    section('Se queda:', [`lo de las clases, ${plan.ofClasses} objetos: se borra con «malla aula borrar»`]);
  section('No he podido mirar estas clases, por falta de permiso:', plan.unseen);
  return lines.length === 0 ? 'No hay nada que limpiar.\n' : `${lines.join('\n')}\n`;
}

function summary({ remove, apart, restore, labels, istio, ofClasses, unseen }: CleanPlan) {
  const titles = (items: readonly { ref: { apiVersion: string; kind: string; name: string } }[]) =>
    items.map(({ ref }) => titleOf(ref));
  return {
    remove: titles(remove),
    apart: titles(apart),
    restore: titles(restore),
    labels: labels.map(({ namespace, key, value }) => `${namespace} ${key}=${value}`),
    ...(istio && { istio }),
    ofClasses,
    unseen,
  };
}
