import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runConsoleLine } from './console-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'malla-console-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'k8s'));
writeFileSync(join(folder, 'a.yaml'), 'x: 1\n');

async function line(text: string, code = 0) {
  let said = '';
  const ran: string[][] = [];
  const state = { folder, home: '/home/x' };
  const next = await runConsoleLine(text, state, {
    write: (part) => {
      said += part;
    },
    run: async (program, args, where) => {
      ran.push([program, ...args, where]);
      return code;
    },
  });
  return { said, ran, next };
}

test('a program of the labs runs with its words as they are, in the folder', async () => {
  expect((await line("kubectl get pods -o 'jsonpath={.items[0]}'")).ran).toEqual([
    ['kubectl', 'get', 'pods', '-o', 'jsonpath={.items[0]}', folder],
  ]);
});

test('a code that is not 0 is told', async () => {
  expect((await line('curl http://x', 7)).said).toContain('código 7');
});

test.each(['kubectl get pods | head', 'rm $(ls)', 'echo "sin cerrar', 'ls > x'])(
  '%s is refused, not guessed',
  async (text) => {
    const { ran, said, next } = await line(text);
    expect(ran).toEqual([]);
    expect(said).toMatch(/no entiende/);
    expect(next?.folder).toBe(folder);
  },
);

test('what is not there is told, also names of objects', async () => {
  for (const name of ['rm', 'constructor', '__proto__'])
    expect((await line(name)).said).toContain('no está en esta consola');
});

test('its own orders look around', async () => {
  expect((await line('ls')).said).toBe('a.yaml\nk8s/\n');
  expect((await line('cat a.yaml')).said).toBe('x: 1\n');
  expect((await line('cd k8s')).next?.folder).toBe(join(folder, 'k8s'));
  expect((await line('cd no-hay')).next?.folder).toBe(folder);
  expect((await line('salir')).next).toBeUndefined();
  expect((await line('')).next).toEqual({ folder, home: '/home/x' });
});
