import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../handin/canonical-json.ts';
import { firstBroken } from '../handin/chain.ts';
import { manifest, recordOf } from '../handin/hand-in.fixture.ts';
import { addRecord, readJournal, readKept } from './journal-file.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-diario-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const recordsFile = () => join(home, 'diario', 'registro.jsonl');

test('records are chained in the order in which they come, and their texts are kept by digest', async () => {
  expect(await addRecord(home, recordOf(), [manifest])).toBe(true);
  expect(await addRecord(home, recordOf({ step: 'mitad' }), [manifest])).toBe(true);
  const { id, records } = await readJournal(home);
  expect(records.map((r) => [r.number, r.step])).toEqual([
    [1, 'noventa'],
    [2, 'mitad'],
  ]);
  expect(firstBroken(id, records)).toBeUndefined();
  expect(await readKept(home, sha256(manifest))).toBe(manifest);
});

test('what says the same as the last of its step is not written again; a new verdict is', async () => {
  const [verdict] = recordOf().verdicts;
  await addRecord(home, recordOf(), []);
  expect(await addRecord(home, recordOf({ at: '2026-11-20T09:59:00.000Z' }), [])).toBe(false);
  const wrong = verdict ? [{ ...verdict, state: 'incorrecto' as const }] : [];
  expect(await addRecord(home, recordOf({ verdicts: wrong }), [])).toBe(true);
  expect((await readJournal(home)).records).toHaveLength(2);
});

test('records that come at once are all there, in one chain', async () => {
  const steps = ['uno', 'dos', 'tres', 'cuatro', 'cinco'];
  await Promise.all(steps.map((step) => addRecord(home, recordOf({ step }), [])));
  const { id, records } = await readJournal(home);
  expect(records.map((r) => r.step).toSorted()).toEqual(steps.toSorted());
  expect(firstBroken(id, records)).toBeUndefined();
});

test('half a line of a process that was killed is cut off by the next record', async () => {
  await addRecord(home, recordOf(), []);
  await appendFile(recordsFile(), '{"number":2,"prev');
  await addRecord(home, recordOf({ step: 'mitad' }), []);
  const { id, records } = await readJournal(home);
  expect(records.map((r) => r.step)).toEqual(['noventa', 'mitad']);
  expect(firstBroken(id, records)).toBeUndefined();
});

test('a line that was changed by hand is seen in the chain', async () => {
  for (const step of ['uno', 'dos', 'tres']) await addRecord(home, recordOf({ step }), []);
  const text = await readFile(recordsFile(), 'utf8');
  await writeFile(recordsFile(), text.replace('"step":"dos"', '"step":"dox"'));
  const { id, records } = await readJournal(home);
  expect(firstBroken(id, records)).toBe(1);
});

test('without a journal there are no records', async () => {
  expect(await readJournal(home)).toEqual({ id: '', records: [] });
  expect(await readKept(home, sha256('nada'))).toBeUndefined();
});
