import { expect, test } from 'vitest';
import type { HttpRequest } from '../contract.ts';
import { codecRefusal, refusalReply, withOriginForm } from './codec.ts';

const usual: HttpRequest = { method: 'GET', path: '/status/200', authority: 'httpbin:8000', headers: {} };

function status(change: Partial<HttpRequest>): number | undefined {
  return codecRefusal({ ...usual, ...change })?.status;
}

test('a usual request is read', () => {
  expect(status({})).toBeUndefined();
  expect(status({ headers: { 'x-big': 'x'.repeat(20_000) } })).toBeUndefined();
});

test('too much head is 431, by bytes or by number', () => {
  expect(status({ headers: { 'x-big': 'x'.repeat(70_000) } })).toBe(431);
  expect(status({ headers: Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`x-${i}`, '1'])) })).toBe(431);
});

test('what is not HTTP is 400', () => {
  expect(status({ method: 'INVENTADO' })).toBe(400);
  expect(status({ method: 'CONNECT' })).toBe(400);
  expect(status({ authority: 'a b' })).toBe(400);
  expect(status({ headers: { 'content-length': 'muchos' } })).toBe(400);
  expect(status({ path: 'status' })).toBe(400);
});

test('HTTP/1.0 is 426, and the connection ends', () => {
  const refusal = codecRefusal({ ...usual, version: 'HTTP/1.0' });
  expect(refusal && refusalReply(refusal, 0)).toMatchObject({
    status: 426,
    body: 'Upgrade Required',
    headers: { connection: 'close', server: 'istio-envoy' },
  });
});

test('the host of a whole URL counts, and the connection stays', () => {
  expect(withOriginForm({ ...usual, path: 'http://other:8000/x?q=1' })).toMatchObject({
    path: '/x?q=1',
    authority: 'other:8000',
    connectTo: 'httpbin:8000',
  });
});
