import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProgram, ownToolsFolder, toolsFolder } from './find-program.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-find-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function program(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), '#!/bin/sh\n');
  await chmod(join(folder, name), 0o755);
  return join(folder, name);
}

test('a program is found on PATH by its name, and only if it is a file that can run', async () => {
  const folder = join(home, 'bin');
  const kubectl = await program(folder, 'kubectl');
  await writeFile(join(folder, 'istioctl'), 'not executable');
  await mkdir(join(folder, 'kind'));
  expect(await findProgram('kubectl', { env: { PATH: `/nowhere${delimiter}${folder}` }, home })).toBe(kubectl);
  expect(await findProgram('istioctl', { env: { PATH: folder }, home })).toBeUndefined();
  expect(await findProgram('kind', { env: { PATH: folder }, home })).toBeUndefined();
  expect(await findProgram('kubectl', { env: {}, home })).toBeUndefined();
});

test("what Malla downloaded goes before PATH, and Malla's launchers do not count", async () => {
  const [own, onPath] = [await program(toolsFolder(home), 'kind'), join(home, 'bin')];
  await program(onPath, 'kind');
  await program(join(home, ownToolsFolder), 'kubectl');
  const env = { PATH: [join(home, ownToolsFolder), onPath].join(delimiter) };
  expect(await findProgram('kind', { env, home })).toBe(own);
  expect(await findProgram('kubectl', { env, home })).toBeUndefined();
});

test('a relative folder of PATH is not looked into', async () => {
  const before = process.cwd();
  await program(join(home, 'bin'), 'kind');
  try {
    process.chdir(home);
    expect(
      await findProgram('kind', { env: { PATH: `bin${delimiter}.${delimiter}` }, home: '/nowhere' }),
    ).toBeUndefined();
  } finally {
    process.chdir(before);
  }
});
