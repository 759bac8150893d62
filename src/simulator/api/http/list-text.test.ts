import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { createFakeClock } from '../../controllers/fixtures/fake-clock.ts';
import { createListTexts } from './list-text.ts';

const objects = (n: number): KubeObject[] =>
  Array.from({ length: n }, (_, i) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `m${i}` } }));

test('a long list is written out once, what changed in it again, and all of it after a while', () => {
  const clock = createFakeClock();
  const texts = createListTexts(clock);
  let written = 0;
  const write = (object: KubeObject) => {
    written += 1;
    return { name: object.metadata.name };
  };
  const all = objects(600);
  const text = texts.items('v1', all, write);
  expect(JSON.parse(text ?? '')).toEqual(all.map(({ metadata }) => ({ name: metadata.name })));
  expect([texts.items('v1', all, write) === text, written]).toEqual([true, 600]);
  const changed = all.with(7, { ...all[7], metadata: { name: 'new' } } as KubeObject);
  expect(JSON.parse(texts.items('v1', changed, write) ?? '')[7]).toEqual({ name: 'new' });
  expect(written).toBe(601);
  texts.items('v2', changed, write);
  expect(written).toBe(1_201);
  clock.advance(20_000);
  texts.items('v1', changed, write);
  expect(written).toBe(1_801);
});

test('a short list is not kept', () => {
  expect(createListTexts(createFakeClock()).items('v1', objects(20), (o) => o)).toBeUndefined();
});
