// An embedded cluster of its own under a temporary folder: where labs are tried without touching the student's.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Cluster } from '../../cluster/contract.ts';
import { deleteEmbedded, stopEmbedded } from '../../cluster/embedded/embedded.ts';
import { forgetPorts, stateFiles } from '../../cluster/embedded/state-files.ts';
import { machinesHome } from '../../cluster/machines/machines.ts';
import type { Lab } from '../../labs/lab.ts';
import { startCluster, studentEnvironment } from '../access.ts';
import type { Host } from '../host.ts';

export interface Sandbox {
  home: string;
  /** With this sandbox's own MALLA_HOME; what is written to it is thrown away. */
  host: Host;
  /** Starts the cluster, or finds it running. */
  start(lab?: Pick<Lab, 'machines'>): Promise<RunningSandbox>;
  /** What it holds stays on disk. */
  stop(): Promise<void>;
  /**
   * Another with a copy of this one's state. Stopped first, so that the copy is whole; both choose new ports when they start,
   * and may run at the same time. NodePorts are part of the state: of two such clusters only one answers at them.
   */
  branch(): Promise<Sandbox>;
  remove(): Promise<void>;
}

export interface RunningSandbox {
  cluster: Cluster;
  /** Of the student's commands. */
  env: Record<string, string | undefined>;
}

/** `like` gives the environment, the package's folder and the signal. */
export async function createSandbox(like: Host, from?: string): Promise<Sandbox> {
  const home = await mkdtemp(join(tmpdir(), 'malla-prueba-'));
  if (from) await cp(from, home, { recursive: true });
  const host: Host = {
    ...like,
    stdin: new PassThrough(),
    stdout: new PassThrough().resume(),
    stderr: new PassThrough().resume(),
    env: { ...like.env, MALLA_HOME: home },
    cwd: home,
    holdInterrupts() {},
  };
  const homes = [home, machinesHome(home)];
  const stop = async (): Promise<void> => {
    for (const each of homes) await stopEmbedded({ home: each });
  };
  return {
    home,
    host,
    async start(lab) {
      const cluster = await startCluster(host, lab);
      return { cluster, env: await studentEnvironment(host, cluster.access.kubeconfig) };
    },
    stop,
    async branch() {
      await stop();
      for (const each of homes) forgetPorts(stateFiles(each));
      return createSandbox(like, home);
    },
    async remove() {
      for (const each of homes) await deleteEmbedded({ home: each });
      await rm(home, { recursive: true, force: true });
    },
  };
}
