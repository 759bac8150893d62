import { expect, test } from 'vitest';
import { inAnySubnet, isAddress } from './ip-ranges.ts';

test.each([
  ['10.1.2.3', ['10.0.0.0/8'], true],
  ['11.1.2.3', ['10.0.0.0/8'], false],
  ['10.1.2.3', ['10.1.2.3'], true],
  ['10.1.2.3', ['1.1.1.1', '0.0.0.0/0'], true],
  ['10.1.2.128', ['10.1.2.0/25'], false],
  ['fd00::1', ['fd00::/16'], true],
  ['fe00::1', ['fd00::/16'], false],
  ['[::1]', ['::1'], true],
  ['10.1.2.3', ['::/0'], false],
  ['10.1.2.3', ['10.0.0.0/33', '10.0.0.0/x', '10.0.0/8', ''], false],
  ['nonsense', ['0.0.0.0/0'], false],
])('%s in %j: %s', (address, ranges, expected) => {
  expect(inAnySubnet(address, ranges)).toBe(expected);
});

test('what is an address', () => {
  expect(['1.2.3.4', '::', '1::2', '[fe80::1]'].every(isAddress)).toBe(true);
  expect(['', '1.2.3', '256.1.1.1', '1:2', ':::', 'a.b.c.d', '1::2::3', `${'1:'.repeat(99)}`].some(isAddress)).toBe(
    false,
  );
});
