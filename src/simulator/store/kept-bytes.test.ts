import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createKeptBytes, type KeptBytes } from './kept-bytes.ts';

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

const text = 'x'.repeat(300_000);
const none = object('none');
const many = (count: number) => Array.from({ length: count }, (_, n) => object(String(n)));
const there = (kept: KeptBytes, objects: KubeObject[]) => objects.map((o) => (kept.get(o) ? 1 : 0)).join('');

test('when there is no room the oldest go', () => {
  const kept = createKeptBytes(3 * MEGABYTE);
  const objects = many(10);
  const given = objects.map((o) => kept.keep(o, text));
  expect(given.every((bytes) => read(bytes) === text)).toBe(true);
  expect(there(kept, objects)).toBe('0001111111');
});

test('what is forgotten takes no room for long, and what is between it stays', () => {
  const kept = createKeptBytes(6 * MEGABYTE);
  const objects = many(60);
  const texts = objects.map((_, n) => `${n} ${text}`);
  const keep = (n: number) => kept.keep(objects[n] ?? none, texts[n] ?? '');
  const held = keep(0);
  for (let n = 1; n < 60; n++) {
    keep(n);
    if (n % 10 !== 0) kept.forget(objects[n] ?? none);
  }
  expect(there(kept, objects)).toBe('1000000000'.repeat(6));
  expect([0, 10, 50].map((n) => read(kept.get(objects[n] ?? none)) === texts[n])).toEqual([true, true, true]);
  expect(read(held)).toBe(texts[0]);
});
