import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { manifest } from './hand-in.fixture.ts';
import { safeText } from './safe-text.ts';
import { readYamlObject } from './yaml-object.ts';

const codeOf = (text: string): string => {
  const read = readYamlObject(text);
  return 'code' in read ? read.code : read.object.kind;
};
const laughs = `a: &a [x,x]\nb: &b [*a,*a]\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n`;

test.each<[string, string, string]>([
  ['an object', 'VirtualService', manifest],
  ['anchors that multiply', 'MALLA-ENT-27', laughs],
  ['brackets a million deep', 'MALLA-ENT-28', '['.repeat(1_000_000)],
  ['braces a million deep', 'MALLA-ENT-28', '{a: '.repeat(250_000)],
  ['dashes a hundred thousand deep', 'MALLA-ENT-28', '- '.repeat(100_000)],
  [
    'indentation without end',
    'MALLA-ENT-28',
    Array.from({ length: 500 }, (_, i) => `${' '.repeat(i * 2)}a:`).join('\n'),
  ],
  ['two documents', 'MALLA-ENT-28', `${manifest}---\n${manifest}`],
  ['no object', 'MALLA-ENT-28', 'hola: mundo\n'],
  ['no YAML', 'MALLA-ENT-28', 'a: [b\n  c: "\n'],
  ['a key that changes prototypes', 'MALLA-ENT-14', `${manifest}  __proto__: {polluted: true}\n`],
])('%s is %s', (_what, code, text) => {
  expect(codeOf(text)).toBe(code);
});

test('canonical JSON is the same whatever the order of the keys, and refuses what JSON cannot hold', () => {
  expect(canonicalJson({ b: 1, a: { d: undefined, c: [1, 'ñ'] } })).toBe('{"a":{"c":[1,"ñ"]},"b":1}');
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(RangeError);
});

test('a text of a stranger is cut, and what cannot be seen is written out', () => {
  expect(safeText('a\u001b[31m\u202Eb\n')).toBe('a\\u{1B}[31m\\u{202E}b\\u{A}');
  expect(safeText('x'.repeat(1_000), 10)).toBe(`${'x'.repeat(9)}…`);
});
