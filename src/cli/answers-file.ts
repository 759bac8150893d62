// What the student has answered, kept in Malla's home beside the progress.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { answerKey, type LabAnswers, noAnswers } from '../labs/answers.ts';
import { longestAnswer } from '../labs/same-answer.ts';

const file = z.object({
  comprobaciones: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  preguntas: z.record(z.string(), z.record(z.string(), z.array(z.int().min(0)))).default({}),
});
type Kept = z.output<typeof file>;

/** An unreadable file counts as no answers. */
export async function readAnswers(home: string, lab: string): Promise<LabAnswers> {
  const kept = await readKept(home);
  return {
    checks: kept.comprobaciones[lab] ?? noAnswers.checks,
    questions: kept.preguntas[lab] ?? noAnswers.questions,
  };
}

export async function recordAnswer(
  home: string,
  at: { lab: string; step: string; check: string },
  text: string,
): Promise<void> {
  const kept = await readKept(home);
  const own = { ...kept.comprobaciones[at.lab], [answerKey(at.step, at.check)]: text.slice(0, longestAnswer) };
  await write(home, { ...kept, comprobaciones: { ...kept.comprobaciones, [at.lab]: own } });
}

export async function recordChoice(
  home: string,
  at: { lab: string; step: string; question: string },
  chosen: readonly number[],
): Promise<void> {
  const kept = await readKept(home);
  const own = { ...kept.preguntas[at.lab], [answerKey(at.step, at.question)]: [...chosen] };
  await write(home, { ...kept, preguntas: { ...kept.preguntas, [at.lab]: own } });
}

/** What was seen in a cluster that is gone. What was learnt from the text stays. */
export async function forgetSeen(home: string): Promise<void> {
  await write(home, { ...(await readKept(home)), comprobaciones: {} });
}

export function answersFile(home: string): string {
  return join(home, 'respuestas.json');
}

async function readKept(home: string): Promise<Kept> {
  try {
    return file.parse(JSON.parse(await readFile(answersFile(home), 'utf8')));
  } catch {
    return { comprobaciones: {}, preguntas: {} };
  }
}

async function write(home: string, kept: Kept): Promise<void> {
  await mkdir(home, { recursive: true });
  // Written aside and renamed: an interrupted write never leaves half a file.
  const aside = `${answersFile(home)}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(kept, undefined, 2)}\n`);
  await rename(aside, answersFile(home));
}
