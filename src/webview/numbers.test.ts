import { expect, test } from 'vitest';
import { duration, share, small } from './numbers.ts';

test.each([
  [7.6, '8 ms'],
  [310, '310 ms'],
  [2412, '2,4 s'],
])('%s milliseconds are %s', (ms, text) => expect(duration(ms)).toBe(text));

test('a share of nothing is zero', () => expect(share(0, 0)).toMatch(/^0\s%$/));

test('a share keeps one decimal, with a comma', () => expect(share(21, 203)).toMatch(/^10,3\s%$/));

test('an error bound keeps its significant digits', () => expect(small(0.00097)).toBe('0,00097'));
