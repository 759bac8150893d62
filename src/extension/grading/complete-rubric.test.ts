import { expect, test } from 'vitest';
import { outlineOf } from '../../grading/rubric/against-course.ts';
import { aLab } from '../test-builders.ts';
import { completeRubric } from './complete-rubric.ts';

const course = outlineOf([
  aLab({ id: 'canary', steps: { uno: ['a', 'b'] } }),
  aLab({ id: 'mtls', steps: { dos: ['c'] } }),
]);

/** `|` is the cursor. */
function labels(text: string): string[] {
  const [before = ''] = text.split('|');
  const lines = before.split('\n');
  return completeRubric(text.replace('|', ''), lines.length - 1, (lines.at(-1) ?? '').length, course).map(
    (s) => s.label,
  );
}

const head = 'formato: malla-rubrica/1\nid: p\n';

test('the fields that are not written yet', () => {
  const found = labels(`${head}|\nnota:\n  sobre: 10\n`);
  expect(found).toContain('titulo');
  expect(found).toContain('laboratorios');
  expect(['formato', 'id', 'nota', 'sobre'].filter((f) => found.includes(f))).toEqual([]);
});

test.each<[string, string, string[]]>([
  ['of the mark', `${head}nota:\n  |\n`, ['sobre', 'decimales', 'tope']],
  [
    'of an item of a list, not those of the item before',
    `${head}extra:\n  - lab: canary\n    puntos: 1\n  - |`,
    ['lab', 'comprobacion', 'puntos', 'nombre'],
  ],
  ['of what is inside an item', `${head}entrega:\n  hasta: x\n  tarde:\n    dias: 1\n    |`, ['descuento']],
])('fields %s', (_what, text, expected) => {
  expect(labels(text)).toEqual(expected);
});

test('the labs of the course', () => {
  expect(labels(`${head}laboratorios:\n  - lab: |`)).toEqual(['canary', 'mtls']);
  expect(labels(`${head}extra:\n  - {lab: m|`)).toEqual(['canary', 'mtls']);
});

test('the checks of the lab above', () => {
  const text = `${head}laboratorios:\n  - lab: canary\n    comprobaciones:\n      - comprobacion: |`;
  expect(labels(text)).toEqual(['uno/a', 'uno/b']);
});

test('the values of a field', () => {
  expect(labels(`${head}laboratorios:\n  - lab: canary\n    parcial: |`)).toEqual(['comprobaciones', 'pasos', 'nada']);
  expect(labels('formato: |')).toEqual(['malla-rubrica/1']);
  expect(labels(`${head}examen:\n  pistas: |`)).toEqual(['true', 'false']);
});

test('nothing where anything may be written', () => {
  expect(labels(`${head}titulo: |`)).toEqual([]);
  expect(labels(`${head}titulo: Una práctica de |`)).toEqual([]);
});
