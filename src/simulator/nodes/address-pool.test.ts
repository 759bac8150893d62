import { expect, test } from 'vitest';
import { createAddressPool } from './address-pool.ts';

test('addresses rise from .2, and come again only after release and once round', () => {
  const pool = createAddressPool('10.244.1.0/29');
  expect([pool.take(), pool.take()]).toEqual(['10.244.1.2', '10.244.1.3']);
  pool.release('10.244.1.2');
  expect([pool.take(), pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([
    '10.244.1.4',
    '10.244.1.5',
    '10.244.1.6',
    '10.244.1.2',
    undefined,
  ]);
});

test('reserved addresses are not handed out', () => {
  const pool = createAddressPool('10.244.1.0/24');
  pool.reserve('10.244.1.2');
  pool.reserve('10.244.1.9');
  expect(pool.take()).toBe('10.244.1.10');
});

test('ranges wider than a byte carry over', () => {
  const pool = createAddressPool('10.240.0.0/20');
  for (let i = 0; i < 253; i++) pool.take();
  expect([pool.take(), pool.take()]).toEqual(['10.240.0.255', '10.240.1.0']);
});
