// Who runs the cluster of a state folder, for whoever looks for it from outside.
import { readFileSync, rmSync } from 'node:fs';
import { writeAtomically } from './files.ts';
import { processStart } from './process-start.ts';

export interface RunningProcess {
  pid: number;
  /** Tells this process from a later one with the same number; undefined where the system does not say. */
  processStart?: string;
  /** Random, also answered by GET /malla/status. */
  instance: string;
  port: number;
  entryPort: number;
  secureEntryPort: number;
}

export function writeProcessFile(path: string, running: Omit<RunningProcess, 'pid' | 'processStart'>): void {
  const start = processStart(process.pid);
  writeAtomically(
    path,
    `${JSON.stringify({ pid: process.pid, ...(start ? { processStart: start } : {}), ...running })}\n`,
  );
}

export function readProcessId(path: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined;
  }
}

export function removeProcessFile(path: string): void {
  rmSync(path, { force: true });
}
