import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from './store.ts';

let folder: string;
let path: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-checkpoints-'));
  path = join(folder, 'state.db');
  store = openStore(path);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const MB = 1024 * 1024;
const megabytes = (file: string): number => Math.floor(statSync(file).size / MB);

async function write(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    store.put('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `m${i}`, namespace: 'default' },
      data: { a: 'x'.repeat(MB) },
    });
    await store.durable();
  }
}

test('what is in the log is moved to its place once there is much of it, beside the writes', async () => {
  await write(20);
  expect(megabytes(path)).toBe(0);
  await write(20);
  await expect.poll(() => megabytes(path), { timeout: 20_000 }).toBeGreaterThanOrEqual(20);
});

test('who never stops writing does not make the log grow: it begins anew each time', async () => {
  await write(260);
  expect(megabytes(`${path}-wal`)).toBeLessThan(160);
  expect(megabytes(path)).toBeGreaterThanOrEqual(100);
});

test('what waits while the log is emptied is written when its store closes', async () => {
  await write(70);
  const last = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'last', namespace: 'default' } };
  store.put('configmaps', last);
  const written = store.durable();
  store.close();
  await written;
  store = openStore(path);
  expect(store.get('configmaps', 'default', 'last')).toMatchObject(last);
  expect(store.list('configmaps')).toHaveLength(71);
});

test('at rest all of it is moved', async () => {
  await write(5);
  store.rest();
  expect(megabytes(path)).toBeGreaterThanOrEqual(5);
});
