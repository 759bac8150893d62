import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settlePorts } from './ports.ts';
import { openStateFolder } from './state-folder.ts';

let home: string;
const ends: (() => void)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'malla-ports-'));
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(home, { recursive: true, force: true });
});

/** Draws the ports from this one on, in steps of a hundred. */
function drawnFrom(first: number): () => number {
  let next = first;
  return () => {
    const drawn = (next - 20_000 + 0.5) / 10_000;
    next += 100;
    return drawn;
  };
}

async function settle(name: string, random: () => number, wanted = {}) {
  const settled = await settlePorts(openStateFolder(join(home, name)), wanted, random);
  ends.push(settled.leave);
  return settled;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
    ends.push(() => server.close());
  });
}

test('what one cluster has chosen no other one picks, though nobody listens there', async () => {
  const one = await settle('one', drawnFrom(21_117));
  const other = await settle('other', drawnFrom(21_117));
  const all = [...Object.values(one.ports), ...Object.values(other.ports)];
  expect(new Set(all).size).toBe(6);
});

test('a cluster listens on its own ports, and has them again the next time', async () => {
  const random = drawnFrom(23_219);
  const { ports, leave } = await settle('one', random);
  for (const port of Object.values(ports)) await listen(port);
  for (const end of ends.splice(0)) end();
  leave();
  expect((await settle('one', random)).ports).toEqual(ports);
});

test('a port that is asked for and taken is refused, and those before it are free again', async () => {
  const { ports, leave } = await settle('first', drawnFrom(25_333));
  leave();
  const { port } = ports;
  await listen(ports.entryPort);
  const wanted = { port, entryPort: ports.entryPort };
  await expect(settle('one', drawnFrom(25_401), wanted)).rejects.toMatchObject({ code: 'MALLA-CLU-02' });
  const free = await settle('other', drawnFrom(port));
  expect(free.ports.port).toBe(port);
});
