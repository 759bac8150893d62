import { expect, test } from 'vitest';
import type { ClassViewData } from './protocol.ts';
import { type Choice, chosenRows } from './rows.ts';

const row = (
  code: string,
  given: Partial<ClassViewData['students'][number]> = {},
): ClassViewData['students'][number] => ({
  code,
  name: '',
  state: 'calificada',
  mark: 5,
  daysLate: 0,
  adjusted: false,
  stranger: false,
  notices: [],
  wrong: [],
  causes: [],
  ...given,
});
const rows = [
  row('a10', { name: 'Ángela', mark: 9, wrong: ['x/y/z'], causes: ['MALLA-REP-01'] }),
  row('a2', { name: 'Íñigo', mark: 0, notices: ['MALLA-ENT-12'] }),
  row('a1', { name: 'Zoe', mark: undefined, state: 'pendiente', adjusted: true }),
];
const any: Choice = { text: '', state: '', check: '', cause: '', order: { by: 'code', down: false } };
const codes = (choice: Partial<Choice>) => chosenRows(rows, { ...any, ...choice }).map((r) => r.code);

test('codes are in the order of their numbers', () => {
  expect(codes({})).toEqual(['a1', 'a2', 'a10']);
});

test('who has no mark comes before who has 0', () => {
  expect(codes({ order: { by: 'mark', down: false } })).toEqual(['a1', 'a2', 'a10']);
  expect(codes({ order: { by: 'mark', down: true } })).toEqual(['a10', 'a2', 'a1']);
});

test.each<[string, Partial<Choice>, string[]]>([
  ['part of a name, without its accents', { text: 'iñi' }, ['a2']],
  ['capitals', { text: 'ANGELA' }, ['a10']],
  ['a state', { state: 'pendiente' }, ['a1']],
  ['notices', { state: 'aviso' }, ['a2']],
  ['adjusted', { state: 'ajustada' }, ['a1']],
  ['a check', { check: 'x/y/z' }, ['a10']],
  ['a cause', { cause: 'MALLA-REP-01' }, ['a10']],
  ['two at once', { cause: 'MALLA-REP-01', text: 'zoe' }, []],
])('narrowed by %s', (_what, choice, expected) => {
  expect(codes(choice)).toEqual(expected);
});
