// A verdict as a hand-in carries it: what the student's own Malla saw. A claim, never what is graded.
import * as z from 'zod';

const short = z.string().max(300);
const sentence = z.string().max(4_000);
const count = z.int().min(0).max(1_000_000_000);

const place = z.strictObject({
  kind: short,
  namespace: short.optional(),
  name: short,
  path: z.string().max(1_000).optional(),
  file: z.string().max(500).optional(),
  line: z.int().min(1).max(1_000_000).optional(),
});

/** Why a check is not right; the same fields as diagnosis/diagnosis.ts. */
export const claimedCauseSchema = z.strictObject({
  code: z.string().regex(/^MALLA-[A-Z0-9]+-\d+$/),
  message: sentence,
  hint: sentence,
  at: place.optional(),
});

export const claimedEvidenceSchema = z.strictObject({
  requests: count.optional(),
  /** Answers per class; at most 100 classes. */
  counts: z
    .record(short, count)
    .refine((c) => Object.keys(c).length <= 100, 'demasiadas clases')
    .optional(),
  errorBound: z.number().optional(),
  objects: z
    .array(z.strictObject({ kind: short, namespace: short.optional(), name: short, resourceVersion: short.optional() }))
    .max(1_000)
    .optional(),
  latencyMilliseconds: z.strictObject({ p50: z.number(), p95: z.number() }).optional(),
  quantileMilliseconds: z
    .strictObject({ quantile: z.number(), estimate: z.number(), low: z.number(), high: z.number().optional() })
    .optional(),
});

export const verdictStateSchema = z.enum(['correcto', 'incorrecto', 'no verificable']);
export type VerdictState = z.output<typeof verdictStateSchema>;

/** The same fields as checks/verdict.ts, with bounds. */
export const claimedVerdictSchema = z.strictObject({
  check: short,
  state: verdictStateSchema,
  expected: sentence,
  observed: sentence,
  cause: claimedCauseSchema.optional(),
  evidence: claimedEvidenceSchema,
  milliseconds: z.number().min(0),
  simulated: z.boolean(),
});

export type ClaimedVerdict = z.output<typeof claimedVerdictSchema>;
