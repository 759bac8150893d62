// A class of the real course with made-up hand-ins, for looking at reports and at the instructor's view. Drawn from a seed:
// the same class each time.
import { join } from 'node:path';
import { buildClass } from '../../src/grading/class/build-class.ts';
import type { ClassResult, Likeness } from '../../src/grading/class/class-result.ts';
import { sha256 } from '../../src/grading/handin/canonical-json.ts';
import type { Graded, GradedCheck, GradedLab } from '../../src/grading/replay/graded.ts';
import { readClassList } from '../../src/grading/roster/class-list.ts';
import { outlineOf } from '../../src/grading/rubric/against-course.ts';
import { planOf } from '../../src/grading/rubric/plan.ts';
import { readRubric } from '../../src/grading/rubric/read-rubric.ts';
import { drawFrom } from '../../src/labs/draw.ts';
import type { Action, Lab } from '../../src/labs/lab.ts';
import { loadLabs } from '../../src/labs/load.ts';

export const sampleRubric = `formato: malla-rubrica/1
id: practica-1
titulo: "Práctica 1: canary y mTLS"
laboratorios:
  - lab: canary
    peso: 3
    preguntas: 1
  - lab: mtls
    peso: 2
  - lab: timeouts
extra:
  - {lab: caida, puntos: 0.5}
entrega:
  hasta: 2026-12-01T23:59:00+01:00
  gracia: 15
  tarde: {dias: 3, descuento: 10}
`;
export const sampleNow = Date.parse('2026-12-10T10:00:00Z');

const names = [
  'Ana García',
  'Berta Núñez',
  'Carlos Peña',
  'Diana Ruiz',
  'Eva Íñiguez',
  'Félix Sanz',
  'Gema Ortiz',
  'Hugo Vidal',
];

export function sampleList(size: number): string {
  const rows = Array.from(
    { length: size },
    (_, i) => `a${100 + i};${names[i % names.length] ?? ''} ${i};u${i};u${i}@ejemplo.es`,
  );
  return `codigo;nombre;usuario;correo\n${rows.join('\n')}\n`;
}

export async function sampleClass(root: string, size = 40): Promise<ClassResult> {
  const labs = await sampleLabs(root);
  const course = outlineOf(labs);
  const { rubric, problems } = readRubric(sampleRubric, 'rubrica.yaml', course);
  if (!rubric || problems.length > 0) throw new Error(JSON.stringify(problems));
  return buildClass({
    graded: sampleGraded(labs, size),
    plan: planOf(rubric, course),
    course,
    rubricText: sampleRubric,
    list: readClassList(Buffer.from(sampleList(size))),
    likenesses: [sampleLikeness],
    now: sampleNow,
    malla: '0.1.0',
  });
}

export async function sampleLabs(root: string): Promise<Lab[]> {
  return (await loadLabs(join(root, 'labs'), join(root, 'samples'))).labs;
}

export function sampleGraded(labs: readonly Lab[], size: number): Graded[] {
  const chosen = labs.filter((l) => ['canary', 'mtls', 'timeouts', 'caida'].includes(l.id));
  const all = Array.from({ length: size }, (_, i) => handIn(i, chosen));
  // Some have not handed in.
  return all.filter((_, i) => i % 13 !== 12);
}

function handIn(index: number, labs: readonly Lab[]): Graded {
  const student = `a${100 + index}`;
  const skill = drawFrom(`${student} skill`);
  const late = index % 11 === 7;
  const texts: Record<string, string> = {};
  const graded = labs.filter((l) => l.id !== 'caida' || skill > 0.6).map((lab) => labOf(lab, student, skill, texts));
  const problems: Graded['problems'] =
    index === 5
      ? [
          {
            code: 'MALLA-ENT-12',
            severity: 'aviso',
            message: 'Al repetirla, dos comprobaciones salen de otra manera que en la entrega.',
            lab: 'mtls',
          },
        ]
      : [];
  return {
    format: 'malla-repeticion/1',
    submission: `${student}.zip`,
    sha256: sha256(student),
    student,
    seed: student,
    at: late ? '2026-12-03T10:00:00.000Z' : '2026-11-30T18:20:00.000Z',
    seal: 'alumno',
    malla: { claimed: '0.1.0', graded: '0.1.0' },
    evidence: [],
    outcome: 'entera',
    problems,
    labs: graded,
    texts,
  };
}

function labOf(lab: Lab, student: string, skill: number, texts: Record<string, string>): GradedLab {
  const version = sha256(lab.id);
  return {
    lab: lab.id,
    title: lab.title,
    chapter: lab.chapter,
    version: { claimed: version, graded: version },
    steps: lab.steps.map((step) => {
      const file = step.solution.find((a): a is Extract<Action, { type: 'file' }> => a.type === 'file');
      const digest = file && sha256(file.content);
      if (file && digest) texts[digest] = file.content;
      const checks = step.checks.map((check): GradedCheck => {
        const drawn = drawFrom(`${student} ${lab.id} ${step.id} ${check.id}`);
        const state = drawn < 0.25 + skill * 0.75 ? 'correcto' : drawn > 0.985 ? 'no verificable' : 'incorrecto';
        const mistake = step.mistakes.find((m) => m.check === check.id) ?? step.mistakes[0];
        const code = mistake?.cause ?? 'MALLA-OBJ-01';
        const cause = {
          code,
          message: mistake ? `Pasa esto: ${mistake.title.toLowerCase()}` : 'El objeto no es como se pide',
          hint: 'Compara tu fichero con lo que pide el paso.',
          ...(file ? { at: { kind: 'VirtualService', name: 'reviews', file: file.path, line: 8 } } : {}),
        };
        const verdict = {
          check: check.id,
          state,
          expected: check.title,
          observed: state === 'correcto' ? 'así es' : 'no es así',
          ...(state === 'correcto' ? {} : { cause }),
          evidence: { requests: 200 + Math.floor(drawn * 300), counts: { v1: 180, v3: 20 }, errorBound: 0.001 },
          milliseconds: 0,
          simulated: true,
        } as const;
        const met = drawFrom(`${student} ${code}`) < 0.5;
        return {
          check: check.id,
          title: check.title,
          type: check.type,
          claimed: verdict,
          replayed: verdict,
          differs: false,
          attempts: met ? 3 : 1,
          diagnoses: met
            ? [
                {
                  code,
                  at: '2026-11-28T10:00:00.000Z',
                  seconds: Math.round(60 + drawFrom(`${student} ${code} t`) * 3000),
                },
              ]
            : [],
        };
      });
      return {
        step: step.id,
        title: step.title,
        checks,
        at: '2026-11-30T18:00:00.000Z',
        files: file && digest ? [{ path: file.path, sha256: digest }] : [],
        applied: [],
      };
    }),
    questions: lab.steps.flatMap((step) =>
      step.questions.map((q) => ({
        step: step.id,
        question: q.id,
        chosen: [0],
        right: drawFrom(`${student} ${q.id}`) < 0.6,
      })),
    ),
  };
}

const sampleLikeness: Likeness = {
  kind: 'líneas iguales',
  students: ['a103', 'a117'],
  what: 'Tres líneas de canary/reviews.yaml son las mismas y no venían en el laboratorio.',
  sides: ['a103', 'a117'].map((student, i) => ({
    submission: `${student}.zip`,
    place: 'canary/reviews.yaml',
    from: 1,
    text: `metadata:\n  name: reviews\n  labels:\n    grupo: los-del-martes\n    # mitad y mitad, como dijo la profe\n    version: ${i}\nspec:\n  hosts: [reviews]`,
    marked: [4, 5],
  })),
};
