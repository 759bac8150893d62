// What a student is given of an exam: which labs, when, and what their labs are drawn from. No weights and no answers.
import * as z from 'zod';
import type { Rubric } from '../rubric/rubric.ts';

export const examFormat = 'malla-examen/1';

const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'no es una fecha');

export const examSheetSchema = z.lazy(() =>
  z.strictObject({
    format: z.literal(examFormat),
    id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
    title: z.string().min(1).max(300),
    labs: z.array(z.string().max(100)).min(1).max(100),
    /** Absent in a rehearsal, which may be done at any time. */
    from: moment.optional(),
    until: moment.optional(),
    minutes: z.int().min(1).max(1440).optional(),
    hints: z.boolean(),
    solutions: z.boolean(),
    seed: z.string().min(1).max(120),
    rehearsal: z.boolean(),
  }),
);

export type ExamSheet = z.output<typeof examSheetSchema>;

/** A rehearsal has the same shape, other figures, and no hour. Undefined when the rubric is of no exam. */
export function sheetOf(rubric: Rubric, { rehearsal }: { rehearsal: boolean }): ExamSheet | undefined {
  const { examen, id, titulo, laboratorios, extra } = rubric;
  if (!examen) return undefined;
  return {
    format: examFormat,
    id: rehearsal ? `${id.slice(0, 50)}-ensayo` : id,
    title: rehearsal ? `${titulo} (ensayo)` : titulo,
    labs: [...new Set([...laboratorios, ...extra].map((l) => l.lab))],
    ...(rehearsal ? {} : { from: examen.desde, until: examen.hasta }),
    ...(examen.minutos === undefined ? {} : { minutes: examen.minutos }),
    hints: examen.pistas,
    solutions: examen.soluciones,
    seed: rehearsal ? `${examen.semilla}-ensayo` : examen.semilla,
    rehearsal,
  };
}
