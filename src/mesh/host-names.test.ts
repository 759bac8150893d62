import { expect, test } from 'vitest';
import { covers, fullHost, HostTable, hostOf, intersection, portOf } from './host-names.ts';

test('a name without dots is a Service of the same namespace; any other stays', () => {
  expect(fullHost('reviews', 'shop')).toBe('reviews.shop.svc.cluster.local');
  expect(fullHost('reviews.shop', 'default')).toBe('reviews.shop');
  expect(fullHost('*', 'shop')).toBe('*');
  expect(fullHost('Reviews', 'shop')).toBe('reviews.shop.svc.cluster.local');
});

test('the host of an authority has no port, no trailing dot and no capitals', () => {
  expect(hostOf('Reviews:9080')).toBe('reviews');
  expect(hostOf('reviews.default.svc.cluster.local.')).toBe('reviews.default.svc.cluster.local');
  expect(hostOf('[::1]:80')).toBe('[::1]');
  expect(hostOf('')).toBe('');
  expect(portOf('reviews:9080')).toBe(9080);
  expect(portOf('reviews')).toBeUndefined();
  expect(portOf('[::1]')).toBeUndefined();
});

test('a wildcard covers what ends like it, but not the bare domain', () => {
  expect(covers('*.example.com', 'a.example.com')).toBe(true);
  expect(covers('*.example.com', 'a.b.example.com')).toBe(true);
  expect(covers('*.example.com', '*.b.example.com')).toBe(true);
  expect(covers('*.example.com', 'example.com')).toBe(false);
  expect(covers('*', 'anything')).toBe(true);
  expect(covers('a.example.com', '*.example.com')).toBe(false);
});

test('two patterns share the narrower one, or nothing', () => {
  expect(intersection('*', 'a.com')).toBe('a.com');
  expect(intersection('a.com', '*.com')).toBe('a.com');
  expect(intersection('*.com', '*.a.com')).toBe('*.a.com');
  expect(intersection('a.com', 'b.com')).toBeUndefined();
});

test('the most specific pattern is found: exact, longest wildcard, star', () => {
  const table = new HostTable<string>();
  for (const pattern of ['*', '*.com', '*.example.com', 'a.example.com']) table.set(pattern, pattern);
  const find = (host: string) => table.find(host, (value) => value);
  expect(['a.example.com', 'b.example.com', 'b.com', 'localhost', 'example.com'].map(find)).toEqual([
    'a.example.com',
    '*.example.com',
    '*.com',
    '*',
    '*.com',
  ]);
});

test('a pattern that is not accepted gives way to the next', () => {
  const table = new HostTable<string>();
  table.set('a.com', 'exact');
  table.set('*.com', 'wildcard');
  expect(table.find('a.com', (value) => (value === 'exact' ? undefined : value))).toBe('wildcard');
});
