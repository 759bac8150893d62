// A small course and a rubric about it, for tests.
import type { VerdictState } from '../../checks/verdict.ts';
import type { LabOutline } from './against-course.ts';
import { planOf } from './plan.ts';
import { readRubric } from './read-rubric.ts';
import type { Attempt, LabWork } from './work.ts';

export const course: LabOutline[] = [
  {
    id: 'canary',
    title: 'Canary',
    chapter: false,
    replayable: true,
    steps: [
      { id: 'uno', title: 'Noventa y diez' },
      { id: 'dos', title: 'Mitad y mitad' },
    ],
    checks: [
      { step: 'uno', id: 'reparto', title: 'El reparto es 90/10' },
      { step: 'uno', id: 'subsets', title: 'Los subsets existen' },
      { step: 'dos', id: 'reparto', title: 'El reparto es 50/50' },
    ],
    questions: [{ step: 'uno', id: 'p1', text: '¿Por qué diez no bastan?' }],
  },
  {
    id: 'mtls',
    title: 'mTLS',
    chapter: false,
    replayable: true,
    steps: [{ id: 'estricto', title: 'Estricto' }],
    checks: [{ step: 'estricto', id: 'modo', title: 'El modo es STRICT' }],
    questions: [],
  },
  {
    id: 'ideas',
    title: 'Ideas',
    chapter: true,
    replayable: true,
    steps: [{ id: 'uno', title: 'Sidecars' }],
    checks: [],
    questions: [
      { step: '', id: 'p1', text: '¿Qué es una malla?' },
      { step: 'uno', id: 'p1', text: '¿Qué es un sidecar?' },
    ],
  },
];

export const smallRubric = `formato: malla-rubrica/1
id: practica-1
titulo: Práctica 1
laboratorios:
  - lab: canary
    peso: 3
    comprobaciones:
      - {comprobacion: uno/reparto, peso: 2}
  - lab: mtls
`;

/** The plan of a rubric that must be right. `more` is added at the end of the small one, or is a whole one. */
export function planFrom(text: string): ReturnType<typeof planOf> {
  const { rubric, problems } = readRubric(text, 'r.yaml', course);
  if (!rubric || problems.length > 0) throw new Error(JSON.stringify(problems));
  return planOf(rubric, course);
}

export function attempt(
  states: Record<string, Record<string, VerdictState>>,
  { id = 'a', handedIn = '2026-11-30T12:00:00Z', questions = {} as Record<string, Record<string, boolean>> } = {},
): Attempt {
  const ids = new Set([...Object.keys(states), ...Object.keys(questions)]);
  const labs = Object.fromEntries(
    [...ids].map((lab): [string, LabWork] => [lab, { checks: states[lab] ?? {}, questions: questions[lab] ?? {} }]),
  );
  return { id, handedIn, labs };
}
