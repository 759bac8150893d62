// Runs the built `malla` for the bench, in a home of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Sandbox {
  home: string;
  env: NodeJS.ProcessEnv;
  /** Runs a verb with --json and returns its parsed line. Throws with the output when it fails. */
  malla(...args: string[]): Record<string, unknown>;
  remove(): void;
}

export function sandbox(root: string): Sandbox {
  const home = mkdtempSync(join(tmpdir(), 'malla-bench-'));
  const env = { ...process.env, MALLA_HOME: home };
  const malla = (...args: string[]): Record<string, unknown> => {
    const result = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(root, 'dist/malla.mjs'), ...args, '--json'],
      {
        env,
        cwd: home,
        encoding: 'utf8',
      },
    );
    const line = result.stdout.trim().split('\n').at(-1) ?? '';
    if (result.status !== 0)
      throw new Error(`malla ${args.join(' ')} ended with ${result.status}: ${line}\n${result.stderr}`);
    return JSON.parse(line) as Record<string, unknown>;
  };
  return {
    home,
    env,
    malla,
    remove() {
      malla('cluster', 'borrar');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
