// The `malla` command as scripts and people call it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox.remove());

test('a wrong call is 64 and says what is wrong', async () => {
  for (const argv of [['nada'], ['lab'], ['verificar'], ['labs', '--nada'], ['lab', 'canary', '1', '2']]) {
    const { exitCode, stderr } = await sandbox.malla(...argv);
    expect({ argv, exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('MALLA-USO-01') });
  }
});

test('an unknown lab or step is a wrong call too, as JSON when asked', async () => {
  expect(await sandbox.malla('lab', 'nada')).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('MALLA-USO-02'),
  });
  const { exitCode, stdout } = await sandbox.malla('lab', 'canary', '9', '--json');
  expect(exitCode).toBe(64);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'MALLA-USO-03' } });
});

test('help is Spanish and names every verb', async () => {
  const { exitCode, stdout } = await sandbox.malla('--help');
  expect(exitCode).toBe(0);
  for (const verb of ['guia', 'labs', 'lab', 'verificar', 'resolver', 'seguir', 'cluster', 'kubeconfig'])
    expect(stdout).toContain(verb);
  expect(stdout).not.toMatch(/Usage|Options|Commands/);
});

test('labs come in the order in which they can be taken', async () => {
  const labs = JSON.parse((await sandbox.malla('labs', '--json')).stdout) as { id: string; chapter: boolean }[];
  const ids = labs.filter((l) => !l.chapter).map((l) => l.id);
  const first = ['instalacion', 'inyeccion', 'bookinfo', 'blue-green', 'canary'];
  expect(ids.filter((id) => first.includes(id))).toEqual(first);
  expect(ids.at(-1)).toBe('proyecto-final');
});

test('starting twice finds the same cluster; stopping keeps it, deleting does not', async () => {
  const first = JSON.parse((await sandbox.malla('cluster', 'iniciar', '--json')).stdout) as Record<string, unknown>;
  expect(first).toMatchObject({
    kubeconfig: expect.any(String),
    entry: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    pid: expect.any(Number),
  });
  expect(JSON.parse((await sandbox.malla('cluster', 'iniciar', '--json')).stdout)).toMatchObject({ pid: first.pid });
  expect(JSON.parse((await sandbox.malla('cluster', 'estado', '--json')).stdout)).toMatchObject({
    running: true,
    pid: first.pid,
    entry: first.entry,
  });
  expect(JSON.parse((await sandbox.malla('cluster', 'parar', '--json')).stdout)).toEqual({ stopped: true });
  expect(JSON.parse((await sandbox.malla('cluster', 'estado', '--json')).stdout)).toEqual({
    running: false,
    kind: 'embebido',
  });
  const again = JSON.parse((await sandbox.malla('cluster', 'iniciar', '--json')).stdout) as Record<string, unknown>;
  expect(again).toMatchObject({ kubeconfig: first.kubeconfig, entry: first.entry });
  expect(JSON.parse((await sandbox.malla('cluster', 'borrar', '--json')).stdout)).toEqual({ deleted: true });
  expect(JSON.parse((await sandbox.malla('cluster', 'borrar', '--json')).stdout)).toEqual({ deleted: false });
});

test('verifying before doing anything is incorrecto (1), with the first broken link', async () => {
  const { exitCode, stdout } = await sandbox.malla('verificar', 'instalacion', '1', '--json');
  expect(exitCode).toBe(1);
  const result = JSON.parse(stdout) as {
    state: string;
    steps: { checks: { verdict: { cause: { code: string } } }[] }[];
  };
  expect(result.state).toBe('incorrecto');
  expect(result.steps[0]?.checks[0]?.verdict.cause.code).toBe('MALLA-INS-01');
});

test('a cluster that does not answer is no verificable (2)', async () => {
  const { kubeconfig } = JSON.parse((await sandbox.malla('cluster', 'iniciar', '--json')).stdout) as {
    kubeconfig: string;
  };
  const { readFile, writeFile } = await import('node:fs/promises');
  const copy = `${sandbox.home}/otro.yaml`;
  await writeFile(copy, (await readFile(kubeconfig, 'utf8')).replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
  const { exitCode } = await sandbox.malla('verificar', 'instalacion', '1', '--kubeconfig', copy, '--json');
  expect(exitCode).toBe(2);
});

test('the written solution of a step is applied and verified', async () => {
  const { exitCode, stdout } = await sandbox.malla(
    'resolver',
    'instalacion',
    '--paso',
    'instalar',
    '--carpeta',
    sandbox.home,
    '--json',
  );
  expect(JSON.parse(stdout)).toMatchObject({ state: 'correcto', steps: [{ step: 'instalar', state: 'correcto' }] });
  expect(exitCode).toBe(0);
});
