// What is kept of histories that were played: figures by range of seeds, so that a thousand may be played in pieces.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const RESULTS = join(import.meta.dirname, 'results.json');

export interface Figures {
  histories: number;
  operations: number;
  writes: number;
  events: number;
  /** Watches that were cut and taken up again. */
  resumed: number;
  conflicts: number;
  /** Calls whose connection was cut before the answer came. */
  unanswered: number;
  broken: number;
  seconds: number;
}

export interface Piece extends Figures {
  /** Seeds, both counted. */
  from: number;
  to: number;
  /** Of each history. */
  asked: number;
  date: string;
}

export interface Results {
  pieces: Piece[];
  /** Planted bug → the seed of the history that found it out. */
  planted: Record<string, number | 'no'>;
}

export const NONE: Figures = {
  histories: 0,
  operations: 0,
  writes: 0,
  events: 0,
  resumed: 0,
  conflicts: 0,
  unanswered: 0,
  broken: 0,
  seconds: 0,
};

export function readResults(): Results {
  return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
}

/** A piece takes the place of those that it plays again. */
export function withPiece({ pieces, planted }: Results, piece: Piece): Results {
  const others = pieces.filter(({ from, to }) => to < piece.from || from > piece.to);
  return { pieces: [...others, piece].sort((a, b) => a.from - b.from), planted };
}

export function totalOf({ pieces }: Results): Figures {
  const total = { ...NONE };
  for (const piece of pieces) for (const name of Object.keys(NONE) as (keyof Figures)[]) total[name] += piece[name];
  return total;
}
