// A rubric against the labs there are: every name exists, nothing counts twice, something counts.
import { closest } from '../../diagnosis/typo.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Problems } from '../../labs/problem.ts';
import { canReplay } from '../replay/can-replay.ts';
import type { PlaceOf } from './place.ts';
import type { Rubric, RubricLab } from './rubric.ts';

/** Of a course, what grading needs to know. */
export interface LabOutline {
  id: string;
  title: string;
  chapter: boolean;
  /** Whether grading can do its steps again; a chapter has nothing to do again. */
  replayable: boolean;
  steps: { id: string; title: string }[];
  checks: { step: string; id: string; title: string }[];
  /** `step` is '' for those of the introduction. */
  questions: { step: string; id: string; text: string }[];
}
export type CourseOutline = readonly LabOutline[];

export function outlineOf(labs: readonly Lab[]): LabOutline[] {
  return labs.map((lab) => outlineOfLab(lab));
}

function outlineOfLab(lab: Lab): LabOutline {
  const { id, title, chapter, steps, questions } = lab;
  return {
    id,
    title,
    chapter,
    replayable: chapter || canReplay(lab),
    steps: steps.map((step) => ({ id: step.id, title: step.title })),
    checks: steps.flatMap((step) => step.checks.map((c) => ({ step: step.id, id: c.id, title: c.title }))),
    questions: [
      ...questions.map((q) => ({ step: '', id: q.id, text: q.text })),
      ...steps.flatMap((step) => step.questions.map((q) => ({ step: step.id, id: q.id, text: q.text }))),
    ],
  };
}

/** `step/check`, as rubrics write it. */
export function nameOfCheck({ step, id }: { step: string; id: string }): string {
  return `${step}/${id}`;
}

type Add = (code: string, path: readonly PropertyKey[], message: string, cure: string) => void;

export function checkAgainstCourse(rubric: Rubric, course: CourseOutline, problems: Problems, place: PlaceOf): void {
  const add: Add = (code, path, message, cure) => {
    const { line, column } = place(path);
    problems.add(code, line, message, cure, column);
  };
  const seen = new Set<string>();
  for (const [i, given] of rubric.laboratorios.entries()) {
    const path = ['laboratorios', i];
    if (seen.has(given.lab))
      add('MALLA-RUB-06', [...path, 'lab'], `El laboratorio «${given.lab}» está dos veces.`, 'Deja uno de los dos.');
    seen.add(given.lab);
    const lab = findLab(given.lab, course, [...path, 'lab'], add);
    if (lab) checkLab(given, lab, path, add);
  }
  for (const [i, given] of rubric.extra.entries()) {
    const lab = findLab(given.lab, course, ['extra', i, 'lab'], add);
    if (lab && given.comprobacion !== undefined) findCheck(given.comprobacion, lab, ['extra', i, 'comprobacion'], add);
    else if (lab && lab.checks.length + lab.questions.length === 0)
      add('MALLA-RUB-08', ['extra', i], `«${given.lab}» no tiene nada que comprobar.`, 'Elige otro, o quítalo.');
  }
  if (rubric.laboratorios.every((l) => l.peso === 0))
    add('MALLA-RUB-08', ['laboratorios'], 'Todos los laboratorios pesan 0.', 'Da peso al menos a uno.');
}

function checkLab(given: RubricLab, lab: LabOutline, path: readonly PropertyKey[], add: Add): void {
  const seen = new Set<string>();
  for (const [i, { comprobacion }] of given.comprobaciones.entries()) {
    const at = [...path, 'comprobaciones', i, 'comprobacion'];
    if (seen.has(comprobacion))
      add('MALLA-RUB-06', at, `La comprobación «${comprobacion}» está dos veces.`, 'Deja una de las dos.');
    seen.add(comprobacion);
    findCheck(comprobacion, lab, at, add);
  }
  if (given.preguntas !== undefined && given.preguntas > 0 && lab.questions.length === 0)
    add('MALLA-RUB-08', [...path, 'preguntas'], `«${lab.id}» no tiene preguntas.`, 'Quita «preguntas».');
  const weighs =
    (lab.chapter || (given.preguntas ?? 0) > 0) && lab.questions.length > 0
      ? true
      : given.resto === 'contar'
        ? lab.checks.some((c) => (given.comprobaciones.find((g) => g.comprobacion === nameOfCheck(c))?.peso ?? 1) > 0)
        : given.comprobaciones.some((c) => c.peso > 0);
  if (!weighs && given.peso > 0)
    add(
      'MALLA-RUB-08',
      [...path, 'lab'],
      `Nada de «${lab.id}» cuenta: todas sus comprobaciones pesan 0 o se ignoran.`,
      'Da peso a alguna, escribe «resto: contar», o quita el laboratorio.',
    );
}

function findLab(id: string, course: CourseOutline, path: readonly PropertyKey[], add: Add): LabOutline | undefined {
  const lab = course.find((l) => l.id === id);
  if (!lab) {
    const meant = closest(id, course, (l) => l.id);
    add(
      'MALLA-RUB-04',
      path,
      `No existe el laboratorio «${id}».`,
      meant ? `¿Querías decir «${meant.id}»?` : `Los que hay: ${course.map((l) => l.id).join(', ')}.`,
    );
  }
  return lab;
}

function findCheck(name: string, lab: LabOutline, path: readonly PropertyKey[], add: Add): void {
  const names = lab.checks.map(nameOfCheck);
  if (names.includes(name)) return;
  const meant = closest(name, names, (n) => n);
  add(
    'MALLA-RUB-05',
    path,
    `«${lab.id}» no tiene la comprobación «${name}».`,
    meant ? `¿Querías decir «${meant}»?` : `Las que tiene: ${names.join(', ') || 'ninguna'}.`,
  );
}
