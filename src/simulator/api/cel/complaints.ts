// What the API server says of an expression that cannot be read, with the place under it.
import { syntaxProblem } from '../../../cel/syntax.ts';

/** What may begin an operand, as cel-go's parser lists it. */
const OPERANDS =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Undefined: it can be read. */
export function compileComplaint(expression: string): string | undefined {
  const found = syntaxProblem(expression);
  if (found === undefined) return undefined;
  const [, line = '1', column = '1', what = found] =
    /^ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.*)$/s.exec(found) ?? [];
  const unfinished = endOf(expression);
  const lines = expression.split('\n');
  const [row, place] = unfinished ? [lines.length, (lines.at(-1)?.length ?? 0) + 1] : [Number(line), Number(column)];
  const text = lines[row - 1] ?? '';
  const caret = `${'.'.repeat(Math.max(0, place - 1))}^`;
  return `compilation failed: ERROR: <input>:${row}:${place}: Syntax error: ${unfinished ?? what}\n | ${text}\n | ${caret}`;
}

/** Of an expression that stops where more has to come. */
function endOf(expression: string): string | undefined {
  const text = expression.trimEnd();
  if (/[\w)\]]\s*\.$/.test(text)) return "no viable alternative at input '.'";
  if (/(==|!=|<=|>=|<|>|&&|\|\||[-+*/%!?:(,[]|\bin)$/.test(text))
    return `mismatched input '<EOF>' expecting ${OPERANDS}`;
  return undefined;
}
