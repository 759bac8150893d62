import { expect, test } from 'vitest';
import { addHeader, allValues, anyValue, firstValue, valuesOf } from './repeated-headers.ts';

function read(lines: [string, string][], direction: 'request' | 'answer' = 'request') {
  const headers: Record<string, string> = {};
  for (const [name, value] of lines) addHeader(headers, name, value, direction);
  return (name: string) => valuesOf(headers[name] ?? '');
}

test('a header of no slot keeps each of its values, in order', () => {
  const valuesFor = read([
    ['x-a', 'dos'],
    ['x-a', 'uno'],
    ['cookie', 'a=1'],
    ['cookie', 'b=2'],
    ['constructor', 'x'],
    ['constructor', 'y'],
  ]);
  expect(valuesFor('x-a')).toEqual(['dos', 'uno']);
  expect(valuesFor('cookie')).toEqual(['a=1', 'b=2']);
  expect(valuesFor('constructor')).toEqual(['x', 'y']);
});

test('a header that Envoy has a slot for is one value with commas, and which ones depends on the direction', () => {
  const lines: [string, string][] = ['accept', 'x-forwarded-for', 'x-envoy-original-path', 'location', 'via'].flatMap(
    (name): [string, string][] => [
      [name, '1'],
      [name, '2'],
    ],
  );
  const asked = read(lines);
  expect(['accept', 'x-forwarded-for', 'x-envoy-original-path', 'location', 'via'].map(asked)).toEqual([
    ['1,2'],
    ['1,2'],
    ['1,2'],
    ['1', '2'],
    ['1,2'],
  ]);
  const answered = read(lines, 'answer');
  expect([answered('accept'), answered('location')]).toEqual([['1', '2'], ['1,2']]);
});

test('one value is enough for a rule; a text made of all of them is no value', () => {
  const text = 'uno\ndos';
  expect(anyValue(text, (value) => value === 'dos')).toBe(true);
  expect(anyValue(text, (value) => value === 'uno,dos')).toBe(false);
  expect([firstValue(text), allValues(text)]).toEqual(['uno', 'uno,dos']);
  expect([firstValue('uno'), allValues('uno'), valuesOf('')]).toEqual(['uno', 'uno', ['']]);
});
