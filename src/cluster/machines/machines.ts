// The machines of the lab that makes a cluster, from outside: where their process lives, and what they say of themselves.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { isAlive } from '../embedded/alive.ts';
import { readProcessFile, stateFiles } from '../embedded/state-files.ts';

/** They have a folder of their own beside the usual cluster, which they never touch. */
export function machinesHome(home: string): string {
  return join(home, 'maquinas');
}

/** As their process writes it (src/simulator/machines/machine-facts.ts). */
export interface MachineFacts {
  name: string;
  swap: boolean;
  swapAtBoot: boolean;
  ipForward: boolean;
  runtime: 'missing' | 'stopped' | 'without CRI' | 'running';
  systemdCgroup: boolean;
  kubeadm: boolean;
  kubelet: 'missing' | 'stopped' | 'failing' | 'running';
  joined: boolean;
}

export interface MachinesFacts {
  /** Whether an API answers: kubeadm init was done, and its machine is up. */
  initialised: boolean;
  machines: MachineFacts[];
}

export interface MachinesPort {
  port: number;
  ca: string;
  token: string;
}

/** `home` is that of the machines. Undefined when their process does not run. */
export function findMachines(home: string): MachinesPort | undefined {
  const files = stateFiles(home);
  const running = readProcessFile(files);
  if (!running || !isAlive(running)) return undefined;
  try {
    return {
      port: running.port,
      ca: readFileSync(files.ca, 'utf8'),
      token: readFileSync(files.token, 'utf8').trim(),
    };
  } catch {
    return undefined;
  }
}

const ANSWER_TIMEOUT = 5_000;

/** Undefined when nobody answers. */
export function askMachines(home: string): Promise<MachinesFacts | undefined> {
  const found = findMachines(home);
  if (!found) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port: found.port,
        path: '/malla/machines',
        ca: found.ca,
        headers: { authorization: `Bearer ${found.token}` },
        agent: false,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(undefined));
        response.on('end', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
      },
    );
    asking.on('error', () => resolve(undefined));
    asking.end();
  });
}

function parse(text: string): MachinesFacts | undefined {
  try {
    const facts = JSON.parse(text) as Partial<MachinesFacts>;
    return typeof facts.initialised === 'boolean' && Array.isArray(facts.machines)
      ? (facts as MachinesFacts)
      : undefined;
  } catch {
    return undefined;
  }
}
