// Whether a text is CEL at all, in the words that cel-go begins with.
import { parse } from '@bufbuild/cel';

/** Undefined: it can be read. */
export function syntaxProblem(expression: string): string | undefined {
  try {
    parse(expression);
  } catch (error) {
    const [, where = '<input>:1:1', what = String(error)] =
      error instanceof Error ? (/^(<input>:\d+:\d+): (.*)$/s.exec(error.message) ?? []) : [];
    return `ERROR: ${where}: Syntax error: ${what}`;
  }
  return INDEXED_HAS.test(expression) ? 'ERROR: <input>:1:1: invalid argument to has() macro' : undefined;
}

/** The macro asks for a field, not for a key: `has(a.b)`. */
const INDEXED_HAS = /\bhas\s*\([^()]*\]\s*\)/;
