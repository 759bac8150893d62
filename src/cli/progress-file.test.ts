import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetProgress, readProgress, recordPassed } from './progress-file.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-progress-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('a passed step is remembered once', async () => {
  await recordPassed(home, 'canary', 'diez');
  await recordPassed(home, 'canary', 'diez');
  await recordPassed(home, 'canary', 'mitad');
  expect(await readProgress(home)).toEqual({ canary: ['diez', 'mitad'] });
});

test('steps that are passed together are all remembered', async () => {
  await Promise.all(['uno', 'dos', 'tres'].map((step) => recordPassed(home, 'canary', step)));
  expect(await readProgress(home)).toEqual({ canary: ['uno', 'dos', 'tres'] });
});

test('nothing recorded, or a damaged file, is no progress', async () => {
  expect(await readProgress(home)).toEqual({});
  await writeFile(join(home, 'progreso.json'), '{"canary": "all"');
  expect(await readProgress(home)).toEqual({});
  await writeFile(join(home, 'progreso.json'), '{"canary": "all"}');
  expect(await readProgress(home)).toEqual({});
  expect(await readFile(join(home, 'progreso.json'), 'utf8')).toContain('all');
});

test('progress is forgotten on request', async () => {
  await recordPassed(home, 'canary', 'diez');
  await forgetProgress(home);
  expect(await readProgress(home)).toEqual({});
});
