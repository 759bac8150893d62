// Evidence that is changed is seen to be changed, wherever in the file the change is.
import { expect, test } from 'vitest';
import { seededRandom } from '../replay/world/seeded-random.ts';
import { courseKey, handInOf, now, recordOf } from './hand-in.fixture.ts';
import { Refused } from './problems.ts';
import { readHandIn } from './read-hand-in.ts';

const changes = 10_000;

function codesOf(bytes: Buffer): string[] {
  try {
    return readHandIn(bytes, { course: courseKey, now }).problems.map((p) => p.code);
  } catch (error) {
    if (error instanceof Refused) return [error.problem.code];
    throw error;
  }
}

test(`each of ${changes} changes of one bit is told, and none makes reading throw`, async () => {
  const records = ['noventa', 'mitad', 'cien'].map((step, i) => recordOf({ step, at: `2026-11-20T09:5${i}:00.000Z` }));
  const bytes = await handInOf({ records });
  expect(codesOf(bytes)).toEqual([]);
  const random = seededRandom('one bit');
  const unseen: number[] = [];
  for (let i = 0; i < changes; i++) {
    const bit = Math.floor(random() * bytes.length * 8);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (codesOf(bytes).length === 0) unseen.push(bit);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }
  expect(unseen).toEqual([]);
}, 60_000);

test('a change that whoever made it covers with new digests and a new chain still breaks the signature', async () => {
  const honest = await handInOf();
  const forged = await handInOf({ records: [recordOf({ step: 'cien' })], key: undefined });
  const { readZip } = await import('./zip-reader.ts');
  const { writeZip } = await import('./zip-writer.ts');
  const seal = readZip(honest).entries.filter((e) => e.name === 'sello.json');
  const bytes = writeZip([...readZip(forged).entries, ...seal]);
  expect(codesOf(bytes)).toContain('MALLA-ENT-18');
});
