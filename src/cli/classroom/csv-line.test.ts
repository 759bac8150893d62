import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test.each([
  [['ana', 'Ana'], 'ana;Ana\r\n'],
  [['a;b', 'dice "no"', 'dos\nlíneas'], '"a;b";"dice ""no""";"dos\nlíneas"\r\n'],
  // What a spreadsheet would compute.
  [['=1+1', '@x', '-2', '+3'], "'=1+1;'@x;'-2;'+3\r\n"],
])('%j is one line', (fields, line) => {
  expect(csvLine(fields)).toBe(line);
});
