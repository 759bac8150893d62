import { expect, test } from 'vitest';
import { equalities, parseSelector } from './label-selector.ts';

const labels = { app: 'reviews', version: 'v2' };

test.each([
  ['', true],
  ['app=reviews', true],
  ['app==reviews,version=v2', true],
  ['app=reviews,version=v1', false],
  ['version!=v1', true],
  ['tier!=x', true],
  ['version in (v1, v2)', true],
  ['version in (v1,v3),app=reviews', false],
  ['version notin (v1)', true],
  ['tier notin (x)', true],
  ['app', true],
  ['!app', false],
  ['!tier', true],
])('%s', (selector, expected) => {
  expect(parseSelector(selector)(labels)).toBe(expected);
});

test('a pod without labels matches only what asks for absence', () => {
  expect(parseSelector('app=reviews')(undefined)).toBe(false);
  expect(parseSelector('!app')(undefined)).toBe(true);
});

test('equalities are the plain parts', () => {
  expect(equalities('app=reviews,version in (v1),!x,y!=z')).toEqual({ app: 'reviews' });
});
