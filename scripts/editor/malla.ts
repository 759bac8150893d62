// The `malla` program beside a story: on the cluster of its scene, or on one of another home.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What it answers with `--json`. Throws when it fails. */
export function malla(root: string, home: string, ...args: string[]): unknown {
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'dist/malla.mjs'), ...args, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    env: { ...process.env, MALLA_HOME: home },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`malla ${args.join(' ')} ended with ${status}: ${stdout}\n${stderr}`);
  return JSON.parse(stdout);
}

/** The process of the embedded cluster of a scene. `scratch` is the scene's. */
export function clusterPid(root: string, scratch: string): number {
  const { pid } = malla(root, join(scratch, 'malla'), 'cluster', 'estado') as { pid?: number };
  if (pid === undefined) throw new Error('No cluster runs.');
  return pid;
}
