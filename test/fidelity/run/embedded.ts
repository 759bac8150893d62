// An embedded cluster of its own with what the questions are asked to: Istio, Bookinfo and the bench.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statusEmbedded } from '../../../src/cluster/embedded/embedded.ts';
import { createSandbox } from '../../integration/support/sandbox.ts';
import type { Facts } from './fill.ts';
import { createTools, fromPath, type Programs, type Tools } from './tools.ts';

const root = join(import.meta.dirname, '../../..');
const manifests = [
  ...globSync('samples/gateway-api/*.yaml', { cwd: root }).sort(),
  'samples/bookinfo/bookinfo.yaml',
  'samples/bookinfo/bookinfo-gateway.yaml',
  'samples/bookinfo/destination-rule-all.yaml',
  'test/fidelity/bench.yaml',
];

export interface Embedded {
  env: Record<string, string | undefined>;
  tools: Tools;
  facts: Facts;
  remove(): Promise<void>;
}

export async function startEmbeddedBench(programs: Programs): Promise<Embedded> {
  const sandbox = await createSandbox();
  try {
    const { env } = await sandbox.start();
    await fillCluster(env, createTools(env, programs));
    return {
      env,
      tools: createTools(env, programs),
      facts: await addresses(sandbox.home),
      remove: () => sandbox.remove(),
    };
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

async function addresses(home: string): Promise<Facts> {
  const access = await statusEmbedded({ home });
  if (!access.running) throw new Error('the embedded cluster ended at once');
  const { entry, secureEntry } = access;
  return { entry, ...(secureEntry ? { https: new URL(secureEntry).host } : {}) };
}

async function fillCluster(env: Record<string, string | undefined>, tools: Tools): Promise<void> {
  const own = createTools(env, { ...fromPath, istioctl: [process.execPath, join(root, 'dist/malla.mjs'), 'istioctl'] });
  await must(own.istioctl(['install', '--set', 'profile=demo', '-y']));
  await must(tools.kubectl(['label', 'namespace', 'default', 'istio-injection=enabled', '--overwrite']));
  for (const file of manifests) await must(tools.kubectl(['apply', '-f', '-'], readFileSync(join(root, file), 'utf8')));
  // What does not start is not waited for: its questions will tell.
  await Promise.all(
    ['default', 'legacy'].map((namespace) =>
      tools.kubectl(['wait', '--for=condition=Available', 'deployment', '--all', '--timeout=8s', '-n', namespace]),
    ),
  );
}

async function must(running: Promise<{ code: number; stdout: string; stderr: string }>): Promise<void> {
  const { code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
}
