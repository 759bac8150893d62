// Malla's own folder on this machine: cluster state, progress. Never inside ~/.kube.
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** MALLA_HOME, or where this platform keeps a program's state. The folder may not exist yet. */
export function mallaHome(
  env: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
  given?: string,
): string {
  const { isAbsolute, join, resolve } = platform === 'win32' ? win32 : posix;
  if (env.MALLA_HOME) return resolve(env.MALLA_HOME);
  // In a container its user may have none.
  const userHome = given ?? homedir();
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(userHome, 'AppData', 'Local'), 'Malla');
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', 'Malla');
  // The XDG specification says that relative paths are to be ignored.
  const state = env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME) ? env.XDG_STATE_HOME : undefined;
  return join(state ?? join(userHome, '.local', 'state'), 'malla');
}
