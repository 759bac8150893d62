// What replay says of one hand-in. Rubric, reports and the instructor's view work on this; so do tests, by graded.fixture.ts.
//
// It depends only on the hand-in, the labs and this Malla: no time of the machine that grades is in it, so that the same
// hand-in always gives the same bytes.
import * as z from 'zod';
import { claimedVerdictSchema } from '../handin/claimed-verdict.ts';
import { claimedClusterSchema, digestSchema } from '../handin/hand-in.ts';

export const gradedFormat = 'malla-repeticion/1';

/**
 * Something about the hand-in that the teacher should know. `rechazo`: it, or the lab that it names, was not replayed.
 * `aviso`: it was, and this is to be looked at. `nota`: for the record.
 */
export const problemSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['rechazo', 'aviso', 'nota']),
  /** Spanish, one sentence with its period; safe to show: nothing in it can be taken for markup, escapes or formulas. */
  message: z.string(),
  lab: z.string().optional(),
  step: z.string().optional(),
  /** Which entry of the hand-in, and the line in it. */
  entry: z.string().optional(),
  line: z.int().optional(),
});

export const gradedCheckSchema = z.strictObject({
  check: z.string(),
  title: z.string(),
  /** Kind of check: `objeto`, `reparto`, `respuesta`… */
  type: z.string(),
  /** The student's last verdict for the step's graded record; absent when they never verified it. */
  claimed: claimedVerdictSchema.optional(),
  /** The replay's: what counts. Absent when the step was not replayed: `notReplayed` of the step says why. */
  replayed: claimedVerdictSchema.optional(),
  /** Both are there and their states are not the same. */
  differs: z.boolean(),
  /** Times that the check was judged otherwise than the time before, as the journal claims; 0: never verified. */
  attempts: z.int(),
  /** First moment when it was right, as the journal claims. */
  firstRight: z.string().optional(),
  /**
   * Diagnoses that the journal claims on the way: from when one was told until the check was judged otherwise, in seconds;
   * one that was never followed by another verdict has 0.
   */
  diagnoses: z.array(z.strictObject({ code: z.string(), at: z.string(), seconds: z.number() })),
});

export const gradedStepSchema = z.strictObject({
  step: z.string(),
  title: z.string(),
  checks: z.array(gradedCheckSchema),
  /** Moment of the record that was replayed: the last that was all right, else the last. */
  at: z.string().optional(),
  /** Why the step was not replayed: a code of the catalogue. Then only the claim is there, and a rubric says if it counts. */
  notReplayed: z.string().optional(),
  /** Files of the student as they stood at that moment, that the cause's `file` and `line` point into. */
  files: z.array(z.strictObject({ path: z.string(), sha256: digestSchema })),
  /** Objects that the replay applied, because they are not as the lab's beginning has them: entries of `texts`. */
  applied: z.array(
    z.strictObject({ kind: z.string(), namespace: z.string().optional(), name: z.string(), sha256: digestSchema }),
  ),
});

export const gradedLabSchema = z.strictObject({
  lab: z.string(),
  title: z.string(),
  chapter: z.boolean(),
  version: z.strictObject({ claimed: digestSchema, graded: digestSchema }),
  steps: z.array(gradedStepSchema),
  /** Questions of chapters and steps: chosen options and whether they are the right ones. */
  questions: z.array(
    z.strictObject({ step: z.string(), question: z.string(), chosen: z.array(z.int()), right: z.boolean() }),
  ),
});

export const gradedSchema = z.strictObject({
  format: z.literal(gradedFormat),
  /** Name of the file under the folder of submissions, with `/`; what is no plain text in it is escaped. */
  submission: z.string(),
  /** Of the file. Empty when it could not be read whole. */
  sha256: z.union([digestSchema, z.literal('')]),
  /** As the hand-in claims; absent when it could not be read. */
  student: z.string().optional(),
  seed: z.string().optional(),
  /** When it was sealed, as it claims. */
  at: z.string().optional(),
  seal: z.enum(['alumno', 'clase', 'ninguno', 'no vale', 'sin comprobar']),
  malla: z.strictObject({ claimed: z.string().optional(), graded: z.string() }),
  cluster: claimedClusterSchema.optional(),
  /** Of the student's journal, as it claims: two hand-ins with the same id were made with the same Malla's home. */
  journal: z.strictObject({ id: z.string(), head: digestSchema, records: z.int() }).optional(),
  /**
   * What each record of the journal saw, without its place in the chain: two students cannot have come by the same one.
   * Oldest first; at most 1,000.
   */
  evidence: z.array(z.strictObject({ lab: z.string(), step: z.string(), at: z.string(), sha256: digestSchema })),
  /** `entera`: each lab was looked at. `parcial`: some lab or step was not. `rechazada`: nothing was replayed. */
  outcome: z.enum(['entera', 'parcial', 'rechazada']),
  problems: z.array(problemSchema),
  labs: z.array(gradedLabSchema),
  /** SHA-256 → text of the files and objects that the steps name, each once. */
  texts: z.record(digestSchema, z.string()),
});

export type Problem = z.output<typeof problemSchema>;
export type GradedCheck = z.output<typeof gradedCheckSchema>;
export type GradedStep = z.output<typeof gradedStepSchema>;
export type GradedLab = z.output<typeof gradedLabSchema>;
export type Graded = z.output<typeof gradedSchema>;
