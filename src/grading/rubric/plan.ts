// A rubric and the course it is about → what counts, unit by unit, each with its share of the mark.
import { type CourseOutline, type LabOutline, nameOfCheck } from './against-course.ts';
import type { Rubric, RubricLab } from './rubric.ts';

/** A check or a question of a lab. */
export type Piece = { lab: string; step: string; title: string } & (
  | { kind: 'comprobacion'; check: string }
  | { kind: 'pregunta'; question: string }
);

/** What scores as a whole: right when all its pieces are. */
export interface Unit {
  lab: string;
  title: string;
  /** Of the mark, before what cannot be verified is left out: all units together weigh 1. */
  weight: number;
  pieces: Piece[];
}

export interface BonusUnit extends Omit<Unit, 'weight'> {
  points: number;
}

export interface Plan {
  rubric: Rubric;
  units: Unit[];
  bonus: BonusUnit[];
}

/** Labs and checks that the course does not have are passed over: readRubric has told of them. */
export function planOf(rubric: Rubric, course: CourseOutline): Plan {
  const raw = rubric.laboratorios.flatMap((given) => {
    const lab = course.find((l) => l.id === given.lab);
    if (!lab) return [];
    const own = unitsOf(given, lab).filter((u) => u.weight > 0);
    const total = sum(own);
    return own.map((u) => ({ ...u, weight: (given.peso * u.weight) / total }));
  });
  const units = raw.filter((u) => u.weight > 0);
  const total = sum(units);
  return {
    rubric,
    units: units.map((u) => ({ ...u, weight: u.weight / total })),
    bonus: rubric.extra.flatMap((given) => {
      const lab = course.find((l) => l.id === given.lab);
      const all = lab ? [...checksOf(lab), ...(lab.chapter ? questionsOf(lab) : [])] : [];
      const pieces = given.comprobacion === undefined ? all : all.filter((p) => keyOf(p) === given.comprobacion);
      const title = given.nombre ?? (pieces.length === 1 ? pieces[0]?.title : lab?.title) ?? given.lab;
      return lab && pieces.length > 0 ? [{ lab: lab.id, title, points: given.puntos, pieces }] : [];
    }),
  };
}

/** `step/check` or `step/question`. */
export function keyOf(piece: Piece): string {
  return `${piece.step}/${piece.kind === 'comprobacion' ? piece.check : piece.question}`;
}

function unitsOf(given: RubricLab, lab: LabOutline): Unit[] {
  const weightOf = (name: string): number =>
    given.comprobaciones.find((c) => c.comprobacion === name)?.peso ?? (given.resto === 'contar' ? 1 : 0);
  const checks = checksOf(lab, given).map((piece) => ({ piece, weight: weightOf(keyOf(piece)) }));
  const counted = checks.filter((c) => c.weight > 0);
  const unit = (title: string, of: typeof counted): Unit => ({
    lab: lab.id,
    title,
    weight: of.reduce((total, c) => total + c.weight, 0),
    pieces: of.map((c) => c.piece),
  });
  const asked = given.preguntas ?? (lab.chapter ? 1 : 0);
  const questions = questionsOf(lab).map(
    (piece): Unit => ({ lab: lab.id, title: piece.title, weight: asked / lab.questions.length, pieces: [piece] }),
  );
  const groups = Map.groupBy(counted, (c) => (given.parcial === 'pasos' ? c.piece.step : ''));
  const scored =
    given.parcial === 'comprobaciones'
      ? counted.map((c) => unit(c.piece.title, [c]))
      : [...groups.values()].map((of) => unit(groupTitle(given, lab, of[0]?.piece), of));
  return [...scored, ...questions];
}

function groupTitle(given: RubricLab, lab: LabOutline, piece: Piece | undefined): string {
  const step = lab.steps.find((s) => s.id === piece?.step);
  return given.parcial === 'pasos' ? `${step?.title ?? piece?.step ?? ''}, entero` : `${lab.title}, entero`;
}

function checksOf(lab: LabOutline, given?: RubricLab): Piece[] {
  return lab.checks.map(({ step, id, title }) => {
    const shown = given?.comprobaciones.find((c) => c.comprobacion === nameOfCheck({ step, id }))?.nombre;
    return { kind: 'comprobacion', lab: lab.id, step, check: id, title: shown ?? title };
  });
}

function questionsOf(lab: LabOutline): Piece[] {
  return lab.questions.map(({ step, id, text }) => ({
    kind: 'pregunta',
    lab: lab.id,
    step,
    question: id,
    title: text,
  }));
}

function sum(units: readonly { weight: number }[]): number {
  return units.reduce((total, u) => total + u.weight, 0);
}
