import { expect, test } from 'vitest';
import { canonicalQuantity } from './quantities.ts';

test.each([
  ['0.5', '500m'],
  ['1024Ki', '1Mi'],
  ['1.5Gi', '1536Mi'],
  ['1000', '1k'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  [1, '1'],
  [0.1, '100m'],
  ['0', '0'],
  ['0Gi', '0'],
  ['512', '512'],
  ['0.5Ki', '512'],
  ['-2000Ki', '-2000Ki'],
  ['1e3', '1e3'],
  ['12e2', '1200'],
  ['0.0000000001', '1n'],
  ['+1', '1'],
  ['.5', '500m'],
  ['1.', '1'],
])('%s is written %s', (given, written) => {
  expect(canonicalQuantity(given)).toBe(written);
});

test.each(['', 'x', '1.2.3', '1KiB', '.', null, {}])('what is no quantity stays: %j', (given) => {
  expect(canonicalQuantity(given)).toEqual(given);
});
