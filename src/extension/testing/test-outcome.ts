// What a verdict is as the result of a test. Pure.
import { isAbsolute, join, relative } from 'node:path';
import type { Verdict } from '../../checks/verdict.ts';
import { t } from '../l10n.ts';

export interface TestOutcome {
  /** `errored`: not verifiable, which is nobody's mistake. */
  state: 'passed' | 'failed' | 'errored';
  /** Empty when it passed. */
  message: string;
  /** Where the student wrote what is wrong: a file and its line, from 0. */
  at?: { path: string; line: number };
  milliseconds: number;
}

/** `folder`: the lab's, with the student's files; undefined when there is none. */
export function outcomeOf(verdict: Verdict, folder: string | undefined): TestOutcome {
  const { state, milliseconds } = verdict;
  if (state === 'correcto') return { state: 'passed', message: '', milliseconds };
  const at = folder === undefined ? undefined : writtenAt(verdict, folder);
  return {
    state: state === 'incorrecto' ? 'failed' : 'errored',
    message: messageOf(verdict),
    ...(at ? { at } : {}),
    milliseconds,
  };
}

function messageOf({ state, expected, observed, cause }: Verdict): string {
  return [
    ...(state === 'no verificable' ? [t('No se puede verificar ahora: no cuenta como fallo tuyo.')] : []),
    ...(cause ? [`${cause.message} [${cause.code}]`] : []),
    t('Se esperaba: {0}', expected),
    t('Se observa: {0}', observed),
    ...(cause ? [t('Prueba a: {0}', cause.hint)] : []),
  ].join('\n');
}

/** What comes from the program names a file inside the lab's folder, or nothing. */
function writtenAt({ cause }: Verdict, folder: string): TestOutcome['at'] {
  const { file, line } = cause?.at ?? {};
  if (file === undefined || isAbsolute(file)) return undefined;
  const path = join(folder, file);
  if (relative(folder, path).startsWith('..')) return undefined;
  return { path, line: Math.max(0, (line ?? 1) - 1) };
}
