// The files of the embedded cluster's folder, as its process writes them (src/simulator/process/state-folder.ts).
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StateFiles {
  folder: string;
  /** Marks the folder as Malla's. */
  cluster: string;
  /** Who runs now. */
  process: string;
  kubeconfig: string;
  ca: string;
  token: string;
  log: string;
}

export interface ProcessFile {
  pid: number;
  processStart?: string;
  instance: string;
  port: number;
  entryPort: number;
  secureEntryPort?: number;
}

/** `home` is Malla's own folder. */
export function stateFiles(home: string): StateFiles {
  const folder = join(home, 'embebido');
  return {
    folder,
    cluster: join(folder, 'cluster.json'),
    process: join(folder, 'process.json'),
    kubeconfig: join(folder, 'kubeconfig'),
    ca: join(folder, 'pki', 'ca.crt'),
    token: join(folder, 'pki', 'token'),
    log: join(folder, 'simulator.log'),
  };
}

/** Undefined when there is none or it cannot be read: nobody runs, then. */
export function readProcessFile(files: StateFiles): ProcessFile | undefined {
  const content = readJson(files.process);
  const { pid, port, entryPort, secureEntryPort, instance, processStart } = content ?? {};
  if (![pid, port, entryPort].every((n) => Number.isInteger(n) && Number(n) > 0) || typeof instance !== 'string') {
    return undefined;
  }
  return {
    pid: Number(pid),
    port: Number(port),
    entryPort: Number(entryPort),
    ...(Number.isInteger(secureEntryPort) ? { secureEntryPort: Number(secureEntryPort) } : {}),
    instance,
    ...(typeof processStart === 'string' ? { processStart } : {}),
  };
}

export function isMallas(files: StateFiles): boolean {
  return readJson(files.cluster)?.owner === 'malla-embebido';
}

/** The next start chooses its ports afresh. Only while it is stopped; whoever copies the folder meanwhile finds it whole. */
export function forgetPorts(files: StateFiles): void {
  const { owner, format, ...ports } = readJson(files.cluster) ?? {};
  if (owner === undefined || Object.keys(ports).length === 0) return;
  const written = `${files.cluster}.${process.pid}.tmp`;
  writeFileSync(written, `${JSON.stringify({ owner, format }, undefined, 2)}\n`);
  renameSync(written, files.cluster);
}

/** The last lines of the process's log, for a message. */
export function logTail(files: StateFiles, lines = 3): string {
  try {
    return readFileSync(files.log, 'utf8').trim().split('\n').slice(-lines).join(' | ').slice(-1000);
  } catch {
    return '';
  }
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
