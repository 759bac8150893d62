// What is wrong with a hand-in, collected while it is read: a stranger's file never throws at whoever reads it.
import type { Problem } from '../replay/graded.ts';
import { safeText } from './safe-text.ts';

/** What is quoted of the hand-in has been through safeText. */
export function problem(
  code: string,
  severity: Problem['severity'],
  message: string,
  where: Partial<Pick<Problem, 'lab' | 'step' | 'entry' | 'line'>> = {},
): Problem {
  const { entry, ...rest } = where;
  return { code, severity, message, ...rest, ...(entry === undefined ? {} : { entry: safeText(entry, 200) }) };
}

/** `«…»`, fit to be shown. */
export function quoted(text: string, most = 80): string {
  return `«${safeText(text, most)}»`;
}

/** Ends the reading: nothing of the hand-in can be used. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(found: Problem) {
    super(found.code);
    this.problem = found;
  }
}

export function refuse(code: string, message: string, where: Parameters<typeof problem>[3] = {}): Refused {
  return new Refused(problem(code, 'rechazo', message, where));
}
