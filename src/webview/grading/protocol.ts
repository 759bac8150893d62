// The messages between the instructor's panel and the extension. Both sides read these schemas and neither trusts the other:
// what is shown was written by students.
import * as z from 'zod';

// Validators compiled with `new Function` are what the panel's policy forbids.
z.config({ jitless: true });

const text = z.string().max(20_000);
const short = z.string().max(500);

export const sourceNames = ['folder', 'rubric', 'list'] as const;
export type SourceName = (typeof sourceNames)[number];

const problem = z.lazy(() => z.object({ code: short, happened: text, expected: text, todo: text }));

const row = z.object({
  code: short,
  name: short,
  state: z.enum(['calificada', 'pendiente', 'no entregada', 'sin nota']),
  mark: z.number().optional(),
  daysLate: z.int(),
  adjusted: z.boolean(),
  stranger: z.boolean(),
  notices: z.array(short),
  wrong: z.array(short),
  causes: z.array(short),
});

export const classViewSchema = z.lazy(() =>
  z.object({
    title: text,
    outOf: z.number(),
    decimals: z.int(),
    students: z.array(row),
    checks: z.array(z.object({ key: short, title: text, wrong: z.int() })),
    causes: z.array(z.object({ code: short, title: text, students: z.int() })),
    unassigned: z.array(z.object({ submission: text, message: text })),
    likenesses: z.int(),
  }),
);

const checkState = z.enum(['correcto', 'incorrecto', 'no verificable', 'falta']);

export const detailSchema = z.lazy(() =>
  z.object({
    code: short,
    name: short,
    mark: z.number().optional(),
    state: row.shape.state,
    submission: text,
    handedIn: short,
    account: z.array(
      z.object({ title: text, lab: short, worth: z.number().optional(), points: z.number(), reason: text }),
    ),
    checks: z.array(
      z.object({
        key: short,
        title: text,
        place: text,
        state: checkState,
        claimed: short,
        expected: text,
        observed: text,
        cause: z.object({ code: short, message: text, hint: text }).optional(),
        decided: z.enum(['', 'si', 'no', 'nada']),
      }),
    ),
    files: z.array(
      z.object({
        name: text,
        lines: z.array(z.string()),
        notes: z.array(z.object({ line: z.int(), code: short, message: text })),
      }),
    ),
    notices: z.array(z.object({ code: short, message: text })),
    decisions: z.array(
      z.object({ number: z.int(), at: short, what: text, reason: text, by: short, inForce: z.boolean() }),
    ),
  }),
);

export const gradingStateSchema = z.lazy(() =>
  z.object({
    sources: z.object({ folder: text, rubric: text, list: text }),
    /** What is being done; `of` 0 while it is not known how much there is. */
    work: z.object({ what: z.enum(['calificar', 'leer', 'escribir']), done: z.int(), of: z.int() }).optional(),
    problem: problem.optional(),
    marks: classViewSchema.optional(),
    detail: detailSchema.optional(),
    /** Where the reports are, once they are written. */
    written: text.optional(),
  }),
);

export type GradingState = z.output<typeof gradingStateSchema>;
export type ClassViewData = z.output<typeof classViewSchema>;
export type DetailData = z.output<typeof detailSchema>;

/** What the extension tells the panel: all of it, whenever any of it changes. */
export const toPanelSchema = z.lazy(() => z.object({ message: z.literal('state'), state: gradingStateSchema }));

const reason = z.string().trim().min(3).max(1000);

/** What the panel asks. */
export const fromPanelSchema = z.lazy(() =>
  z.discriminatedUnion('message', [
    z.strictObject({ message: z.literal('ready') }),
    z.strictObject({ message: z.literal('choose'), source: z.enum(sourceNames) }),
    z.strictObject({ message: z.literal('grade') }),
    z.strictObject({ message: z.literal('cancel') }),
    z.strictObject({ message: z.literal('reload') }),
    z.strictObject({ message: z.literal('select'), code: short }),
    z.strictObject({ message: z.literal('close') }),
    z.strictObject({
      message: z.literal('decide'),
      code: short,
      check: short,
      counts: z.enum(['si', 'no', 'nada']),
      reason,
    }),
    z.strictObject({ message: z.literal('points'), code: short, points: z.number().min(-1000).max(1000), reason }),
    z.strictObject({ message: z.literal('undo'), code: short, number: z.int().min(1), reason }),
    z.strictObject({ message: z.literal('export') }),
    z.strictObject({ message: z.literal('open') }),
  ]),
);

export type FromGradingPanel = z.output<typeof fromPanelSchema>;
