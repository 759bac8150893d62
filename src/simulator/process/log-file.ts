// The process's own log: errors that nobody else sees. Two files of at most a megabyte.
import { appendFileSync, renameSync, statSync } from 'node:fs';

export type WriteLog = (text: string) => void;

const limit = 1024 * 1024;

/** Never throws: a full disk must not stop the cluster because of its log. */
export function openLogFile(path: string, now: () => number): WriteLog {
  return (text) => {
    try {
      if (size(path) > limit) renameSync(path, `${path}.1`);
      appendFileSync(path, `${new Date(now()).toISOString()} ${text}\n`, { mode: 0o600 });
    } catch {}
  };
}

function size(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
