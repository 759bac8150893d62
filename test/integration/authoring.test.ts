// What who writes labs and who marks them do: a new lab from the template, tried whole; marks with their evidence.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MarkSheet } from '../../src/grading/mark-sheet.ts';
import { createSandbox, root, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let labs: string;

beforeAll(async () => {
  sandbox = await createSandbox();
  labs = join(await mkdtemp(join(tmpdir(), 'malla-labs-')), 'labs');
  for (const id of ['instalacion', 'inyeccion', 'bookinfo']) {
    await cp(join(root, 'labs', id), join(labs, id), { recursive: true });
  }
});
afterAll(async () => {
  await sandbox.remove();
  await rm(join(labs, '..'), { recursive: true, force: true });
});

test('a new lab is right as it comes, and nothing is written over', async () => {
  const created = await sandbox.malla('lab', 'nuevo', 'mi-lab', '--titulo', 'Mi «primer» lab', '--carpeta', labs);
  expect([created.exitCode, created.stdout]).toEqual([0, expect.stringContaining(join(labs, 'mi-lab', 'lab.md'))]);
  expect((await sandbox.malla('lab', 'nuevo', 'mi-lab', '--carpeta', labs)).stderr).toContain('MALLA-LAB-23');
  expect((await sandbox.malla('lab', 'nuevo', '../fuera', '--carpeta', labs)).stderr).toContain('MALLA-LAB-22');
  process.env.MALLA_LABS = labs;
  try {
    const { exitCode, stdout } = await sandbox.malla('lab', 'comprobar', 'mi-lab', '--json');
    const trials = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; problem: string });
    expect(trials.map((t) => [t.what, t.problem])).toEqual([
      ['error', ''],
      ['solucion', ''],
      ['limpieza', ''],
      ['otra-vez', ''],
      ['limpieza', ''],
    ]);
    expect(exitCode).toBe(0);
  } finally {
    delete process.env.MALLA_LABS;
  }
});

test('marks tell right from wrong, and come as JSON, CSV and JUnit', async () => {
  await sandbox.malla('resolver', 'instalacion', '--carpeta', sandbox.home);
  const csv = join(sandbox.home, 'notas.csv');
  const junit = join(sandbox.home, 'notas.xml');
  const { exitCode, stdout } = await sandbox.malla(
    ...['calificar', '--labs', 'instalacion,inyeccion', '--alumno', 'Ana', '--json', '--csv', csv, '--junit', junit],
  );
  const sheet = JSON.parse(stdout) as MarkSheet;
  expect(exitCode).toBe(1);
  expect(sheet).toMatchObject({ student: 'Ana', cluster: { simulated: true }, labs: [{ mark: 10 }, { mark: 0 }] });
  for (const { points, verdict } of sheet.labs[1]?.checks ?? []) {
    expect([points, verdict.cause?.code]).toEqual([0, expect.stringMatching(/^MALLA-/)]);
  }
  expect((await readFile(csv, 'utf8')).split('\r\n')[1]).toMatch(/^Ana,instalacion,instalar,\w+,correcto,1,/);
  expect(await readFile(junit, 'utf8')).toMatch(
    /<testsuite name="inyeccion" tests="(\d+)" failures="\1" errors="0" skipped="0"/,
  );
});
