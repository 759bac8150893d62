// Marks as a table for a spreadsheet: a row for each check.
import type { CheckMark, MarkSheet } from '../mark-sheet.ts';
import { csvRow } from './csv-cell.ts';

const columns = [
  'alumno',
  'laboratorio',
  'paso',
  'comprobacion',
  'estado',
  'puntos',
  'causa',
  'esperado',
  'observado',
  'cuando',
];

/** RFC 4180, lines ended by CRLF, with its heading. */
export function csvOf(sheet: MarkSheet): string {
  const rows = sheet.labs.flatMap(({ lab, checks }) =>
    checks.map((c) => [
      sheet.student,
      lab,
      c.step,
      c.check,
      stateOf(c),
      c.points === undefined ? '' : String(c.points),
      c.verdict.cause?.code ?? '',
      c.verdict.expected,
      c.verdict.observed,
      sheet.at,
    ]),
  );
  return [columns, ...rows].map((row) => csvRow(row, ',')).join('');
}

export function stateOf({ earlier, verdict }: CheckMark): string {
  return earlier ? 'superado' : verdict.state;
}
