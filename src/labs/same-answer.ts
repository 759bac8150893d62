// Whether what a student typed is what was asked, compared fairly: accents, capitals, blanks and quotes do not count.
import { RE2JS } from 're2js';
import type { AnswerPattern } from './check-kinds/respuesta.ts';

/** Longer answers are cut: what is asked for is a word, a figure or a line. */
export const longestAnswer = 500;

export type Judged = 'bien' | 'mal' | 'no es un número';

export function judgeAnswer({ accepts, expression, number }: AnswerPattern, typed: string): Judged {
  const answer = tidy(typed.slice(0, longestAnswer));
  if (number) {
    const value = readNumber(answer);
    if (value === undefined) return 'no es un número';
    // What decimals like 0.1 lose in binary is not the student's.
    return Math.abs(value - number.value) <= number.tolerance + 1e-9 ? 'bien' : 'mal';
  }
  if (expression !== undefined) {
    const compiled = RE2JS.compile(expression);
    return [typed.trim(), answer].some((each) => compiled.matcher(each).find()) ? 'bien' : 'mal';
  }
  return (accepts ?? []).some((right) => tidy(right) === answer) ? 'bien' : 'mal';
}

/** Lower case, without accents, quotes at the ends or a final period, single blanks. */
export function tidy(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'«»“”‘’`¿¡]+|[\s"'«»“”‘’`?!.;]+$/g, '');
}

/** `95 %`, `0,5 s`, `1.234,5` and `503`, as people write them in Spain; undefined for anything else. */
function readNumber(answer: string): number | undefined {
  const [, digits = ''] = /^(?:unos |unas |~ ?|≈ ?)?(-?[\d.,]+)(?: ?[a-z%µ/]+)?$/.exec(answer) ?? [];
  if (!/\d/.test(digits)) return undefined;
  const thousands = /^-?\d{1,3}(\.\d{3})+,\d+$/.test(digits) ? digits.replaceAll('.', '') : digits;
  const value = Number(thousands.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}
