import type { Command } from 'commander';
import { deleteEmbedded, statusEmbedded, stopEmbedded } from '../../cluster/embedded/embedded.ts';
import { mallaHome } from '../../cluster/home.ts';
import { machinesHome } from '../../cluster/machines/machines.ts';
import { embedded, machines, studentEnvironment } from '../access.ts';
import { forgetSeen } from '../answers-file.ts';
import type { Host, Invocation } from '../host.ts';
import { forgetProgress } from '../progress-file.ts';

interface Options {
  json?: boolean;
  maquinas?: boolean;
}

const onlyMachines = ['--maquinas', 'las máquinas del laboratorio cluster, en vez del clúster de los demás'] as const;

export function clusterCommand(program: Command, { host }: Invocation): void {
  const cluster = program.command('cluster').description('el clúster embebido: iniciar, parar, estado, borrar');
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
    .description('dice si funciona y dónde')
    .option('--json', 'una línea de JSON')
    .option(...onlyMachines)
    .action(async (options: Options) => {
      const status = await statusEmbedded({ home: options.maquinas ? machinesHome(home) : home });
      if (options.json)
        return writeJson(host, status.running ? { running: true, ...(await facts(host, status)) } : { running: false });
      host.stdout.write(
        status.running
          ? `Funciona (proceso ${status.pid}).\n  kubeconfig: ${status.kubeconfig}\n${entries(status)}`
          : 'Parado. Arráncalo con «malla cluster iniciar»; lo que tenías sigue guardado.\n',
      );
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

function entries({ entry, secureEntry }: Access): string {
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
