// The marks of a class with all that is behind them: what reports, the instructor's view and other tools read.
import * as z from 'zod';
import { claimedCauseSchema, claimedEvidenceSchema, verdictStateSchema } from '../handin/claimed-verdict.ts';
import { problemSchema } from '../replay/graded.ts';
import { visibilities } from '../rubric/rubric.ts';

export const classFormat = 'malla-clase/1';

const pieceState = z.enum([...verdictStateSchema.options, 'falta']);

const accountLine = z.strictObject({
  kind: z.enum(['parte', 'extra', 'ajuste', 'retraso', 'limite', 'redondeo']),
  title: z.string(),
  lab: z.string().optional(),
  worth: z.number().optional(),
  points: z.number(),
  reason: z.string().optional(),
  /** `step/check` or `step/question`, with how each stands. */
  pieces: z.array(z.strictObject({ key: z.string(), title: z.string(), state: pieceState })).optional(),
});

/** Some lines of a text of the student, around the one at fault. */
const excerpt = z.strictObject({
  file: z.string(),
  line: z.int(),
  /** Number of the first line of `lines`. */
  from: z.int(),
  lines: z.array(z.string()),
});

const studentCheck = z.strictObject({
  lab: z.string(),
  step: z.string(),
  check: z.string(),
  title: z.string(),
  state: pieceState,
  /** What the hand-in says of itself, when replay says otherwise. */
  claimed: verdictStateSchema.optional(),
  expected: z.string().optional(),
  observed: z.string().optional(),
  cause: claimedCauseSchema.optional(),
  /** The teacher's own words, from the rubric, for when it is not right. */
  message: z.string().optional(),
  excerpt: excerpt.optional(),
  evidence: claimedEvidenceSchema.optional(),
  /** How often it was judged otherwise than the time before, as the hand-in says. */
  attempts: z.int(),
  decided: z.strictObject({ right: z.boolean().optional(), reason: z.string() }).optional(),
  /** What the student may see of it at this moment. */
  visible: z.enum(visibilities),
});

export const submissionSchema = z.strictObject({
  submission: z.string(),
  sha256: z.string(),
  /** The code it says; '' when it cannot be read. */
  claimed: z.string(),
  at: z.string().optional(),
  outcome: z.enum(['entera', 'parcial', 'rechazada']),
  seal: z.string(),
  problems: z.array(problemSchema),
});

const studentResult = z.strictObject({
  code: z.string(),
  /** '' when names are left out, or nobody knows it. */
  name: z.string(),
  /** '' as the name. What Moodle finds people by. */
  user: z.string(),
  mail: z.string(),
  /** Not on the list of the class. */
  stranger: z.boolean(),
  state: z.enum(['calificada', 'pendiente', 'no entregada', 'sin nota']),
  mark: z.number().optional(),
  lines: z.array(accountLine),
  /** The one that gives the mark; absent without any. */
  submission: z.string().optional(),
  handedIn: z.string().optional(),
  daysLate: z.int(),
  submissions: z.array(submissionSchema),
  checks: z.array(studentCheck),
  questions: z.array(
    z.strictObject({ lab: z.string(), step: z.string(), question: z.string(), title: z.string(), state: pieceState }),
  ),
});

const checkSummary = z.strictObject({
  lab: z.string(),
  step: z.string(),
  check: z.string(),
  title: z.string(),
  right: z.int(),
  wrong: z.int(),
  unverifiable: z.int(),
  missing: z.int(),
});

const misconception = z.strictObject({
  code: z.string(),
  title: z.string(),
  /** How many students met it on their way. */
  students: z.int(),
  /** How many still had it when they handed in. */
  left: z.int(),
  /** Seconds that a student spent with it: half of them less, half more. Of who got out of it. */
  medianSeconds: z.number(),
  longestSeconds: z.number(),
  checks: z.array(z.string()),
});

/** Two hand-ins with something in common that the lab did not give them. To be looked at, not a verdict. */
export const likenessSchema = z.strictObject({
  kind: z.enum([
    'misma entrega',
    'mismo diario',
    'misma evidencia',
    'fichero igual',
    'líneas iguales',
    'semilla ajena',
  ]),
  students: z.array(z.string()),
  /** Spanish, what is the same, without judging it. */
  what: z.string(),
  /** Side by side, in the order of `students`. */
  sides: z.array(
    z.strictObject({
      submission: z.string(),
      place: z.string(),
      /** Number of the first line of `text`. */
      from: z.int(),
      text: z.string(),
      marked: z.array(z.int()),
    }),
  ),
});

export const classResultSchema = z.strictObject({
  format: z.literal(classFormat),
  at: z.string(),
  malla: z.string(),
  rubric: z.strictObject({
    id: z.string(),
    title: z.string(),
    sha256: z.string(),
    outOf: z.number(),
    highest: z.number(),
    decimals: z.int(),
    due: z.string().optional(),
  }),
  /** Those of the rubric, with their titles. */
  labs: z.array(
    z.strictObject({
      lab: z.string(),
      title: z.string(),
      /** The versions that were graded: more than one when the seed of each student makes it their own. */
      versions: z.array(z.string()),
      steps: z.array(z.strictObject({ step: z.string(), title: z.string() })),
    }),
  ),
  students: z.array(studentResult),
  /** Hand-ins that nobody's code is in. */
  unassigned: z.array(submissionSchema),
  checks: z.array(checkSummary),
  misconceptions: z.array(misconception),
  likenesses: z.array(likenessSchema),
});

export type ClassResult = z.output<typeof classResultSchema>;
export type StudentResult = z.output<typeof studentResult>;
export type StudentCheck = z.output<typeof studentCheck>;
export type Submission = z.output<typeof submissionSchema>;
export type CheckSummary = z.output<typeof checkSummary>;
export type Misconception = z.output<typeof misconception>;
export type Likeness = z.output<typeof likenessSchema>;
export type Excerpt = z.output<typeof excerpt>;

export function classJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(classResultSchema),
    title: 'Notas de una clase',
    description: 'Lo que escribe «malla calificar informe --json».',
  };
}
