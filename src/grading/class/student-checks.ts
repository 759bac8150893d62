// Each check of the rubric as it stands for one student, and what all of them together say.
import type { Graded, GradedCheck, GradedLab, GradedStep } from '../replay/graded.ts';
import type { AccountLine } from '../rubric/account.ts';
import { keyOf, type Piece, type Plan } from '../rubric/plan.ts';
import { messageOf, visibilityOf } from '../rubric/visibility.ts';
import type { Adjustment } from '../rubric/work.ts';
import { stateOfCheck } from './attempt-of.ts';
import type { CheckSummary, StudentCheck, StudentResult } from './class-result.ts';
import { excerptOf } from './excerpt-of.ts';

type CheckPiece = Extract<Piece, { kind: 'comprobacion' }>;

/** Each once, in the order of the rubric, bonus last. */
export function piecesOf({ units, bonus }: Plan): Piece[] {
  const all = [...units, ...bonus].flatMap((u) => u.pieces);
  return [...new Map(all.map((p) => [`${p.lab} ${p.kind} ${keyOf(p)}`, p])).values()];
}

export function checksOf(
  plan: Plan,
  of: { student: string; graded: Graded | undefined; adjustments: readonly Adjustment[] },
  now: number,
): StudentCheck[] {
  const checks = piecesOf(plan).filter((p) => p.kind === 'comprobacion');
  return checks.map((piece) => {
    const { lab, step, check, title } = piece;
    const at = { student: of.student, lab, check: keyOf(piece) };
    const message = messageOf(plan.rubric, at);
    const decision = of.adjustments.findLast((a) => a.kind === 'comprobacion' && a.lab === lab && a.check === at.check);
    return {
      ...{ lab, step, check, title, state: 'falta' as const, attempts: 0 },
      ...(of.graded ? foundOf(plan, of.graded, piece) : {}),
      ...(message === undefined ? {} : { message }),
      ...(decision?.kind === 'comprobacion'
        ? { decided: { ...(decision.right === undefined ? {} : { right: decision.right }), reason: decision.reason } }
        : {}),
      visible: visibilityOf(plan.rubric, at, now),
    };
  });
}

function foundOf({ rubric }: Plan, graded: Graded, piece: CheckPiece): Partial<StudentCheck> {
  const found = findCheck(graded, piece);
  if (!found) return {};
  const { lab, step, check } = found;
  const { replayed, claimed } = check;
  const state = stateOfCheck(graded, lab, step, check, rubric);
  const shown = replayed ?? (state === 'falta' ? undefined : claimed);
  const excerpt = excerptOf(shown?.cause?.at, step, graded);
  return {
    state,
    attempts: check.attempts,
    ...(check.differs && claimed ? { claimed: claimed.state } : {}),
    ...(shown ? { expected: shown.expected, observed: shown.observed, evidence: shown.evidence } : {}),
    ...(shown?.cause ? { cause: shown.cause } : {}),
    ...(excerpt ? { excerpt } : {}),
  };
}

function findCheck(
  { labs }: Graded,
  piece: CheckPiece,
): { lab: GradedLab; step: GradedStep; check: GradedCheck } | undefined {
  const lab = labs.find((l) => l.lab === piece.lab);
  const step = lab?.steps.find((s) => s.step === piece.step);
  const check = step?.checks.find((c) => c.check === piece.check);
  return lab && step && check ? { lab, step, check } : undefined;
}

export function questionsOf(plan: Plan, graded: Graded | undefined): StudentResult['questions'] {
  return piecesOf(plan).flatMap((piece) => {
    if (piece.kind !== 'pregunta') return [];
    const { lab, step, question, title } = piece;
    const answered = graded?.labs
      .find((l) => l.lab === lab)
      ?.questions.find((q) => q.step === step && q.question === question);
    const state = answered === undefined ? 'falta' : answered.right ? 'correcto' : 'incorrecto';
    return [{ lab, step, question, title, state }];
  });
}

export function accountOf(lines: readonly AccountLine[]): StudentResult['lines'] {
  return lines.map(({ pieces, ...line }) => ({
    ...line,
    ...(pieces ? { pieces: pieces.map((p) => ({ key: keyOf(p), title: p.title, state: p.state })) } : {}),
  }));
}

/** Of who handed something in. */
export function summariesOf(plan: Plan, students: readonly StudentResult[]): CheckSummary[] {
  const given = students.filter((s) => s.submission !== undefined);
  return piecesOf(plan).flatMap((piece) => {
    if (piece.kind !== 'comprobacion') return [];
    const { lab, step, check, title } = piece;
    const states = given.map(
      (s) => s.checks.find((c) => c.lab === lab && c.step === step && c.check === check)?.state ?? 'falta',
    );
    const count = (state: string): number => states.filter((s) => s === state).length;
    return [
      {
        ...{ lab, step, check, title },
        right: count('correcto'),
        wrong: count('incorrecto'),
        unverifiable: count('no verificable'),
        missing: count('falta'),
      },
    ];
  });
}
