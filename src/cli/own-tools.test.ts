import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProgram } from '../cluster/programs/find-program.ts';
import { pathWithOwnTools } from './own-tools.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-tools-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string): Promise<void> {
  await writeFile(join(folder, name), '#!/bin/sh\n');
  await chmod(join(folder, name), 0o755);
}

const options = () => ({ home: folder, nodePath: '/usr/bin/node', entry: '/opt/malla.mjs', env: { PATH: folder } });

test('launchers exist for malla and for the tools that the machine lacks', async () => {
  await program('kubectl');
  const path = await pathWithOwnTools(options());
  const [first = ''] = path.split(delimiter);
  expect((await readdir(first)).toSorted()).toEqual(['curl', 'istioctl', 'malla']);
});

test('a launcher goes when the real program appears, so that it hides nothing', async () => {
  await pathWithOwnTools(options());
  await program('kubectl');
  const [first = ''] = (await pathWithOwnTools(options())).split(delimiter);
  expect(await readdir(first)).not.toContain('kubectl');
});

test("Malla's own launchers do not count as programs, and PATH does not grow each time", async () => {
  const once = await pathWithOwnTools(options());
  const env = { PATH: once };
  expect(await findProgram('kubectl', { env, home: folder })).toBeUndefined();
  expect(await pathWithOwnTools({ ...options(), env })).toBe(once);
});
