// The embedded cluster from outside: is it running, stop it, delete it. To start it, start.ts.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterAccess } from '../contract.ts';
import { isAlive } from './alive.ts';
import { askProcess } from './ask.ts';
import { cannotDelete, cannotStop, notAnswering, notOurFolder } from './errors.ts';
import { isMallas, type ProcessFile, readProcessFile, type StateFiles, stateFiles } from './state-files.ts';

export type EmbeddedAccess = ClusterAccess & { entry: string; pid: number };
export type EmbeddedStatus = { running: false } | ({ running: true } & EmbeddedAccess);

export interface Where {
  /** Malla's own folder: mallaHome(). */
  home: string;
}

const answerTimeout = 5_000;
const stopTimeout = 8_000;

/** Throws MALLA-CLU-08 when its process is there but does not answer. */
export async function statusEmbedded({ home }: Where): Promise<EmbeddedStatus> {
  const files = stateFiles(home);
  const found = readProcessFile(files);
  if (!found || !isAlive(found)) return { running: false };
  if (await askProcess(files, found, 'status', answerTimeout)) return { running: true, ...accessOf(files, found) };
  // It may be ending; or its number is now that of a program of ours that has nothing to do with it.
  if (found.processStart === undefined || (await ended(found, 1_000))) return { running: false };
  throw notAnswering(found.pid);
}

/** False when it was not running. What it holds stays on disk. */
export async function stopEmbedded({ home }: Where): Promise<boolean> {
  const files = stateFiles(home);
  const found = readProcessFile(files);
  if (!found || !isAlive(found)) return false;
  if (await askProcess(files, found, 'stop', answerTimeout)) {
    if (await ended(found, stopTimeout)) return true;
  } else if (found.processStart === undefined) {
    // Nothing says that this process is the cluster: not ours to kill.
    return false;
  }
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    kill(found.pid, signal);
    if (await ended(found, signal === 'SIGTERM' ? stopTimeout / 2 : 2_000)) return true;
  }
  throw cannotStop(found.pid);
}

/** Stops it and removes its folder. False when there was none; MALLA-CLU-04 when the folder is somebody else's. */
export async function deleteEmbedded({ home }: Where): Promise<boolean> {
  const files = stateFiles(home);
  if (!existsSync(files.folder)) return false;
  if (!isMallas(files) && readdirSync(files.folder).length > 0) throw notOurFolder(files.folder);
  await stopEmbedded({ home });
  try {
    rmSync(files.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    throw cannotDelete(files.folder, error);
  }
  return true;
}

export function accessOf(files: StateFiles, { pid, entryPort, secureEntryPort }: ProcessFile): EmbeddedAccess {
  const secure = secureEntryPort ? { secureEntry: `https://127.0.0.1:${secureEntryPort}` } : {};
  return { kind: 'embebido', kubeconfig: files.kubeconfig, entry: `http://127.0.0.1:${entryPort}`, ...secure, pid };
}

async function ended(found: ProcessFile, timeout: number): Promise<boolean> {
  for (const deadline = Date.now() + timeout; Date.now() < deadline; await wait(20)) {
    if (!isAlive(found)) return true;
  }
  return !isAlive(found);
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended first.
  }
}
