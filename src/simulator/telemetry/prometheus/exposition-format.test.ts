import { expect, test } from 'vitest';
import { readExposition, readSeriesName } from './exposition-format.ts';

test('reads samples, types and helps', () => {
  const { samples, types, helps } = readExposition(
    '# HELP a What it is.\n# TYPE a counter\na{x="1",} 3 1700000000000\na{x="}"} +Inf\n\nb 1e3\nc NaN',
    100,
  );
  expect(samples).toEqual([
    ['a{x="1",}', 3],
    ['a{x="}"}', Infinity],
    ['b', 1000],
    ['c', Number.NaN],
  ]);
  expect(types.get('a')).toBe('counter');
  expect(helps.get('a')).toBe('What it is.');
});

test('lines that are none of the format are left out, and there is an end to them', () => {
  expect(readExposition('<html>\nnonsense\na b\n\n', 100).samples).toEqual([]);
  expect(readExposition('a 1\n'.repeat(1_000), 10).samples).toHaveLength(10);
});

test('reads names and labels, escapes undone', () => {
  expect(readSeriesName('a_b{x="1",y="a\\"b\\\\c\\nd"}')?.pairs).toEqual([
    ['__name__', 'a_b'],
    ['x', '1'],
    ['y', 'a"b\\c\nd'],
  ]);
  expect(readSeriesName('a{}')?.pairs).toEqual([['__name__', 'a']]);
  expect(readSeriesName('9a')).toBeUndefined();
});
