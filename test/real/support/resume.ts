// A matrix that was begun before: what was recorded since a commit is not tried again, and says so.
import { execFileSync } from 'node:child_process';
import { type PlaceName, readPlace, type Stamp } from './recordings.ts';

const root = `${import.meta.dirname}/../../..`;

/** Of the project, abbreviated; `?` where there is no repository. */
export function currentCommit(): string {
  return git('rev-parse', '--short', 'HEAD') ?? '?';
}

/**
 * The stamp of a lab that MALLA_REAL_DESDE lets stay: recorded at that commit or at one after it, on a cluster of the same
 * versions. Undefined: it is to be tried.
 */
export function keptStamp(place: PlaceName, lab: string, versions: Record<string, string>): Stamp | undefined {
  const since = process.env.MALLA_REAL_DESDE;
  const stamp = readPlace(place)?.labs?.[lab];
  if (!since || !stamp || JSON.stringify(stamp.versions) !== JSON.stringify(versions)) return undefined;
  return git('merge-base', '--is-ancestor', since, stamp.commit) === undefined ? undefined : stamp;
}

/** Undefined when git refuses, or is not there. */
function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
