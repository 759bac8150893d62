import { readFileSync } from 'node:fs';
import type { ProcessFile } from './state-files.ts';

/** Whether the process that wrote the file still runs; a later process with its number does not count where that shows. */
export function isAlive({ pid, processStart }: ProcessFile): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    // Gone, or (EPERM) the number is another user's process by now.
    return false;
  }
  const start = startOf(pid);
  return processStart === undefined || start === undefined || start === processStart;
}

/** As the cluster's process writes it (src/simulator/process/process-start.ts). Undefined off Linux. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds nothing any more; its parent has just not looked yet.
    if (state === 'Z') return 'ended';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${fields[18]}`;
  } catch {
    return undefined;
  }
}
