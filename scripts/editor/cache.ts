// Where the editor that the tests drive is kept: outside the repository, once per machine.
import { homedir } from 'node:os';
import { join } from 'node:path';

export function editorCache(env: Record<string, string | undefined> = process.env): string {
  if (env.MALLA_EDITOR_CACHE) return env.MALLA_EDITOR_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'malla-editor');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'malla-editor');
}
