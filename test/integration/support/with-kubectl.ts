// An embedded cluster of a test file's own with the real kubectl on it.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestCluster, type Outcome, run, type TestCluster } from './embedded.ts';

/** There is no kubectl on the PATH. */
export const missing = spawnSync('kubectl', ['version', '--client']).status !== 0;

export interface WithKubectl {
  cluster: TestCluster;
  /** A folder that goes away with the cluster; kubectl's home too. */
  scratch: string;
  env: Record<string, string | undefined>;
  /** What it writes, errors last. Throws when it fails. */
  kubectl(...argv: string[]): Promise<string>;
  attempt(...argv: string[]): Promise<Outcome>;
  /** Several objects as one List. */
  apply(...objects: object[]): Promise<void>;
  remove(): Promise<void>;
}

export async function startWithKubectl(): Promise<WithKubectl> {
  const cluster = await createTestCluster();
  const scratch = await mkdtemp(join(tmpdir(), 'malla-kubectl-'));
  const { kubeconfig } = await cluster.start();
  const env = { ...process.env, HOME: scratch, KUBECONFIG: kubeconfig };
  const attempt = (...argv: string[]): Promise<Outcome> => run('kubectl', argv, env);
  const kubectl = async (...argv: string[]): Promise<string> => {
    const { code, stdout, stderr } = await attempt(...argv);
    if (code !== 0) throw new Error(`kubectl ${argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return stdout + stderr;
  };
  return {
    cluster,
    scratch,
    env,
    attempt,
    kubectl,
    async apply(...objects) {
      const path = join(scratch, 'objects.json');
      await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
      await kubectl('apply', '-f', path);
    },
    async remove() {
      await cluster.remove();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
