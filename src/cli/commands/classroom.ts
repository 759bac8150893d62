// malla aula: one cluster for a whole class.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { usualLimits } from '../../cluster/classroom/class.ts';
import { readClasses } from '../../cluster/classroom/class-status.ts';
import { classObjects, createClass, type Handout } from '../../cluster/classroom/create-class.ts';
import { deleteClass, planDeletion } from '../../cluster/classroom/delete-class.ts';
import { readRoster, type Student } from '../../cluster/classroom/roster.ts';
import { type ClassGround, readGround } from '../../cluster/classroom/settings.ts';
import type { Cluster } from '../../cluster/contract.ts';
import { findLastingEntry } from '../../cluster/entry/find-entry.ts';
import { readKubeconfig } from '../../cluster/kubeconfig.ts';
import { writePrivateFile } from '../../cluster/private-file.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { csvLine } from '../classroom/csv-line.ts';
import { describeCreation, describePlaces } from '../classroom/describe-class.ts';
import { readList } from '../classroom/read-list.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';

interface ClassOptions extends AccessOptions {
  nombre: string;
  json?: boolean;
}

interface CreateOptions extends ClassOptions {
  lista: string;
  carpeta: string;
  servidor?: string;
  dominio?: string;
  cpu: string;
  memoria: string;
  pods: string;
  enSeco?: boolean;
  si?: boolean;
}

export function classroomCommand(program: Command, { host, exit }: Invocation): void {
  const classroom = program
    .command('aula')
    .description('un clúster para toda la clase: un espacio separado para cada alumno');

  withClass(classroom.command('crear'))
    .description(
      'da a cada alumno de una lista un espacio, permisos, límites, una pasarela y un kubeconfig; repetirla completa lo que falte',
    )
    .requiredOption('--lista <CSV>', 'un alumno por línea; títulos: nombre, apellidos, usuario, correo')
    .option('--carpeta <CARPETA>', 'dónde escribir los kubeconfigs', 'aula')
    .option('--servidor <URL>', 'dirección del API para los alumnos, si no es la de tu kubeconfig')
    .option('--dominio <DOMINIO>', 'cada alumno entra por ALUMNO.DOMINIO, que debe llevar a un nodo')
    .option('--cpu <CANTIDAD>', 'procesador que pueden pedir los pods de un alumno', usualLimits.cpu)
    .option('--memoria <CANTIDAD>', 'memoria que pueden pedir', usualLimits.memory)
    .option('--pods <NÚMERO>', 'pods que pueden tener', String(usualLimits.pods))
    .option('--en-seco', 'solo enseña lo que haría')
    .option(...yesOption)
    .action(async (options: CreateOptions) => {
      const students = readRoster(await readList(host, options.lista));
      const cluster = await reachCluster(host, options);
      const limits = { cpu: options.cpu, memory: options.memoria, pods: Number(options.pods) || usualLimits.pods };
      const ground = await readGround(cluster.client, options.nombre, limits, Date.now);
      const folder = resolve(host.cwd, options.carpeta);
      if (!options.json) host.stdout.write(describeCreation(ground, students, folder));
      if (options.enSeco) {
        const objects = classObjects(ground.settings, students, []);
        if (options.json) host.stdout.write(`${JSON.stringify({ done: false, students, objects })}\n`);
        return;
      }
      if (!(await askYes(host, '¿Lo hago?', options))) {
        host.stdout.write('No he cambiado nada.\n');
        return;
      }
      const made = await make(host, cluster, ground, students, options, folder);
      if (options.json)
        host.stdout.write(`${JSON.stringify({ done: true, places: made, warnings: ground.warnings })}\n`);
      else
        host.stdout.write(
          `Hecho: ${made.length} alumnos. Da a cada uno su fichero de ${folder}, y que escriba:\n  malla kubeadm unir --kubeconfig SU-FICHERO\n`,
        );
    });

  withClass(classroom.command('estado'))
    .description('cómo está el espacio de cada alumno')
    .action(async (options: ClassOptions) => {
      const { client } = await reachCluster(host, options);
      const status = await readClasses(client, options.nombre);
      if (options.json) host.stdout.write(`${JSON.stringify(status)}\n`);
      else host.stdout.write(describePlaces(status));
      if (status.missing.length > 0 || status.places.some((p) => p.missing.length > 0)) exit(exitCodes.wrong);
    });

  withClass(classroom.command('borrar'))
    .description('borra los espacios de la clase con todo lo que hay en ellos; antes lo enseña y pregunta')
    .argument('[ALUMNO...]', 'solo los de esos alumnos')
    .option(...yesOption)
    .action(async (students: string[], options: ClassOptions & { si?: boolean }) => {
      const { client } = await reachCluster(host, options);
      const istio = 'istio-system';
      const plan = await planDeletion(client, options.nombre, students, istio);
      if (plan.namespaces.length === 0 && plan.shared.length === 0) {
        host.stdout.write(options.json ? `${JSON.stringify({ deleted: [] })}\n` : 'No hay nada de esa clase.\n');
        return;
      }
      if (!options.json) {
        host.stdout.write(`Se borrarían, con todo lo que tienen:\n${plan.namespaces.map((n) => `  ${n}\n`).join('')}`);
        if (plan.shared.length > 0)
          host.stdout.write('Y los permisos y políticas comunes, porque no queda otra clase.\n');
      }
      if (!(await askYes(host, '¿Los borro?', options))) {
        host.stdout.write('No he borrado nada.\n');
        return;
      }
      const tell = (text: string): void => void (options.json || host.stdout.write(`  ${text}\n`));
      await deleteClass({ client, plan, istio, signal: host.signal, onProgress: tell });
      host.stdout.write(options.json ? `${JSON.stringify({ deleted: plan.namespaces })}\n` : 'Borrado.\n');
    });
}

function withClass(command: Command): Command {
  return withAccessOptions(command)
    .option('--nombre <CLASE>', 'nombre de la clase: los espacios se llaman CLASE-ALUMNO', 'aula')
    .option('--json', 'una línea de JSON');
}

async function make(
  host: Host,
  cluster: Cluster,
  { settings }: ClassGround,
  students: readonly Student[],
  { servidor, dominio, json }: CreateOptions,
  folder: string,
): Promise<Handout[]> {
  const way = await readKubeconfig(cluster.access.kubeconfig);
  const found = await findLastingEntry({ client: cluster.client });
  const made = await createClass({
    client: cluster.client,
    settings,
    students,
    server: (servidor ?? way.server).replace(/\/+$/, ''),
    // Said by name, it is meant so.
    allowLoopback: servidor !== undefined,
    way,
    nodeHost: 'nodeHost' in found ? found.nodeHost : cluster.access.nodeHost,
    domain: dominio,
    folder,
    signal: host.signal,
    onProgress: (text) => void (json || host.stdout.write(`  ${text}\n`)),
  });
  const rows = made.map((m) => [m.student.id, m.student.name, m.namespace, `${m.student.id}.yaml`, m.entry ?? '']);
  const list = [['alumno', 'nombre', 'espacio', 'fichero', 'entrada'], ...rows].map(csvLine).join('');
  await writePrivateFile(resolve(folder, 'clase.csv'), `\uFEFF${list}`);
  return made;
}
