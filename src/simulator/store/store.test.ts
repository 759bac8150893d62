import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store, type StoredEvent } from './store.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-store-'));
  path = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const object = (name: string, data = '1') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { data },
});
const names = (store: Store) => store.list('configmaps').map((o) => o.metadata.name);

test('what was durable is there after opening again, with its revision', async () => {
  const first = openStore(path);
  first.put('configmaps', object('b'));
  first.put('configmaps', object('a'));
  first.remove('configmaps', object('b'));
  await first.durable();
  first.close();
  const second = openStore(path);
  expect([names(second), second.revision, second.oldestRevision]).toEqual([['a'], 3, 3]);
  second.close();
});

test('a write is read at once and told once it is on disk, in order', async () => {
  const store = openStore(path);
  const told: [string, string][] = [];
  store.onEvent((e) => told.push([e.type, e.object.metadata.name]));
  store.put('configmaps', object('a'));
  store.put('configmaps', object('a', '2'));
  store.remove('configmaps', object('a'));
  expect([names(store), told]).toEqual([[], []]);
  store.advance(3);
  expect([store.revision, store.durableRevision]).toEqual([4, 0]);
  await store.durable();
  expect(store.durableRevision).toBe(3);
  store.advance(4);
  expect([store.revision, store.durableRevision]).toEqual([5, 5]);
  expect(told).toEqual([
    ['ADDED', 'a'],
    ['MODIFIED', 'a'],
    ['DELETED', 'a'],
  ]);
  expect(store.since(1).map((e: StoredEvent) => e.revision)).toEqual([2, 3]);
  store.close();
});

test.each([
  ['rubbish', () => writeFileSync(path, 'no soy una base de datos '.repeat(300)), 'MALLA-EST-01'],
  ['a row that is not JSON', () => spoil("INSERT INTO objects VALUES ('pods', 'x', '{')"), 'MALLA-EST-01'],
  ['tables of another shape', () => spoil('DROP TABLE objects; CREATE TABLE objects (x)'), 'MALLA-EST-01'],
  ['a newer format', () => spoil('PRAGMA user_version = 99'), 'MALLA-EST-03'],
])('a file with %s is refused by its code and left as it was', (_, harm, code) => {
  openStore(path).close();
  harm();
  const before = readFileSync(path);
  expect(() => openStore(path)).toThrow(expect.objectContaining({ code }));
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a path that cannot be opened is MALLA-EST-02', () => {
  expect(() => openStore(join(folder, 'nowhere', 'state.db'))).toThrow(
    expect.objectContaining({ code: 'MALLA-EST-02' }),
  );
});

test('a write that the disk refuses is reported, and kept for the next try', async () => {
  const store = openStore(path);
  const other = new DatabaseSync(path);
  other.exec('BEGIN EXCLUSIVE');
  store.put('configmaps', object('a'));
  await expect(store.durable()).rejects.toMatchObject({ code: 'MALLA-EST-04' });
  other.exec('ROLLBACK');
  other.close();
  store.put('configmaps', object('b'));
  await store.durable();
  store.close();
  const again = openStore(path);
  expect(names(again)).toEqual(['a', 'b']);
  again.close();
});

function spoil(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

test('at rest only the last events are kept for watchers that come back', async () => {
  const store = openStore(path);
  for (let i = 0; i < 500; i++) store.put('configmaps', object(`a${i}`));
  await store.durable();
  expect([store.oldestRevision, store.since(0).length]).toEqual([0, 500]);
  store.rest();
  expect([store.oldestRevision, store.since(300).length]).toEqual([300, 200]);
  store.put('configmaps', object('b'));
  await store.durable();
  expect(store.since(300)).toHaveLength(201);
  store.close();
});

test('after compacting nothing of what has been is told again, and all of it is there', () => {
  const store = openStore(path);
  store.put('configmaps', object('a'));
  store.put('configmaps', object('b'));
  store.compact();
  expect([store.since(0), store.oldestRevision, names(store)]).toEqual([[], 2, ['a', 'b']]);
  store.close();
});

test('what is written after it is closed fails nobody', async () => {
  const store = openStore(path);
  store.close();
  store.put('configmaps', object('a'));
  await store.durable();
  await new Promise((resolve) => setImmediate(resolve));
  const again = openStore(path);
  expect(names(again)).toEqual([]);
  again.close();
});
