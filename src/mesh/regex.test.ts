import { expect, test } from 'vitest';
import { compileRegex } from './regex.ts';

test('patterns that explode in other engines are nothing for RE2', () => {
  const start = performance.now();
  expect(compileRegex('(a+)+$')?.matches(`${'a'.repeat(8_000)}!`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});

test.each(['(', '(?=a)', '\\1', 'a{2000}', '(a{1000}){50}'])('%s does not compile', (pattern) => {
  expect(compileRegex(pattern)).toBeUndefined();
});

test('patterns so large that a match would take seconds are not used, and cost nothing to refuse', () => {
  const start = performance.now();
  for (const pattern of [
    '.{0,1000}'.repeat(20),
    '.{1000}'.repeat(400),
    'x'.repeat(5_000),
    '[a-z]'.repeat(800).repeat(2),
  ]) {
    expect(compileRegex(pattern)).toBeUndefined();
  }
  expect(performance.now() - start).toBeLessThan(500);
  expect(compileRegex('.{0,1000}')?.matches('a'.repeat(900))).toBe(true);
});
