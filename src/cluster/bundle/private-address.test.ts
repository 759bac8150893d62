import { expect, test } from 'vitest';
import { isPrivate } from './private-address.ts';

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.1',
  '192.168.1.20',
  '169.254.3.4',
  '::1',
  '[fe80::1]',
  'fd00::5',
  '::ffff:10.0.0.1',
])('%s is of a local network', (address) => expect(isPrivate(address)).toBe(true));

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '192.169.0.1',
  '2001:db8::1',
  '::ffff:8.8.8.8',
  'aula.local',
  '',
  '10.0.0',
  '0.0.0.0',
])('%s is not', (address) => expect(isPrivate(address)).toBe(false));
