import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Verdict } from '../checks/verdict.ts';
import { withStudentLine } from './student-files.ts';

let where: string;
beforeEach(async () => {
  where = await mkdtemp(join(tmpdir(), 'malla-ficheros-'));
  await mkdir(join(where, 'canary', 'copias'), { recursive: true });
});
afterEach(() => rm(where, { recursive: true, force: true }));

const verdict: Verdict = {
  check: 'c',
  state: 'incorrecto',
  expected: '',
  observed: '',
  cause: {
    code: 'MALLA-REP-01',
    message: '',
    hint: '',
    at: { kind: 'VirtualService', namespace: 'default', name: 'reviews', path: 'spec.hosts' },
  },
  evidence: {},
  milliseconds: 1,
  simulated: true,
};
const rule = 'kind: VirtualService\nmetadata: {name: reviews}\nspec:\n  hosts: [reviews]\n';
const write = async (name: string, text: string, second: number) => {
  await writeFile(join(where, 'canary', name), text);
  await utimes(join(where, 'canary', name), second, second);
};

test('the file written last that has the object is the one', async () => {
  await write('viejo.yaml', rule, 1_000);
  await write('copias/nuevo.yml', `# otro\n${rule}`, 2_000);
  await write('ajeno.txt', rule, 3_000);
  expect((await withStudentLine(verdict, where, 'canary')).cause?.at).toMatchObject({
    file: join('copias', 'nuevo.yml'),
    line: 5,
  });
});

test('without files, or without a place, the verdict is as it was', async () => {
  expect(await withStudentLine(verdict, where, 'otro')).toEqual(verdict);
  const { cause: _cause, ...right } = verdict;
  expect(await withStudentLine({ ...right, state: 'correcto' }, where, 'canary')).toEqual({
    ...right,
    state: 'correcto',
  });
});
