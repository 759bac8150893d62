import { expect, test } from 'vitest';
import { elasticTabs } from './elastic-tabs.ts';
import { toJson, toYaml } from './serialise.ts';
import { tablePrinter } from './table.ts';
import { columns } from './tabs.ts';

test('columns are at least 6 wide, with 3 spaces after the widest, and end raggedly', () => {
  expect(
    columns([
      ['NAME', 'AGE', ''],
      ['reviews', '5s', 'x'],
      ['a', '', 'y'],
    ]),
  ).toBe('NAME      AGE   \nreviews   5s    x\na               y\n');
});

test('a run of lines with tabs is aligned by itself', () => {
  expect(elasticTabs('Name:\tx\nLonger name:\ty\nList:\n  a:\t1\n  bcd:\t2')).toBe(
    'Name:         x\nLonger name:  y\nList:\n  a:    1\n  bcd:  2',
  );
});

test('YAML is written as Go writes it', () => {
  const text = toYaml({
    b: ['x', { c: '1' }],
    a: 'true',
    empty: {},
    json: '{"k":1}',
    lines: 'one\ntwo\n',
    none: '',
    colon: 'a: b',
    date: '2026-11-21T10:00:00Z',
  });
  expect(text).toBe(
    [
      'a: "true"',
      'b:',
      '- x',
      '- c: "1"',
      "colon: 'a: b'",
      'date: "2026-11-21T10:00:00Z"',
      'empty: {}',
      `json: '{"k":1}'`,
      'lines: |',
      '  one',
      '  two',
      'none: ""',
      '',
    ].join('\n'),
  );
});

test('JSON has its keys in order and four spaces', () => {
  expect(toJson({ b: 1, a: [2] })).toBe('{\n    "a": [\n        2\n    ],\n    "b": 1\n}\n');
});

test('a table shows wide columns only when asked, and prefixes names', () => {
  const table = {
    kind: 'Table' as const,
    columnDefinitions: [{ name: 'Name' }, { name: 'Node', priority: 1 }, { name: 'Age' }],
    rows: [{ cells: ['a', 'sansa', '5s'], object: { metadata: { name: 'a', namespace: 'n' } } }],
  };
  const print = (wide: boolean, prefix: string) => {
    let text = '';
    const style = { wide, headers: true, withNamespace: true, prefix, showLabels: false, labelColumns: [] };
    tablePrinter(style, (t) => {
      text += t;
    })(table);
    return text;
  };
  expect(print(false, '')).toBe('NAMESPACE   NAME   AGE\nn           a      5s\n');
  expect(print(true, 'pod/')).toBe('NAMESPACE   NAME    NODE    AGE\nn           pod/a   sansa   5s\n');
});
