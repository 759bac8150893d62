// One hand-in under a plan → its mark with its account, before deadlines.
import { type AccountLine, type AccountPiece, totalOf } from './account.ts';
import type { Piece, Plan, Unit } from './plan.ts';
import { keyOf } from './plan.ts';
import { type Adjustment, type Attempt, stateOfPiece } from './work.ts';

/** Undefined when nothing of it could be verified: then there is no mark, for better or for worse. */
export function scoreWork(
  { rubric, units, bonus }: Plan,
  attempt: Attempt,
  adjustments: readonly Adjustment[],
): AccountLine[] | undefined {
  const judged = units.map((unit) => ({ unit, pieces: judge(unit, attempt, adjustments) }));
  const verifiable = judged.filter(({ pieces }) => creditOf(pieces) !== undefined);
  const total = verifiable.reduce((sum, { unit }) => sum + unit.weight, 0);
  if (total === 0) return undefined;
  const { sobre } = rubric.nota;
  const parts = judged.map(({ unit, pieces }): AccountLine => {
    const credit = creditOf(pieces);
    const worth = credit === undefined ? 0 : (sobre * unit.weight) / total;
    return {
      kind: 'parte',
      lab: unit.lab,
      title: unit.title,
      worth,
      points: worth * (credit ?? 0),
      ...(credit === undefined ? { reason: 'no se ha podido verificar: no cuenta, y lo demás pesa más' } : {}),
      pieces,
    };
  });
  const extras = bonus.map(({ lab, title, points, ...unit }): AccountLine => {
    const pieces = judge(unit, attempt, adjustments);
    return { kind: 'extra', lab, title, worth: points, points: points * (creditOf(pieces) ?? 0), pieces };
  });
  return [...parts, ...extras];
}

function judge({ pieces }: Pick<Unit, 'pieces'>, attempt: Attempt, adjustments: readonly Adjustment[]): AccountPiece[] {
  return pieces.map((piece) => {
    const decided = decisionOn(piece, adjustments);
    return { ...piece, state: stateOfPiece(piece, attempt), ...(decided ? { decided } : {}) };
  });
}

/** The last one counts. */
function decisionOn(piece: Piece, adjustments: readonly Adjustment[]): AccountPiece['decided'] {
  const found = adjustments.findLast(
    (a) => a.kind === 'comprobacion' && a.lab === piece.lab && a.check === keyOf(piece),
  );
  return found?.kind === 'comprobacion' ? { right: found.right, reason: found.reason } : undefined;
}

/** 1, 0, or undefined when nothing of it could be verified. What could not be verified never spoils the rest. */
export function creditOf(pieces: readonly AccountPiece[]): 0 | 1 | undefined {
  const known = pieces.flatMap((p) => {
    const right = p.decided ? p.decided.right : p.state === 'no verificable' ? undefined : p.state === 'correcto';
    return right === undefined ? [] : [right];
  });
  return known.length === 0 ? undefined : known.every(Boolean) ? 1 : 0;
}

/** Adds the teacher's points, the limits of the scale and the rounding. */
export function settle(
  { rubric: { nota }, bonus }: Plan,
  scored: readonly AccountLine[],
  adjustments: readonly Adjustment[],
): { lines: AccountLine[]; mark: number } {
  const lines = [...scored];
  for (const a of adjustments)
    if (a.kind === 'puntos')
      lines.push({ kind: 'ajuste', title: 'Ajuste de quien califica', points: a.points, reason: a.reason });
  const highest = highestMark({ nota, bonus });
  const before = totalOf(lines);
  const within = Math.min(highest, Math.max(0, before));
  if (within !== before)
    lines.push({
      kind: 'limite',
      title: within === 0 ? 'La nota no baja de 0' : `La nota no pasa de ${spanish(highest)}`,
      points: within - before,
    });
  const mark = rounded(within, nota.decimales, highest);
  if (Math.abs(mark - within) > 1e-9)
    lines.push({ kind: 'redondeo', title: `Redondeo a ${nota.decimales} decimales`, points: mark - within });
  return { lines, mark };
}

/** With everything right, bonus included. */
export function highestMark({ nota, bonus }: { nota: Plan['rubric']['nota']; bonus: Plan['bonus'] }): number {
  const all = nota.sobre + bonus.reduce((sum, b) => sum + b.points, 0);
  return nota.tope === undefined ? all : Math.min(nota.tope, all);
}

/** Half goes up, as people round; the noise of binary fractions is not half a point. */
function rounded(mark: number, decimals: number, highest: number): number {
  const scale = 10 ** decimals;
  return Math.min(highest, Math.round(mark * scale + 1e-9) / scale);
}

function spanish(value: number): string {
  return value.toLocaleString('es-ES', { maximumFractionDigits: 4 });
}
