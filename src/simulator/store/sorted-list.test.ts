import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createSortedList } from './sorted-list.ts';

const object = (name: string, mark = ''): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(mark && { labels: { mark } }) },
});
const names = (objects: KubeObject[]) => objects.map(({ metadata }) => metadata.name);

test('objects stay in the order of their keys through writes', () => {
  const list = createSortedList(new Map(['b\0x', 'a\0y'].map((key) => [key, object(key.slice(2))])));
  list.put('a\0b', object('b'));
  list.put('c\0a', object('a'));
  list.put('a\0y', object('y', 'new'));
  list.remove('b\0x');
  list.remove('b\0x');
  expect(names(list.all())).toEqual(['b', 'y', 'a']);
  expect(list.all()[1]?.metadata.labels).toEqual({ mark: 'new' });
});

test('a prefix gives those of one namespace, and not those of one that begins alike', () => {
  const list = createSortedList(new Map(['a\0x', 'ab\0y', 'a\0z', '\0w'].map((key) => [key, object(key)])));
  expect(names(list.startingWith('a\0'))).toEqual(['a\0x', 'a\0z']);
  expect(names(list.startingWith('b\0'))).toEqual([]);
  expect(names(list.startingWith('\0'))).toEqual(['\0w']);
});

test('a list that was handed out does not change under who walks through it', () => {
  const list = createSortedList(new Map([['\0a', object('a')]]));
  const before = list.all();
  list.put('\0b', object('b'));
  list.put('\0a', object('a', 'new'));
  expect(names(before)).toEqual(['a']);
  expect(before[0]?.metadata.labels).toBeUndefined();
  expect(names(list.all())).toEqual(['a', 'b']);
});

test('it agrees with sorting anew, whatever is written', () => {
  const table = new Map<string, KubeObject>();
  const list = createSortedList(table);
  let state = 7;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  for (let i = 0; i < 2_000; i++) {
    const key = `${random(4)}\0${random(40)}`;
    if (random(3) === 0) {
      table.delete(key);
      list.remove(key);
    } else {
      table.set(key, object(`${i}`));
      list.put(key, table.get(key) ?? object(''));
    }
  }
  const sorted = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(names(list.all())).toEqual(sorted.map(([, { metadata }]) => metadata.name));
  expect(names(list.startingWith('2\0'))).toEqual(
    sorted.filter(([key]) => key.startsWith('2\0')).map(([, { metadata }]) => metadata.name),
  );
});
