// docs/historias.md against the figures that it is made of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { historiesPage } from '../histories/page.ts';
import { NONE, type Piece, readResults, totalOf, withPiece } from '../histories/results.ts';

const results = readResults();

test('docs/historias.md is what the figures say', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/historias.md'), 'utf8');
  expect(page, 'run node scripts/histories.ts').toBe(historiesPage(results));
});

test('no history that was played broke a guarantee, and every planted bug was found', () => {
  const { histories, broken } = totalOf(results);
  expect([histories > 0, broken]).toEqual([true, 0]);
  expect(Object.keys(results.planted).length).toBeGreaterThanOrEqual(9);
  expect(Object.values(results.planted)).not.toContain('no');
});

test('a piece takes the place of those that it plays again', () => {
  const piece = (from: number, to: number): Piece => ({
    ...NONE,
    from,
    to,
    histories: to - from + 1,
    asked: 1,
    date: '',
  });
  const two = withPiece(withPiece({ pieces: [], planted: {} }, piece(51, 100)), piece(1, 50));
  expect(two.pieces.map(({ from }) => from)).toEqual([1, 51]);
  const again = withPiece(two, piece(40, 60));
  expect(again.pieces.map(({ from, to }) => [from, to])).toEqual([[40, 60]]);
  expect(totalOf(again).histories).toBe(21);
});
