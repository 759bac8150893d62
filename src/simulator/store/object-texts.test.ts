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

const pair = (): [KubeObject, KubeObject] => [
  { apiVersion: 'v1', kind: 'X', metadata: { name: 'a' }, data: 1 },
  { apiVersion: 'v1', kind: 'X', metadata: { name: 'ñ' }, data: 1 },
];
const read = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

test('a text is made once, until it is released', () => {
  const texts = createObjectTexts();
  const [one] = pair();
  const first = texts.held(one);
  one.data = 2;
  expect([texts.held(one), texts.of(one), Buffer.from(texts.bytes(one)).toString()]).toEqual([first, first, first]);
  texts.release();
  expect(texts.of(one)).toBe(first);
  texts.forget(one);
  expect(JSON.parse(texts.of(one))).toMatchObject({ data: 2 });
});

test('what is listed is kept until it is forgotten', () => {
  const texts = createObjectTexts();
  const both = pair();
  const first = both.map(texts.bytes);
  for (const object of both) object.data = 2;
  expect(both.map(texts.bytes)).toEqual(first);
  expect(both.map(texts.of).map((text) => JSON.parse(text).data)).toEqual([1, 1]);
  texts.forget(both[0]);
  expect(both.map(texts.bytes).map(read)).toMatchObject([{ data: 2 }, { data: 1 }]);
  texts.clear();
  expect(both.map(texts.bytes).map(read)).toMatchObject([{ data: 2 }, { data: 2 }]);
});

test('of what is written the parts are kept: those in use stay, the others go', () => {
  const texts = createObjectTexts();
  const written = (spec: unknown) =>
    JSON.parse(texts.held({ apiVersion: 'v1', kind: 'X', metadata: { name: 'a' }, spec }));
  const used = { n: 0 };
  const others = (count: number) => {
    for (let n = 0; n < count; n++) written({ n });
    texts.release();
  };
  written(used);
  used.n = -1;
  for (let i = 0; i < 6; i++) {
    others(2_500);
    expect(written(used).spec).toEqual({ n: 0 });
  }
  others(10_000);
  expect(written(used).spec).toEqual({ n: -1 });
});
