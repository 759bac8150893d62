// The key of a course and the seals that it gives, as a teacher makes them; and parts of a grading that cannot be.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anasKey, handInOf, now } from '../../grading/handin/hand-in.fixture.ts';
import { courseKeySchema, type StudentKey, studentKeySchema } from '../../grading/handin/keys.ts';
import { readHandIn } from '../../grading/handin/read-hand-in.ts';
import { malla } from '../malla.ts';
import { readCoursePublic } from './course-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-claves-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ exitCode: number; said: string }> {
  const said: string[] = [];
  const stream = () => new PassThrough().on('data', (chunk: Buffer) => void said.push(chunk.toString()));
  const exitCode = await malla(['calificar', ...argv], {
    stdin: new PassThrough(),
    stdout: stream(),
    stderr: stream(),
    env: { MALLA_HOME: join(folder, 'home'), NO_COLOR: '1' },
    cwd: folder,
    nodePath: process.execPath,
    root: resolve(import.meta.dirname, '../../..'),
    signal: new AbortController().signal,
    holdInterrupts() {},
  });
  return { exitCode, said: said.join('') };
}
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));

test('a key is for its owner alone, and never takes the place of another', async () => {
  expect((await run('clave', 'crear', 'Mallas 2026')).exitCode).toBe(0);
  const key = courseKeySchema.parse(await read('clave-curso.json'));
  expect(key.title).toBe('Mallas 2026');
  expect((await stat(join(folder, 'clave-curso.json'))).mode & 0o077).toBe(0);
  const again = await run('clave', 'crear', 'Otro');
  expect([again.exitCode === 0, again.said.includes('MALLA-ENT-44')]).toEqual([false, true]);
  expect(courseKeySchema.parse(await read('clave-curso.json'))).toEqual(key);
});

test('what a seal of the course signs is known to be of its student, and of no other course', async () => {
  await run('clave', 'crear');
  expect((await run('clave', 'sello', 'ana', '*')).exitCode).toBe(0);
  const course = courseKeySchema.parse(await read('clave-curso.json'));
  const sealOf = (bytes: Buffer) => readHandIn(bytes, { course, now }).seal;
  const seals = await Promise.all(
    ['ana', 'clase'].map(async (name) => studentKeySchema.parse(await read(join('sellos', `sello-${name}.json`)))),
  );
  expect(await Promise.all(seals.map(async (key: StudentKey) => sealOf(await handInOf({ key }))))).toEqual([
    'alumno',
    'clase',
  ]);
  expect(sealOf(await handInOf({ key: anasKey }))).toBe('no vale');
});

test('the public part of a key is enough to check seals, and not to give them', async () => {
  await run('clave', 'crear');
  const path = join(folder, 'clave-curso.json');
  const whole = await readCoursePublic(path);
  await writeFile(path, JSON.stringify(whole));
  expect(Object.keys(whole).toSorted()).toEqual(['course', 'publicKey']);
  expect(await readCoursePublic(path)).toEqual(whole);
  expect((await run('clave', 'sello', 'ana')).said).toContain('MALLA-ENT-43');
});

test('a code that no student can have gets no seal', async () => {
  await run('clave', 'crear');
  const { exitCode, said } = await run('clave', 'sello', '../ana');
  expect([exitCode === 0, said.includes('MALLA-ENT-50')]).toEqual([false, true]);
});

test.each([
  ['--fragmento', '5/5'],
  ['--momento', 'ayer'],
])('%s %s is told before anything is graded', async (option, value) => {
  await writeFile(join(folder, 'a.zip'), '');
  const { exitCode, said } = await run('.', option, value);
  expect([exitCode === 0, said.includes('MALLA-USO-01'), said.includes(value)]).toEqual([false, true, true]);
});
