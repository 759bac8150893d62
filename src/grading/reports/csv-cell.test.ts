import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTable } from '../../cluster/classroom/csv-table.ts';
import { classOf } from '../class/class.fixture.ts';
import { classCsv } from './class-csv.ts';
import { csvCell, csvRow } from './csv-cell.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u200B=1', '＝1+1', '\n=1'])(
  'what a spreadsheet would take for a formula is none: %j',
  (text) => {
    const [[cell = ''] = []] = readTable(Buffer.from(csvRow([text, 'x'], ';')));
    expect(cell.startsWith("'")).toBe(true);
  },
);

test('plain text stays as it is', () => {
  expect(['Ana', '7,5', 'a-b', 'x=1', ''].map((t) => csvCell(t, ';'))).toEqual(['Ana', '7,5', 'a-b', 'x=1', '']);
});

test('any text comes back from a reader as it went in, apostrophe apart', () => {
  const field = fc.string().map((s) => s.replace(/\p{Cc}/gu, ' '));
  fc.assert(
    fc.property(
      fc.array(field, { minLength: 2, maxLength: 5 }),
      fc.constantFrom(',' as const, ';' as const),
      (fields, separator) => {
        const titles = csvRow(
          fields.map((_, i) => `t${i}`),
          separator,
        );
        const [, row] = readTable(Buffer.from(titles + csvRow(fields, separator)));
        const back = row?.map((f) => f.replace(/^'(?=[\s\p{Cf}]*[=+\-@＝＋－＠])/u, ''));
        return fields.every((f) => f.trim() === '') || JSON.stringify(back) === JSON.stringify(fields);
      },
    ),
  );
});

test('the table of a class has a row for each student and no formula', () => {
  const rows = readTable(Buffer.from(classCsv(classOf(), ';', ',')));
  expect(rows.map((r) => r.slice(0, 4))).toEqual([
    ['codigo', 'nombre', 'estado', 'nota'],
    ['ana', 'Ana García', 'calificada', '10,00'],
    ['berta', 'Berta =SUMA(A1)', 'calificada', '2,31'],
    ['carlos', 'Carlos <b>Ruiz</b>', 'calificada', '7,31'],
    ['diana', 'Diana Peña', 'calificada', '0,00'],
    ['eva', 'Eva Núñez', 'no entregada', '0,00'],
    ['zoe', '', 'calificada', '2,50'],
  ]);
  expect(rows.flat().filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
});
