// What a student has done, as far as a mark depends on it. Replay gives it; nothing here says how it was found out.
import type { VerdictState } from '../../checks/verdict.ts';
import { keyOf, type Piece } from './plan.ts';

/** One hand-in, after its replay. */
export interface Attempt {
  /** Tells two hand-ins apart: the same one given twice counts once. */
  id: string;
  /** ISO 8601. */
  handedIn: string;
  labs: Record<string, LabWork>;
}

/** Under `step/check` and `step/question`. What is not there was not handed in. */
export interface LabWork {
  checks: Record<string, VerdictState>;
  questions: Record<string, boolean>;
}

/** A teacher's decision over what Malla found, always with its reason. */
export type Adjustment = { reason: string; by: string } & (
  | { kind: 'puntos'; points: number }
  /** `state` undefined takes it out of the mark. */
  | { kind: 'comprobacion'; lab: string; check: string; right: boolean | undefined }
);

/** `falta`: nothing was handed in for it. */
export type PieceState = VerdictState | 'falta';

export function stateOfPiece(piece: Piece, { labs }: Attempt): PieceState {
  const work = own(labs, piece.lab);
  if (!work) return 'falta';
  if (piece.kind === 'comprobacion') return own(work.checks, keyOf(piece)) ?? 'falta';
  const right = own(work.questions, keyOf(piece));
  return right === undefined ? 'falta' : right ? 'correcto' : 'incorrecto';
}

/** Names come from hand-ins: `__proto__` is one like any other. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
