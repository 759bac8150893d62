// The tasks of Istio's documentation on the embedded cluster of now, with Malla's own istioctl.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, startEmbeddedBench } from '../fidelity/run/embedded.ts';
import { fromPath } from '../fidelity/run/tools.ts';
import { runTask } from '../fidelity/tasks/run-task.ts';
import { tasks } from '../fidelity/tasks/tasks.ts';
import { writeRelease } from './support/istio-release.ts';

const root = join(import.meta.dirname, '../..');
let release: string;
let bench: Embedded;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  release = mkdtempSync(join(tmpdir(), 'malla-release-'));
  await writeRelease(release);
  const programs = join(release, 'bin');
  mkdirSync(programs);
  for (const name of ['istioctl', ...((await isInstalled('kubectl')) ? [] : ['kubectl'])]) own(programs, name);
  bench = await startEmbeddedBench(
    (await isInstalled('kubectl')) ? fromPath : { ...fromPath, kubectl: [join(programs, 'kubectl')] },
  );
  const entry = new URL(bench.facts.entry ?? '');
  env = {
    ...bench.env,
    PATH: `${programs}:${process.env.PATH}`,
    GATEWAY_URL: entry.host,
    INGRESS_HOST: entry.hostname,
    INGRESS_PORT: entry.port,
    SECURE_INGRESS_PORT: bench.facts.https?.split(':')[1],
  };
});

afterAll(async () => {
  await bench?.remove();
  rmSync(release, { recursive: true, force: true });
});

test.each(tasks.map((task) => [task.page, task.title, task] as const))(
  '%s: %s',
  async (_page, _title, task) => {
    expect((await runTask(task, { release, env })).failed).toEqual([]);
  },
  150_000,
);

/** A program that is Malla's tool of that name. */
function own(folder: string, name: string): void {
  const path = join(folder, name);
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', join(root, 'dist/malla.mjs'), name];
  writeFileSync(path, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(path, 0o755);
}

async function isInstalled(name: string): Promise<boolean> {
  return promisify(execFile)(name, ['version', '--client']).then(
    () => true,
    () => false,
  );
}
