import { expect, test } from 'vitest';
import { compareBy } from './sort-by.ts';

const sorted = (values: unknown[]): unknown[] =>
  values
    .map((value) => ({ value }))
    .sort(compareBy('.value'))
    .map(({ value }) => value);

test('names go character by character', () => {
  expect(sorted(['pod-2', 'w-6srbz', 'pod-10', 'w-582jn', 'a'])).toEqual([
    'a',
    'pod-10',
    'pod-2',
    'w-582jn',
    'w-6srbz',
  ]);
});

test('numbers and quantities go by their value, and what has none goes first', () => {
  expect(sorted([10, 2, undefined])).toEqual([undefined, 2, 10]);
  expect(sorted(['1Gi', '100m', '2Mi', '3'])).toEqual(['100m', '3', '2Mi', '1Gi']);
});
