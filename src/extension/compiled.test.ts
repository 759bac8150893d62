import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireCompiled } from './compiled.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-compiled-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = (text: string): string =>
  `const { basename } = require('node:path'); exports.say = () => basename('/a/${text}');`;
const kept = () => join(folder, 'storage', 'main.bin');

function load(source?: string) {
  const path = join(folder, 'main.cjs');
  if (source !== undefined) writeFileSync(path, source);
  const require = createRequire(path);
  const compiled = requireCompiled(path, kept(), require);
  expect(require(path)).toBe(compiled.exports);
  return { ...compiled, said: (compiled.exports as { say(): string }).say() };
}

test('is the same with and without what was compiled before', async () => {
  const first = load(program('uno'));
  await first.keep();
  const written = readFileSync(kept());
  const second = load();
  await second.keep();
  expect([first.said, second.said, readFileSync(kept()).equals(written)]).toEqual(['uno', 'uno', true]);
});

test('another program of the same length is not taken for it', async () => {
  await load(program('uno')).keep();
  const other = load(program('dos'));
  expect(other.said).toBe('dos');
  await other.keep();
  expect(load().said).toBe('dos');
});

test.each([
  ['cut', (bytes: Buffer) => bytes.subarray(0, 40)],
  ['spoilt', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(bytes.length - 60)])],
])('what is %s is compiled again and kept anew', async (_, harm) => {
  await load(program('uno')).keep();
  const harmed = harm(readFileSync(kept()));
  writeFileSync(kept(), harmed);
  const again = load();
  expect(again.said).toBe('uno');
  await again.keep();
  expect(readFileSync(kept()).equals(harmed)).toBe(false);
});

test('where nothing can be written, nothing is kept and nothing fails', async () => {
  writeFileSync(join(folder, 'storage'), '');
  const compiled = load(program('uno'));
  await compiled.keep();
  expect(compiled.said).toBe('uno');
});
