import { describe, expect, test } from 'vitest';
import { readTable } from '../../cluster/classroom/csv-table.ts';
import { classOf } from '../class/class.fixture.ts';
import { type MoodleOptions, moodleCsv } from './moodle.ts';

/**
 * Moodle's gradebook import, written from what it documents: the first row has titles; each row has one field that finds a
 * person of the course, or the whole import stops; an empty mark or «-» deletes the mark; otherwise it must be a number, with
 * a comma only where the site's language has one, and at most 100.
 */
function importGrades(
  text: string,
  { by, mark, comma, people }: { by: string; mark: string; comma: boolean; people: string[] },
): Map<string, number> {
  expect(text.charCodeAt(0)).not.toBe(0xfeff);
  const [titles = [], ...rows] = readTable(Buffer.from(text));
  const [who, what] = [titles.indexOf(by), titles.indexOf(mark)];
  if (who < 0 || what < 0) throw new Error('no such column');
  return new Map(
    rows.map((row) => {
      if (row.length !== titles.length) throw new Error(`a row of ${row.length} fields`);
      const person = row[who] ?? '';
      if (!people.includes(person)) throw new Error(`unknown user ${person}`);
      const written = (row[what] ?? '').trim();
      if (written === '' || written === '-') throw new Error('would delete a mark');
      const value = Number(comma ? written.replace(',', '.') : written);
      if (Number.isNaN(value)) throw new Error(`bad grade ${written}`);
      if (value > 100) throw new Error('too big');
      return [person, value];
    }),
  );
}

const result = classOf();
const mails = ['ana@x.es', 'berta@x.es', 'carlos@x.es', 'diana@x.es', 'eva@x.es'];
const csv = (options: MoodleOptions) => moodleCsv(result, options);

describe('what Moodle imports', () => {
  test.each<[string, MoodleOptions]>([
    ['a point and commas', { separator: ',', decimal: '.' }],
    ['a comma and semicolons', { separator: ';', decimal: ',' }],
    ['a comma and commas', { separator: ',', decimal: ',' }],
  ])('%s: each mark arrives at its person', (_what, options) => {
    const about = { by: 'Dirección de correo', mark: 'Práctica 1', comma: options.decimal === ',', people: mails };
    expect([...importGrades(csv(options).text, about)]).toEqual([
      ['ana@x.es', 10],
      ['berta@x.es', 2.31],
      ['carlos@x.es', 7.31],
      ['diana@x.es', 0],
      ['eva@x.es', 0],
    ]);
  });

  test('people are found by their user, too', () => {
    const about = {
      by: 'Nombre de usuario',
      mark: 'Práctica 1',
      comma: false,
      people: ['ag01', 'bb02', 'cr03', 'dp04', 'en05'],
    };
    expect(importGrades(csv({ separator: ',', decimal: '.' }).text, about).get('ag01')).toBe(10);
  });

  test('a decimal comma where a new item wants a point is found out by the same import', () => {
    const about = { by: 'Dirección de correo', mark: 'Práctica 1', comma: false, people: mails };
    expect(() => importGrades(csv({ separator: ';', decimal: ',' }).text, about)).toThrow('bad grade');
  });
});

test('who is on no list, or has no mark, is left out and named', () => {
  const early = classOf({ now: Date.parse('2026-11-25T00:00:00Z') });
  expect(moodleCsv(early, { separator: ',', decimal: '.' }).leftOut).toEqual([
    { code: 'eva', why: 'aún no ha entregado, y hay tiempo' },
    { code: 'zoe', why: 'no está en la lista de la clase' },
  ]);
});

test('a comment opens no tag, and says what to look at', () => {
  const [, , berta] = readTable(Buffer.from(csv({ separator: ',', decimal: '.' }).text));
  expect(berta?.at(-1)).toMatch(
    /^1 de 4 comprobaciones bien\. Por revisar: canary, El reparto es 90\/10 \(MALLA-REP-01\)/,
  );
  expect(
    csv({ separator: ',', decimal: '.' })
      .text.split('\r\n')
      .every((l) => !/[<>]/.test(l.split(',').at(-1) ?? '')),
  ).toBe(true);
});
