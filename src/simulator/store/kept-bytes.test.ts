import { expect, test } from 'vitest';
import { createKeptBytes } from './kept-bytes.ts';

const MEGABYTE = 1024 * 1024;
const object = (name: string) => ({ apiVersion: 'v1', kind: 'X', metadata: { name } });
const read = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

test('many texts, of any signs and sizes, are what they were', () => {
  const kept = createKeptBytes(64 * MEGABYTE);
  const texts = Array.from({ length: 3_000 }, (_, n) => `${n} ñ€😀 `.repeat(1 + (n % 97)));
  texts.push('x'.repeat(2 * MEGABYTE), 'después');
  const objects = texts.map(object);
  const given = objects.map((o, n) => kept.keep(o, texts[n] ?? ''));
  expect(given.map(read)).toEqual(texts);
  expect(objects.map((o) => read(kept.get(o)))).toEqual(texts);
});

test('what is forgotten is gone, and still there for who holds it', () => {
  const kept = createKeptBytes(MEGABYTE);
  const [one, other] = [object('a'), object('b')];
  const held = kept.keep(one, 'one');
  kept.keep(other, 'other');
  kept.forget(one);
  expect([read(kept.get(one)), read(kept.get(other)), read(held)]).toEqual([undefined, 'other', 'one']);
  kept.clear();
  expect([read(kept.get(other)), read(kept.keep(other, 'again')), read(held)]).toEqual([undefined, 'again', 'one']);
});

test('when there is no room all begin anew', () => {
  const kept = createKeptBytes(2 * MEGABYTE);
  const text = 'x'.repeat(300_000);
  const objects = Array.from({ length: 8 }, (_, n) => object(String(n)));
  const given = objects.map((o) => kept.keep(o, text));
  expect(given.every((bytes) => read(bytes) === text)).toBe(true);
  expect(objects.map((o) => kept.get(o) !== undefined)).toEqual([false, false, false, false, false, false, true, true]);
});
