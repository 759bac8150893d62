import { expect, test } from 'vitest';
import { copyOf } from './copy.ts';

test('a copy is equal all the way down and shares nothing', () => {
  const original = { a: [1, { b: null, c: 'x' }], d: { e: undefined, f: [] }, g: true };
  const copy = copyOf(original);
  expect(copy).toStrictEqual(original);
  expect(copy.a).not.toBe(original.a);
  expect(copy.a[1]).not.toBe(original.a[1]);
  expect(copy.d.f).not.toBe(original.d.f);
});
