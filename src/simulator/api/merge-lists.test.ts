import { expect, test } from 'vitest';
import { mergeLists } from './merge-lists.ts';

const merged = (live: string, wanted: string) =>
  mergeLists(
    [...live],
    [...wanted],
    (item) => item,
    (_was, item) => item,
  ).join('');

test.each([
  ['a', 'b', 'ab'],
  ['ab', 'c', 'abc'],
  ['ab', 'ba', 'ba'],
  ['abc', 'b', 'abc'],
  ['abc', 'cx', 'abcx'],
  ['', 'ab', 'ab'],
  ['ab', '', 'ab'],
  ['abc', 'ca', 'bca'],
])('onto %j, %j is applied: %j', (live, wanted, result) => {
  expect(merged(live, wanted)).toBe(result);
});
