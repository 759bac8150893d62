import { expect, test } from 'vitest';
import { dropNulls } from './nulls.ts';

test('a field that is null is gone, at every depth; a list keeps its places', () => {
  const object = { metadata: { annotations: null, labels: { a: 'b' } }, spec: { list: [null, { x: null, y: 1 }] } };
  dropNulls(object);
  expect(object).toEqual({ metadata: { labels: { a: 'b' } }, spec: { list: [null, { y: 1 }] } });
});
