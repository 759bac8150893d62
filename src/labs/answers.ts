// What a student has answered in the course, as data. Where it is kept is not this folder's business.
import type { Lab, Step } from './lab.ts';
import { isRightChoice } from './question.ts';

export interface LabAnswers {
  /** `step/check` → what was typed. */
  checks: Readonly<Record<string, string>>;
  /** `step/question` → chosen options, from 0. Of the introduction: `/question`. */
  questions: Readonly<Record<string, readonly number[]>>;
}

export const noAnswers: LabAnswers = { checks: {}, questions: {} };

export function answerKey(step: string, name: string): string {
  return `${step}/${name}`;
}

/** There is something to get right: checks in a lab, questions in a chapter. */
export function isVerifiable({ chapter }: Pick<Lab, 'chapter'>, step: Step): boolean {
  return chapter ? step.questions.length > 0 : step.checks.length > 0;
}

/** Steps of a chapter whose questions are all answered right; none for a lab. */
export function answeredSteps(lab: Lab, { questions }: LabAnswers): string[] {
  if (!lab.chapter) return [];
  const done = (step: Step): boolean =>
    isVerifiable(lab, step) && step.questions.every((q) => isRightChoice(q, questions[answerKey(step.id, q.id)] ?? []));
  return lab.steps.filter(done).map((s) => s.id);
}
