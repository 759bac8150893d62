// The exam that is being done on this machine, in Malla's home. It keeps an honest student to the rules and says how long
// is left; it cannot hold who changes files of their own machine, and so nothing of a mark rests on it.
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type ExamSheet, examSheetSchema } from './exam-sheet.ts';

const examSchema = z.lazy(() =>
  z.strictObject({
    sheet: examSheetSchema,
    student: z.string().min(1).max(100),
    /** ISO 8601. */
    begun: z.string(),
    /** The code that was kept before, which comes back at the end. */
    seedBefore: z.string().max(200),
  }),
);

export type Exam = z.output<typeof examSchema>;

/** Undefined when none is being done, or what is kept cannot be read. */
export function readExam(home: string): Exam | undefined {
  try {
    return examSchema.safeParse(JSON.parse(readFileSync(fileOf(home), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export async function keepExam(home: string, exam: Exam): Promise<void> {
  await mkdir(home, { recursive: true });
  const aside = `${fileOf(home)}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(exam, undefined, 2)}\n`);
  await rename(aside, fileOf(home));
}

export async function forgetExam(home: string): Promise<void> {
  await rm(fileOf(home), { force: true });
}

export type Phase = 'antes' | 'dentro' | 'acabado';

/** Of a sheet at a moment; `begun` when the student has. Moments in milliseconds since 1970. */
export function phaseOf(
  { from, until, minutes }: ExamSheet,
  now: number,
  begun?: number,
): { phase: Phase; left?: number } {
  if (from !== undefined && now < Date.parse(from)) return { phase: 'antes', left: Date.parse(from) - now };
  const ends = [
    ...(until === undefined ? [] : [Date.parse(until)]),
    ...(minutes === undefined || begun === undefined ? [] : [begun + minutes * 60_000]),
  ];
  if (ends.length === 0) return { phase: 'dentro' };
  const left = Math.min(...ends) - now;
  return left > 0 ? { phase: 'dentro', left } : { phase: 'acabado', left: 0 };
}

/** Whether the exam keeps hints or solutions of a lab from the student. What comes before its labs is free. */
export function withholds(exam: Exam | undefined, lab: string, what: 'hints' | 'solutions'): boolean {
  return exam?.sheet.labs.includes(lab) === true && !exam.sheet[what];
}

function fileOf(home: string): string {
  return join(home, 'examen.json');
}
