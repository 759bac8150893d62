import { expect, test } from 'vitest';
import { compare } from './compare.ts';

const found = {
  spec: { http: [{ route: [{ weight: 90 }, { weight: 10 }] }], hosts: ['reviews'] },
  metadata: { labels: { 'istio.io/rev': 'a' } },
};
const paths = (expected: unknown): string[] => compare(expected, found).map((d) => d.path);

test('a map is a subset', () => expect(paths({ spec: { hosts: ['reviews'] } })).toEqual([]));
test('each wrong leaf is named by its YAML path', () =>
  expect(paths({ spec: { http: [{ route: [{ weight: 50 }, { weight: 50 }] }] } })).toEqual([
    'spec.http[0].route[0].weight',
    'spec.http[0].route[1].weight',
  ]));
test('a list of another length differs as a whole', () =>
  expect(paths({ spec: { hosts: [] } })).toEqual(['spec.hosts']));
test('a key that is not a plain word is quoted', () =>
  expect(paths({ metadata: { labels: { 'istio.io/rev': 'b' } } })).toEqual(['metadata.labels["istio.io/rev"]']));
test('null asks for absence', () => expect(paths({ status: null })).toEqual([]));
test('inherited properties are not fields', () => expect(paths({ constructor: {} })).toEqual(['constructor']));
test('a number is not its text', () =>
  expect(paths({ spec: { http: [{ route: [{ weight: '90' }, {}] }] } })).toHaveLength(1));
