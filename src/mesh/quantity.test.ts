import { expect, test } from 'vitest';
import { parseQuantity, quantityOf } from './quantity.ts';

test('quantities are numbers in their base unit, however they are written', () => {
  expect(['250m', '0.25', 0.25, '1Gi', '1e3', '2k', '-1'].map(parseQuantity)).toEqual([
    0.25,
    0.25,
    0.25,
    2 ** 30,
    1000,
    2000,
    -1,
  ]);
});

test('what is no quantity is told apart from none', () => {
  expect(['mucho', '1Qi', '', undefined, {}].map(parseQuantity)).toEqual(Array(5).fill(undefined));
  expect(quantityOf(undefined)).toBe(0);
});

test.each<[unknown, number]>([
  ['250m', 0.25],
  ['2', 2],
  [1, 1],
  ['1Gi', 2 ** 30],
  ['1e3', 1000],
  ['1500Ki', 1500 * 1024],
  ['x', 0],
  [undefined, 0],
])('%s is %d', (text, value) => {
  expect(quantityOf(text)).toBe(value);
});
