// One embedded cluster from start to stop: its folder, its lock, its ports, and the line that tells who waits that it is up.
import { randomUUID } from 'node:crypto';
import { type ApiReply, type ApiRequest, jsonReply } from '../api/http/request.ts';
import type { SimulatorOptions } from '../simulator.ts';
import type { Arguments } from './arguments.ts';
import { createPreciseNow, systemClock } from './clock.ts';
import { writeAtomically } from './files.ts';
import { collectWhenIdle } from './idle-memory.ts';
import { stopWhenIdle } from './idle-stop.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { takeLock } from './lock.ts';
import { openLogFile, type WriteLog } from './log-file.ts';
import { openPki } from './pki/pki.ts';
import { settlePorts } from './ports.ts';
import { readProcessId, removeProcessFile, writeProcessFile } from './process-file.ts';
import { folderNotWritable, portInUse } from './start-error.ts';
import { openStateFolder, type StateFolder } from './state-folder.ts';

/** The line on stdout. */
export interface Ready {
  kubeconfig: string;
  entry: string;
  /** The same for HTTPS. */
  secureEntry: string;
  pid: number;
  port: number;
}

export interface Running {
  ready: Ready;
  /** Resolves when the cluster is down, whoever asked for it. */
  stopped: Promise<void>;
  stop(): Promise<void>;
  log: WriteLog;
}

/** What the process holds: a cluster, or machines that may become one. */
export interface Runnable {
  start(folder: StateFolder, options: SimulatorOptions): Promise<{ stop(): Promise<void>; rest?(): void }>;
  /** They have a port of their own beside the cluster's. */
  machines: boolean;
}

/** Rejects with StartError, or a coded error of the store. */
export async function runCluster(given: Arguments, what: Runnable): Promise<Running> {
  const folder = openStateFolder(given.folder);
  const processFile = folder.file('process');
  const unlock = takeLock(folder, () => readProcessId(processFile));
  const log = openLogFile(folder.file('log'), Date.now);
  let leavePorts = (): void => {};
  try {
    const { ports, leave } = await settlePorts(folder, given.ports, Math.random, what.machines);
    leavePorts = leave;
    const pki = openPki(folder.file('pki'), Date.now());
    const instance = randomUUID();
    let stopping: Promise<void> | undefined;
    let resolveStopped = (): void => {};
    const stopped = new Promise<void>((resolve) => {
      resolveStopped = resolve;
    });
    const idle = stopWhenIdle(systemClock, given.idleAfter, () => {
      log('nobody has used the cluster for long: stopping');
      void stop();
    });
    let rest = (): void => {};
    const memory = collectWhenIdle(systemClock, () => rest());
    const options: SimulatorOptions = {
      store: folder.file('store'),
      pki,
      ports,
      delays: given.delays,
      clock: systemClock,
      now: createPreciseNow(),
      random: Math.random,
      own: (request) => ownReply(request, instance, stop),
      onActivity() {
        idle.notice();
        memory.notice();
      },
      onBug: (error) => log(`error: ${described(error)}`),
    };
    const simulator = await what.start(folder, options).catch((error) => {
      idle.cancel();
      throw isPortTaken(error) ? portInUse(ports.port, 'API', folder.path) : error;
    });
    rest = () => simulator.rest?.();
    writeKubeconfig(folder, kubeconfigText({ port: ports.port, caCertificate: pki.ca.certificate, token: pki.token }));
    // Who looks for the process asks on the port that is open for as long as it runs.
    writeProcessFile(processFile, { instance, ...ports, port: ports.machinesPort ?? ports.port });
    log(
      `started: process ${process.pid}, API port ${ports.port}, entry ports ${ports.entryPort} and ${ports.secureEntryPort}`,
    );
    return {
      ready: {
        kubeconfig: folder.file('kubeconfig'),
        entry: `http://127.0.0.1:${ports.entryPort}`,
        secureEntry: `https://127.0.0.1:${ports.secureEntryPort}`,
        pid: process.pid,
        port: ports.port,
      },
      stopped,
      stop,
      log,
    };

    function stop(): Promise<void> {
      stopping ??= (async () => {
        idle.cancel();
        memory.cancel();
        removeProcessFile(processFile);
        await simulator.stop();
        leave();
        log('stopped');
        unlock();
        resolveStopped();
      })();
      return stopping;
    }
  } catch (error) {
    leavePorts();
    unlock();
    throw error;
  }
}

export function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What the process answers for itself; see src/cluster/embedded. */
function ownReply(request: ApiRequest, instance: string, stop: () => Promise<void>): ApiReply | undefined {
  const asked = `${request.method} ${request.path}`;
  if (asked === 'GET /malla/status') return jsonReply({ instance, pid: process.pid });
  if (asked !== 'POST /malla/stop') return undefined;
  // After the answer has left.
  setTimeout(() => void stop(), 10);
  return jsonReply({ instance, pid: process.pid, stopping: true });
}

function writeKubeconfig(folder: StateFolder, text: string): void {
  try {
    writeAtomically(folder.file('kubeconfig'), text);
  } catch (error) {
    throw folderNotWritable(folder.path, error);
  }
}

function isPortTaken(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES';
}
