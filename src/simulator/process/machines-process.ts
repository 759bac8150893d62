// The process when it holds machines: a port of its own that is always open, and the cluster's, open while there is one.
import { readFileSync, rmSync } from 'node:fs';
import { createGuard } from '../api/http/guard.ts';
import { listen } from '../api/http/server.ts';
import { failureReply, resourceNotFound } from '../api/http/status.ts';
import { type Machines, type StoredMachines, startMachines } from '../machines/machines.ts';
import { machinesRoute } from '../machines/machines-route.ts';
import { type SimulatorOptions, startSimulator } from '../simulator.ts';
import { writeAtomically } from './files.ts';
import { fileCorrupt } from './start-error.ts';
import type { StateFolder } from './state-folder.ts';

export async function startMachinesProcess(
  folder: StateFolder,
  options: SimulatorOptions,
): Promise<{ stop(): Promise<void> }> {
  const { pki, ports, onBug } = options;
  const machines = await startMachines({
    stored: readMachines(folder.file('machines')),
    save: (state) => writeAtomically(folder.file('machines'), JSON.stringify(state)),
    startCluster: (begin, networkProblem) => startSimulator({ ...options, begin, networkProblem }),
    eraseCluster() {
      for (const end of ['', '-wal', '-shm']) rmSync(`${options.store}${end}`, { force: true });
    },
    caCertificate: pki.ca.certificate,
    kubeconfig: folder.file('kubeconfig'),
    clock: options.clock,
    delays: options.delays,
    random: options.random,
  });
  const route = machinesRoute(machines, onBug);
  try {
    const server = await listen({
      api: async () => failureReply(resourceNotFound(), onBug),
      guard: createGuard({ token: pki.token, tokenUser: () => undefined }),
      own: (request) => route(request) ?? options.own(request),
      tls: { key: pki.server.key, certificate: pki.server.certificate, ca: pki.ca.certificate },
      port: ports.machinesPort ?? 0,
      onRequest: options.onActivity,
      onBug,
    });
    return { stop: () => stopBoth(server, machines) };
  } catch (error) {
    await machines.stop();
    throw error;
  }
}

async function stopBoth(server: { close(): Promise<void> }, machines: Machines): Promise<void> {
  await server.close();
  await machines.stop();
}

/** Undefined: machines that are new. Throws StartError. */
function readMachines(path: string): StoredMachines | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const stored = JSON.parse(text) as StoredMachines;
    if (!Array.isArray(stored.machines)) throw new Error('no machines');
    return stored;
  } catch (error) {
    throw fileCorrupt(path, 'Empieza con máquinas nuevas: «malla cluster borrar».', error);
  }
}
