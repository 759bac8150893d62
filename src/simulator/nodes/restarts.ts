import type { ContainerRole } from './pod-status.ts';

const FIRST_PAUSE = 10_000;
const LAST_PAUSE = 300_000;

/** Whether a container that ended is started again. */
export function startsAgain(role: ContainerRole, podPolicy: string, exitCode: number): boolean {
  if (role === 'sidecar') return true;
  if (role === 'debug') return false;
  const failed = exitCode !== 0;
  if (role === 'init') return failed && podPolicy !== 'Never';
  return podPolicy === 'Always' || (podPolicy === 'OnFailure' && failed);
}

/** The first restart follows at once, later ones after a pause that doubles up to five minutes. */
export function restartPause(exits: number): number {
  return exits <= 1 ? 0 : Math.min(FIRST_PAUSE * 2 ** (exits - 2), LAST_PAUSE);
}

/** `10s`, `1m20s`, `5m0s`, as Go prints durations. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
