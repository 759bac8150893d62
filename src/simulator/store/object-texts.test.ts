import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createObjectTexts } from './object-texts.ts';

const owner = (fieldsV1: unknown) => ({ manager: 'ana', operation: 'Update', time: 't', fieldsV1, subresource: 's' });
const objects: [string, KubeObject][] = [
  ['of Kubernetes', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'b' }, spec: { x: [1] } }],
  ['with owners', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', managedFields: [owner({ 'f:a': {} })] } }],
  ['with none of them', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', managedFields: [] }, status: {} }],
  ['with odd ones', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', managedFields: [{}, owner(null)] } }],
  ['whose signs are escaped', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ñ"\\\n' }, data: { '}': ']' } }],
];

test.each(objects)('an object %s is what its text says', (_, object) => {
  const text = createObjectTexts().of(object);
  expect(JSON.parse(text)).toEqual(object);
  expect(Object.keys(JSON.parse(text)).slice(0, 3)).toEqual(['kind', 'apiVersion', 'metadata']);
});

test('a text is made once, until it is forgotten or there is no room', () => {
  const texts = createObjectTexts(150);
  const [one, other] = ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'X', metadata: { name }, data: 1 }));
  const both = [one, other] as [KubeObject, KubeObject];
  const first = both.map(texts.kept);
  for (const object of both) object.data = 2;
  expect(both.map(texts.kept)).toEqual(first);
  texts.forget(both[0]);
  expect(JSON.parse(texts.kept(both[0]))).toMatchObject({ data: 2 });
  texts.clear();
  expect(JSON.parse(texts.kept(both[1]))).toMatchObject({ data: 2 });
  const none = createObjectTexts(10);
  none.kept(both[0]);
  both[0].data = 3;
  expect(JSON.parse(none.kept(both[0]))).toMatchObject({ data: 3 });
});
