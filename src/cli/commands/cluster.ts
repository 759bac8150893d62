import { Argument, type Command } from 'commander';
import { type ChosenCluster, readChosen } from '../../cluster/chosen.ts';
import { deleteEmbedded, statusEmbedded, stopEmbedded } from '../../cluster/embedded/embedded.ts';
import { mallaHome } from '../../cluster/home.ts';
import { machinesHome } from '../../cluster/machines/machines.ts';
import { embedded, machines, reachCluster, studentEnvironment } from '../access.ts';
import { forgetSeen } from '../answers-file.ts';
import { choosable, chooseCluster, describeChosen } from '../choose-cluster.ts';
import type { Host, Invocation } from '../host.ts';
import { forgetProgress } from '../progress-file.ts';

interface Options {
  json?: boolean;
  maquinas?: boolean;
}

const onlyMachines = ['--maquinas', 'las máquinas del laboratorio cluster, en vez del clúster de los demás'] as const;

export function clusterCommand(program: Command, { host }: Invocation): void {
  const cluster = program
    .command('cluster')
    .description('con qué clúster se trabaja, y el embebido: iniciar, parar, borrar');
  const home = mallaHome(host.env);

  cluster
    .command('iniciar')
    .description('lo arranca, o dice dónde está si ya funciona')
    .option('--json', 'una línea de JSON con kubeconfig y entry')
    .option(...onlyMachines)
    .action(async (options: Options) => {
      const access = await (options.maquinas ? machines(host) : embedded(host));
      if (options.json) return writeJson(host, await facts(host, access));
      host.stdout.write(
        `${access.started ? 'El clúster embebido funciona' : 'El clúster embebido ya funcionaba'} (es un simulador).\n` +
          `  kubeconfig: ${access.kubeconfig}\n${entries(access)}` +
          `Para usarlo en este terminal: export KUBECONFIG='${access.kubeconfig}'\n`,
      );
    });

  cluster
    .command('estado')
    .description('dice con qué clúster se trabaja, y si el embebido funciona y dónde')
    .option('--json', 'una línea de JSON')
    .option(...onlyMachines)
    .action(async (options: Options) => {
      const chosen = options.maquinas ? undefined : await readChosen(home);
      if (chosen && chosen.kind !== 'embebido') return tellChosen(host, chosen, options);
      const status = await statusEmbedded({ home: options.maquinas ? machinesHome(home) : home });
      if (options.json)
        return writeJson(
          host,
          status.running ? { running: true, ...(await facts(host, status)) } : { running: false, kind: 'embebido' },
        );
      host.stdout.write(
        status.running
          ? `Funciona (proceso ${status.pid}).\n  kubeconfig: ${status.kubeconfig}\n${entries(status)}`
          : 'Parado. Arráncalo con «malla cluster iniciar»; lo que tenías sigue guardado.\n',
      );
    });

  cluster
    .command('usar')
    .description('elige el clúster en el que trabajan las demás órdenes')
    .addArgument(new Argument('<CLASE>', 'cuál').choices(choosable))
    .option('--nombre <NOMBRE>', 'el del clúster de kind')
    .option('--json', 'una línea de JSON')
    .action(async (kind: (typeof choosable)[number], options: { nombre?: string; json?: boolean }) => {
      const chosen = await chooseCluster(host, kind, options);
      if (options.json) return writeJson(host, chosen);
      host.stdout.write(`Desde ahora se trabaja en ${describeChosen(chosen)}.\n`);
    });

  cluster
    .command('parar')
    .description('lo para, y las máquinas también; su contenido queda guardado')
    .option('--json', 'una línea de JSON')
    .option(...onlyMachines)
    .action(async (options: Options) => {
      const stopped = (await inTurn(homesOf(options), stopEmbedded)).includes(true);
      if (options.json) return writeJson(host, { stopped });
      host.stdout.write(stopped ? 'Parado. Su contenido queda guardado.\n' : 'Ya estaba parado.\n');
    });

  cluster
    .command('borrar')
    .description('lo para y borra todo su contenido, y el de las máquinas')
    .option('--json', 'una línea de JSON')
    .option(...onlyMachines)
    .action(async (options: Options) => {
      const deleted = (await inTurn(homesOf(options), deleteEmbedded)).includes(true);
      if (!options.maquinas) {
        await forgetProgress(home);
        await forgetSeen(home);
      }
      if (options.json) return writeJson(host, { deleted });
      host.stdout.write(deleted ? 'Borrado: el próximo arranque empieza de cero.\n' : 'No había nada que borrar.\n');
    });

  function homesOf({ maquinas }: Options): string[] {
    return maquinas ? [machinesHome(home)] : [machinesHome(home), home];
  }
}

/** Of a cluster that is not Malla's own: where it is, and by what address it is entered now. */
async function tellChosen(host: Host, chosen: ChosenCluster, options: Options): Promise<void> {
  const { access, client } = await reachCluster(host, {});
  const running = await client.raw('/version').then(
    () => true,
    () => false,
  );
  const { kind, kubeconfig, entry, secureEntry } = access;
  if (options.json) {
    const env = await studentEnvironment(host, kubeconfig);
    const terminal = { KUBECONFIG: kubeconfig, PATH: env.PATH };
    return writeJson(host, { running, kind, ...identity(chosen), kubeconfig, entry, secureEntry, env: terminal });
  }
  host.stdout.write(
    `Se trabaja en ${describeChosen(chosen)}, que ${running ? 'contesta' : 'no contesta'}.\n` +
      `  kubeconfig: ${kubeconfig}\n` +
      (entry === undefined
        ? '  entrada:    todavía ninguna (la abre el ingress gateway de Istio)\n'
        : entries({ entry, secureEntry })),
  );
}

/** What tells it from others of its kind. */
function identity(chosen: ChosenCluster): Record<string, string | undefined> {
  if (chosen.kind === 'kind') return { name: chosen.name };
  return chosen.kind === 'kubeadm' ? { name: chosen.context, server: chosen.server, namespace: chosen.namespace } : {};
}

async function inTurn(
  homes: readonly string[],
  act: (where: { home: string }) => Promise<boolean>,
): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const home of homes) results.push(await act({ home }));
  return results;
}

interface Access {
  kubeconfig: string;
  entry?: string;
  secureEntry?: string;
  pid: number;
}

function entries({ entry, secureEntry }: Pick<Access, 'entry' | 'secureEntry'>): string {
  return `  entrada:    ${entry}\n${secureEntry ? `  con TLS:    ${secureEntry}\n` : ''}`;
}

/** What scripts and the editor need: where the cluster is, and the environment of its terminals. */
async function facts(host: Host, access: Access) {
  const env = await studentEnvironment(host, access.kubeconfig);
  const { kubeconfig, entry, secureEntry, pid } = access;
  return { kind: 'embebido', kubeconfig, entry, secureEntry, pid, env: { KUBECONFIG: kubeconfig, PATH: env.PATH } };
}

function writeJson(host: Host, value: unknown): void {
  host.stdout.write(`${JSON.stringify(value)}\n`);
}
