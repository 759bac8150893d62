// `malla kind`: a real cluster on this machine, made of containers.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readChosen, writeChosen } from '../../cluster/chosen.ts';
import { mallaHome } from '../../cluster/home.ts';
import { portsOf } from '../../cluster/kind/config.ts';
import { deleteKind, type KindCluster, startKind, statusOfKind, stopKind } from '../../cluster/kind/kind-cluster.ts';
import { usualName } from '../../cluster/kind/kind-files.ts';
import { readMachine } from '../../cluster/kind/machine.ts';
import { impossible, preflight } from '../../cluster/kind/preflight.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { type CreateOptions, createAndChoose } from '../kind/create.ts';
import { describePreflight } from '../kind/describe-preflight.ts';
import { toolsVerb } from '../kind/tools-command.ts';
import { describeKind, kindCluster } from '../kind/use-kind.ts';
import { paintFor } from '../style.ts';

interface Options {
  nombre: string;
  json?: boolean;
  si?: boolean;
}

export function kindCommand(program: Command, { host, exit }: Invocation): void {
  const kind = program.command('kind').description('un clúster de verdad en esta máquina, hecho de contenedores');

  withName(kind.command('comprobar'))
    .description('dice si esta máquina puede con un clúster de kind; no cambia nada')
    .action(async ({ nombre, json }: Options) => {
      const { tools, signal } = await kindCluster(host, nombre);
      const ports = portsOf({ publish: true });
      const machine = await readMachine({ tools, ports: [80, 443, ...ports], signal });
      const looked = preflight(machine, ports);
      const able = impossible(looked) === undefined;
      exit(able ? exitCodes.right : exitCodes.unavailable);
      if (json) return writeJson(host, { able, ...looked, machine, kind: tools.kindVersion });
      host.stdout.write(`kind ${tools.kindVersion}, ${tools.runtime.name} ${tools.runtime.version}\n`);
      host.stdout.write(describePreflight(looked, paintFor(host)));
    });

  withName(kind.command('crear'))
    .description('lo crea y trabaja en él; si ya hay uno de Malla con ese nombre, lo usa')
    .addOption(
      new Option('--nodos <N>', 'cuántos nodos: 1 o 3; por defecto, los que convienen a la máquina').argParser(
        readNodes,
      ),
    )
    .option(
      '--imagen <IMAGEN>',
      'la imagen de los nodos; por defecto, la de MALLA_KIND_IMAGEN o una fija por su digest',
    )
    .option('--sin-puertos', 'no publica en 127.0.0.1 los puertos de entrada')
    .option('--sin-comprobar', 'lo intenta aunque la comprobación previa diga que no puede')
    .addOption(new Option('--plazos <VECES>', 'multiplica los plazos de cada fase').argParser(readTimes).default(1))
    .option('--adoptar', 'usa un clúster con ese nombre aunque no lo haya hecho Malla')
    .option(...yesOption)
    .action(async (options: CreateOptions & Options & { sinPuertos?: boolean; sinComprobar?: boolean }) => {
      const { sinPuertos = false, sinComprobar = false } = options;
      const created = await createAndChoose(host, { ...options, puertos: !sinPuertos, comprobar: !sinComprobar });
      if (!created) return void host.stdout.write('No he creado nada.\n');
      const { cluster, status, adopted } = created;
      if (options.json) return writeJson(host, { adopted, ...factsOf(cluster, status) });
      host.stdout.write(adopted ? 'Ya había uno: se trabaja en él.\n' : 'Creado, con todos los nodos listos.\n');
      host.stdout.write(describeKind(cluster, status));
      host.stdout.write(
        'Desde ahora las órdenes de Malla trabajan en él; «malla cluster usar embebido» vuelve al simulador.\n',
      );
    });

  withName(kind.command('estado'))
    .description('dice si existe, si funciona y dónde está su kubeconfig')
    .action(async ({ nombre, json }: Options) => {
      const cluster = await kindCluster(host, nombre);
      const status = await statusOfKind(cluster);
      if (json) return writeJson(host, factsOf(cluster, status));
      host.stdout.write(
        status.state === 'no hay'
          ? `No hay ningún clúster de kind que se llame «${nombre}».\n`
          : describeKind(cluster, status),
      );
    });

  withName(kind.command('parar'))
    .description('para sus nodos; su contenido queda guardado')
    .action(async ({ nombre, json }: Options) => {
      const stopped = await stopKind(await kindCluster(host, nombre));
      if (json) return writeJson(host, { stopped });
      host.stdout.write(stopped ? 'Parado. Su contenido queda guardado.\n' : 'Ya estaba parado.\n');
    });

  withName(kind.command('arrancar'))
    .description('arranca sus nodos, por ejemplo después de reiniciar la máquina')
    .action(async ({ nombre, json }: Options) => {
      const started = await startKind(await kindCluster(host, nombre));
      if (json) return writeJson(host, { started });
      host.stdout.write(started ? 'Arrancado: todos los nodos están listos.\n' : 'Ya estaba en marcha.\n');
    });

  withName(kind.command('borrar'))
    .description('borra un clúster que hizo Malla, con todo lo que hay en él')
    .option(...yesOption)
    .action(async ({ nombre, json, si = false }: Options) => {
      const cluster = await kindCluster(host, nombre);
      if (!(await askYes(host, `Se borra el clúster «${nombre}» con todo lo que hay en él. ¿Sigo?`, { si })))
        return void host.stdout.write('No he borrado nada.\n');
      await deleteKind(cluster);
      const left = await leave(host, nombre);
      if (json) return writeJson(host, { deleted: true });
      host.stdout.write(left ? 'Borrado. Desde ahora se trabaja en el clúster embebido.\n' : 'Borrado.\n');
    });

  toolsVerb(kind, host);
}

function withName(command: Command): Command {
  return command.option('--nombre <NOMBRE>', 'el del clúster', usualName).option('--json', 'una línea de JSON');
}

function factsOf({ name, files }: KindCluster, status: Awaited<ReturnType<typeof statusOfKind>>) {
  const { nodes, ...rest } = status;
  return {
    kind: 'kind',
    name,
    kubeconfig: files.kubeconfig,
    ...rest,
    nodes: nodes.map(({ name, running }) => ({ name, running })),
  };
}

/** True when it was the one in use. */
async function leave(host: Host, name: string): Promise<boolean> {
  const home = mallaHome(host.env);
  const chosen = await readChosen(home);
  if (chosen.kind !== 'kind' || chosen.name !== name) return false;
  await writeChosen(home, { kind: 'embebido' });
  return true;
}

function readNodes(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new InvalidArgumentError('Pueden ser 1 o 3.');
}

function readTimes(text: string): number {
  const times = Number(text.replace(',', '.'));
  if (!(times > 0 && times <= 100)) throw new InvalidArgumentError('Un número entre 0 y 100.');
  return times;
}

function writeJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value)}\n`);
}
