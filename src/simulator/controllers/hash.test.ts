import { expect, test } from 'vitest';
import { fnv1a, safeEncode, templateHash } from './hash.ts';

test('the hash is in the alphabet of safe names', () => {
  expect(safeEncode(1234567890)).toBe('56789bcdf4');
  expect(fnv1a('')).toBe(0x811c9dc5);
  expect(fnv1a('a')).toBe(0xe40c292c);
});

test('templates with the same content have the same hash whatever the order of keys', () => {
  const one = { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'x', image: 'y' }] } };
  const same = { spec: { containers: [{ image: 'y', name: 'x' }] }, metadata: { labels: { b: '2', a: '1' } } };
  const other = { ...one, spec: { containers: [{ name: 'x', image: 'z' }] } };
  expect(templateHash(one)).toBe(templateHash(same));
  expect(templateHash(one)).not.toBe(templateHash(other));
  expect(templateHash(one)).not.toBe(templateHash(one, 1));
});
