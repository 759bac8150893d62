import { expect, test } from 'vitest';
import { repeatedInJson, repeatedInYaml } from './repeated-fields.ts';

test('keys given twice are found wherever they are, in the order of the text', () => {
  expect(repeatedInJson('{"a":1,"a":2}')).toEqual(['a']);
  expect(repeatedInJson('{"spec":{"replicas":2,"replicas":3},"metadata":{"labels":{"x":"1","x":"2"}}}')).toEqual([
    'spec.replicas',
    'metadata.labels.x',
  ]);
  expect(repeatedInJson('{"l":[{"n":1},{"n":1,"n":{"m":[0,{"q":1,"q":2}]}}]}')).toEqual(['l[1].n', 'l[1].n.m[1].q']);
});

test('the same key in different objects, signs inside strings and values equal to keys are no repetition', () => {
  expect(repeatedInJson('[{"a":"a"},{"a":"b"}]')).toEqual([]);
  expect(repeatedInJson(String.raw`{"a":"{\"b\":1,\"b\":2}","b":["a","a"],"c\"":"}","c":{}}`)).toEqual([]);
  expect(repeatedInJson(String.raw`{"a":1,"\u0061":2}`)).toEqual(['a']);
});

test('complaints come to an end', () => {
  expect(repeatedInJson(`{${'"a":1,'.repeat(1_000)}"b":1}`)).toHaveLength(100);
});

const inYaml = (text: string) => repeatedInYaml(Buffer.from(text));

test('in YAML the line and the key are told, in the words of the API server', async () => {
  expect(await inYaml('\na: 1\nb:\n  "c d": 1\n  e: 2\n  "c d": 3\na: 2\n')).toBe(
    'yaml: unmarshal errors:\n  line 6: key "c d" already set in map\n  line 7: key "a" already set in map',
  );
  expect(await inYaml('a: {b: 1, c: {b: 2}}\n')).toBeUndefined();
});

test('among very many keys the one that is there twice is found: they are not all compared with each other', async () => {
  const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`);
  expect(await inYaml(`{${keys.join(',')}}`)).toBeUndefined();
  expect(await inYaml(`{${[...keys, '"k7":1'].join(',')}}`)).toContain('key "k7" already set in map');
});
