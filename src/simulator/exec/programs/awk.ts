// The part of awk that one-liners use: `/expression/ {print $1, $NF}`, -F, NR. All else is refused by name.
import { lines, type Program } from '../program.ts';
import { define, linesOf, ProgramError, readFile } from './define.ts';
import { compile } from './expressions.ts';

export const awk: Program = define('awk', 'F:v:', async ({ values, rest }, streams) => {
  const [script, ...files] = rest;
  if (script === undefined) throw new ProgramError('usage: awk [-F fs] program [file...]', 2);
  const { pattern, condition, printed } = parseScript(script);
  const separator = values.get('F');
  const expression =
    pattern === undefined ? undefined : compile(pattern, { extended: true, fixed: false, ignoreCase: false });
  const source =
    files.length === 0 ? lines(streams) : files.flatMap((f) => linesOf(readFile(f, streams).toString('utf8')));
  let number = 0;
  for await (const line of source) {
    number += 1;
    if (expression && !expression.matcher(line).find()) continue;
    const fields = separator === undefined || separator === ' ' ? line.trim().split(/\s+/) : line.split(separator);
    const value = (name: string) => valueFor(name, line, fields, number);
    if (condition && !holds(condition, value)) continue;
    streams.stdout(`${printed.map((part) => part.map(value).join('')).join(' ')}\n`);
  }
});

interface Script {
  pattern: string | undefined;
  condition: [left: string, operator: string, right: string] | undefined;
  /** Arguments of print, each a row of terms to be joined. */
  printed: string[][];
}

const TERM = /"(?:[^"\\]|\\.)*"|\$?(?:NF|NR|\d+)(?:-\d+)?|\$\((?:NF|NR)-\d+\)/g;

function parseScript(script: string): Script {
  const match =
    /^\s*(?:\/((?:[^/\\]|\\.)*)\/|(\$?\w+)\s*(==|!=|>=|<=|>|<)\s*("[^"]*"|\$?\w+))?\s*(?:\{\s*print\b([^{};]*);?\s*\})?\s*$/.exec(
      script,
    );
  if (!match || script.trim() === '') throw unsupported();
  const [, pattern, left, operator, right, argumentsText = ''] = match;
  const printed =
    argumentsText.trim() === '' ? [['$0']] : argumentsText.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map(terms);
  return {
    pattern: pattern?.replaceAll('\\/', '/'),
    condition: left && operator && right ? [left, operator, right] : undefined,
    printed,
  };
}

function terms(text: string): string[] {
  if (text.replace(TERM, '').trim() !== '') throw unsupported();
  return text.match(TERM) ?? [];
}

function valueFor(name: string, line: string, fields: readonly string[], number: number): string {
  if (name.startsWith('"'))
    return name.slice(1, -1).replace(/\\([nt"\\])/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c);
  const [, dollar, base = '', minus] = /^(\$?)\(?(NF|NR|\d+)(?:-(\d+))?\)?$/.exec(name) ?? [];
  const count = (base === 'NF' ? fields.length : base === 'NR' ? number : Number(base)) - Number(minus ?? 0);
  if (!dollar) return String(count);
  return count === 0 ? line : (fields[count - 1] ?? '');
}

function holds([left, operator, right]: [string, string, string], value: (name: string) => string): boolean {
  const [a, b] = [value(left), value(right)];
  const numeric = a.trim() !== '' && b.trim() !== '' && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
  const order = numeric ? Number(a) - Number(b) : a < b ? -1 : Number(a > b);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    default:
      return order <= 0;
  }
}

const unsupported = () =>
  new ProgramError('este awk de Malla solo entiende /expresión/ o $N == "valor" y {print …}', 2);
