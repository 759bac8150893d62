// Which cluster a verb works on, and the environment its commands run in.
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readChosen, stayOf } from '../cluster/chosen.ts';
import { openCluster, openClusterWithoutEntry, openMachinesCluster } from '../cluster/cluster.ts';
import type { Cluster, ClusterAccess } from '../cluster/contract.ts';
import { startEmbedded } from '../cluster/embedded/start.ts';
import { mallaHome } from '../cluster/home.ts';
import { holdDangers } from '../cluster/kubeadm/hold-dangers.ts';
import { machinesHome } from '../cluster/machines/machines.ts';
import type { Lab } from '../labs/lab.ts';
import { agreeOption } from './agree-option.ts';
import type { Host } from './host.ts';
import { pathWithOwnTools } from './own-tools.ts';

export interface AccessOptions {
  kubeconfig?: string;
  entrada?: string;
  acepto?: string[];
}

/** `--kubeconfig` and `--entrada`, for the verbs that work on a cluster. */
export function withAccessOptions(command: Command): Command {
  return command
    .option('--kubeconfig <FICHERO>', 'trabaja en ese clúster, y no en el elegido con «malla cluster usar»')
    .option('--entrada <URL>', 'dirección de entrada de ese clúster, por ejemplo http://10.0.0.5:31380')
    .addOption(agreeOption());
}

/**
 * The cluster that the options name; else the one that the student chose, which is the embedded one unless they said
 * otherwise: that is started if it was not running. Where no entry is given, it is looked for. Rejects with CodedError.
 */
export async function reachCluster(host: Host, options: AccessOptions, lab?: Pick<Lab, 'machines'>): Promise<Cluster> {
  if (options.kubeconfig) await holdDangers(resolve(host.cwd, options.kubeconfig), new Set(options.acepto));
  const chosen = options.kubeconfig ? attachedBy(options.kubeconfig) : await readChosen(mallaHome(host.env));
  if (chosen.kind === 'embebido') return startCluster(host, lab);
  const { kind, kubeconfig } = chosen;
  // Who joined a cluster to stay in a namespace sees no more of it.
  const place = stayOf(chosen);
  const stay = place ? { stay: place } : {};
  const given = options.entrada?.replace(/\/+$/, '');
  if (given !== undefined) return openCluster({ kind, kubeconfig, entry: given, ...stay });
  const known = chosen.kind === 'kind' ? { published: chosen } : { otherwise: chosen };
  return openClusterWithoutEntry({ kind, kubeconfig, ...stay }, { signal: host.signal, ...known });
}

function attachedBy(kubeconfig: string): ClusterAccess {
  return { kind: 'kubeadm', kubeconfig };
}

/** The embedded cluster that a lab begins on, started if it was not running. */
export async function startCluster(host: Host, lab?: Pick<Lab, 'machines'>): Promise<Cluster> {
  if (!lab?.machines) return openCluster(await embedded(host));
  return openMachinesCluster(await machines(host), machinesHome(mallaHome(host.env)));
}

export async function embedded(host: Host): Promise<ClusterAccess & { pid: number; started: boolean }> {
  return startEmbedded({
    home: mallaHome(host.env),
    simulatorEntry: simulatorEntry(host),
    nodePath: host.nodePath,
    env: host.env,
    signal: host.signal,
    onProgress: (text) => host.stderr.write(`${text}\n`),
  });
}

/** The machines of the lab that makes a cluster, with a folder of their own; started if they were not running. */
export async function machines(host: Host): Promise<ClusterAccess & { pid: number; started: boolean }> {
  return startEmbedded({
    home: machinesHome(mallaHome(host.env)),
    simulatorEntry: join(host.root, 'dist', 'machines.mjs'),
    nodePath: host.nodePath,
    env: host.env,
    signal: host.signal,
    onProgress: () => host.stderr.write('Encendiendo las tres máquinas…\n'),
  });
}

export function simulatorEntry(host: Host): string {
  return join(host.root, 'dist', 'simulator.mjs');
}

/** KUBECONFIG and PATH for the student's commands: real programs first, Malla's own where there are none. */
export async function studentEnvironment(host: Host, kubeconfig: string): Promise<Record<string, string | undefined>> {
  const path = await pathWithOwnTools({
    home: mallaHome(host.env),
    nodePath: host.nodePath,
    entry: join(host.root, 'dist', 'malla.mjs'),
    env: host.env,
  });
  return { ...host.env, KUBECONFIG: kubeconfig, PATH: path };
}
