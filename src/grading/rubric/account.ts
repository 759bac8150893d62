// The account of a mark: a line for each thing that gave or took points. Its points add up to the mark.
import type { Piece } from './plan.ts';
import type { PieceState } from './work.ts';

export interface AccountLine {
  kind: 'parte' | 'extra' | 'ajuste' | 'retraso' | 'limite' | 'redondeo';
  /** Spanish, as it is read. */
  title: string;
  lab?: string;
  /** What it could give; absent where nothing could be won. */
  worth?: number;
  points: number;
  /** Why, when it is not plain from the states. Spanish, without a final period. */
  reason?: string;
  pieces?: AccountPiece[];
}

export type AccountPiece = Piece & {
  state: PieceState;
  /** A teacher has decided otherwise than what was found. */
  decided?: { right: boolean | undefined; reason: string };
};

export interface Account {
  lines: AccountLine[];
  /** Undefined when nothing could be verified. */
  mark?: number;
}

export function totalOf(lines: readonly AccountLine[]): number {
  return lines.reduce((total, line) => total + line.points, 0);
}
