import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { simulatorProgram } from '../../scripts/build.ts';

// A character of it that is not ASCII (esbuild leaves those of regular expressions as they are) doubles its memory.
test("the text of the embedded cluster's program is ASCII", async () => {
  const { outputFiles = [] } = await build({ ...simulatorProgram, write: false, sourcemap: false });
  const program = outputFiles.find(({ path }) => path.endsWith('.mjs'))?.text ?? '';
  expect(program.length).toBeGreaterThan(1e6);
  expect(program.match(/.{0,30}[^\0-\x7f]/g) ?? []).toEqual([]);
});
