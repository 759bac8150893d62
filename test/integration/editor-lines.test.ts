// The lines that the editor lives on, from a real embedded cluster: what it has, a verification that was asked for, and the
// console that its terminals may have.
import type { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { malla } from '../../src/cli/malla.ts';
import { createSandbox, hostFor, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
  expect((await sandbox.malla('cluster', 'iniciar', '--json')).exitCode).toBe(0);
});
afterAll(() => sandbox.remove());

/** A verb that goes on, with what it has said so far as JSON. */
function following(...argv: string[]) {
  const host = hostFor(sandbox.home);
  let text = '';
  (host.stdout as PassThrough).on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const ended = malla(argv, host);
  return {
    lines: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => text,
    write: (line: string) => (host.stdin as PassThrough).write(`${line}\n`),
    end: () => (host.stdin as PassThrough).end(),
    ended,
  };
}

const patience = { timeout: 60_000, interval: 20 };

test('malla inventario tells what there is and each change of it, until it is told to stop', async () => {
  const inventory = following('inventario');
  await expect.poll(() => inventory.lines().at(-1), patience).toEqual({ event: 'live' });
  const [first] = inventory.lines().filter(({ event }) => event === 'nodes');
  expect(first?.nodes).toMatchObject([
    { name: 'arya', ready: true, roles: [] },
    { name: 'nieve', ready: true, roles: ['control-plane'] },
    { name: 'sansa', ready: true, roles: [] },
  ]);
  await sandbox.malla('kubectl', 'create', 'namespace', 'tienda', '--kubeconfig', await kubeconfig());
  const told = () =>
    inventory.lines().find(({ namespace }) => (namespace as { name?: string } | undefined)?.name === 'tienda');
  await expect.poll(told, patience).toMatchObject({
    event: 'namespace',
    namespace: { name: 'tienda', injected: false, pods: 0, services: [], proxies: [] },
  });
  inventory.write('{"do":"stop"}');
  expect(await inventory.ended).toBe(0);
});

test('a verification that is asked for ends with its verdicts, after those of its checks', async () => {
  const watcher = following('seguir', 'instalacion', '--json');
  watcher.write('{"do":"verify","step":"instalar"}');
  const verified = () => watcher.lines().find(({ event }) => event === 'verified');
  await expect.poll(verified, patience).toMatchObject({ step: 'instalar' });
  const verdicts = verified()?.verdicts as { state: string }[];
  expect(verdicts.length).toBeGreaterThan(0);
  // Nothing is installed.
  expect(verdicts.every(({ state }) => state === 'incorrecto')).toBe(true);
  const said = watcher.lines();
  const end = said.findIndex(({ event }) => event === 'verified');
  expect(said.slice(0, end).some(({ event, state }) => event === 'check' && state === 'hecho')).toBe(true);
  watcher.write('{"do":"stop"}');
  expect(await watcher.ended).toBe(0);
});

test('a step that the lab does not have ends with no verdict, and nobody is left waiting', async () => {
  const watcher = following('seguir', 'instalacion', '--json');
  watcher.write('{"do":"verify","step":"no-hay"}');
  await expect
    .poll(() => watcher.lines().find(({ event }) => event === 'verified'), patience)
    .toEqual({ event: 'verified', step: 'no-hay', verdicts: [] });
  watcher.end();
  expect(await watcher.ended).toBe(0);
});

test('the console runs its own orders line by line and ends with the input', async () => {
  const shell = following('consola');
  shell.write('pwd');
  shell.write('kubectl get pods | head');
  shell.end();
  expect(await shell.ended).toBe(0);
  expect(shell.text()).toContain(sandbox.home);
  expect(shell.text()).toContain('no entiende');
});

async function kubeconfig(): Promise<string> {
  return (JSON.parse((await sandbox.malla('cluster', 'estado', '--json')).stdout) as { kubeconfig: string }).kubeconfig;
}
