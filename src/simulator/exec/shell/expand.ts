// From words as written to the words that a program gets: variables, commands, splitting, file names.
import { FileError, resolvePath } from '../files.ts';
import { arithmetic } from './arithmetic.ts';
import { escapePattern, isPattern, matchesPattern } from './patterns.ts';
import type { Shell } from './shell.ts';
import { ShellError } from './shell-error.ts';
import type { List, Piece, Word } from './syntax.ts';

/** Runs a list and gives what it wrote. */
export type Capture = (script: List) => Promise<string>;

const MOST_WORDS = 100_000;

/** All the words that the words become. */
export async function expandWords(words: readonly Word[], shell: Shell, capture: Capture): Promise<string[]> {
  const all: string[] = [];
  for (const word of words) {
    for (const field of await fieldsOf(word, shell, capture)) all.push(...fileNames(field, shell));
    if (all.length > MOST_WORDS) throw new ShellError('Argument list too long');
  }
  return all;
}

/** One word, not split: assignments, redirections, `case`. */
export async function expandText(word: Word, shell: Shell, capture: Capture): Promise<string> {
  let text = '';
  for (const piece of tilde(word, shell)) text += (await valuesOf(piece, shell, capture)).join(' ');
  return text;
}

/** One word as a pattern: what was quoted stands for itself. */
export async function expandPattern(word: Word, shell: Shell, capture: Capture): Promise<string> {
  let pattern = '';
  for (const piece of word) {
    const value = (await valuesOf(piece, shell, capture)).join(' ');
    pattern += piece.quoted ? escapePattern(value) : value;
  }
  return pattern;
}

/** Fields, with a backslash before what must not be read as a pattern. */
async function fieldsOf(word: Word, shell: Shell, capture: Capture): Promise<string[]> {
  const fields: string[] = [];
  let current: string | undefined;
  for (const piece of tilde(word, shell)) {
    const values = await valuesOf(piece, shell, capture);
    if (piece.quoted) {
      values.forEach((value, i) => {
        if (i > 0) {
          fields.push(current ?? '');
          current = '';
        }
        current = (current ?? '') + escapePattern(value);
      });
      continue;
    }
    if (piece.kind === 'text') {
      current = (current ?? '') + piece.text;
      continue;
    }
    const parts = values.join(' ').split(/[ \t\n]+/);
    parts.forEach((part, i) => {
      if (i > 0 && current !== undefined) {
        fields.push(current);
        current = undefined;
      }
      if (part !== '') current = (current ?? '') + part;
    });
  }
  if (current !== undefined) fields.push(current);
  return fields;
}

/** More than one value only for "$@". */
async function valuesOf(piece: Piece, shell: Shell, capture: Capture): Promise<string[]> {
  switch (piece.kind) {
    case 'text':
      return [piece.text];
    case 'command':
      return [(await capture(piece.script)).replace(/\n+$/, '')];
    case 'arithmetic': {
      const text = await expandText(piece.word, shell, capture);
      try {
        return [String(arithmetic(text, (name) => shell.variable(name) ?? ''))];
      } catch (error) {
        throw new ShellError(error instanceof Error ? error.message : String(error));
      }
    }
    case 'variable':
      if (piece.name === '@' && !piece.operator) return shell.parameters.length === 0 ? [] : [...shell.parameters];
      return [await variableValue(piece, shell, capture)];
  }
}

async function variableValue(
  { name, operator, operand = [] }: Piece & { kind: 'variable' },
  shell: Shell,
  capture: Capture,
): Promise<string> {
  const value = shell.variable(name);
  const given = operator?.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  const otherwise = () => expandText(operand, shell, capture);
  switch (operator?.replace(/^:/, '')) {
    case 'length':
      return String((value ?? '').length);
    case '-':
      return given ? (value ?? '') : otherwise();
    case '+':
      return given ? otherwise() : '';
    case '=': {
      if (given) return value ?? '';
      const text = await otherwise();
      shell.assign(name, text);
      return text;
    }
    case '?':
      if (given) return value ?? '';
      throw new ShellError(`${name}: ${(await otherwise()) || 'parameter not set'}`, 2);
    case '#':
    case '##':
    case '%':
    case '%%':
      return trimmed(value ?? '', operator ?? '', await expandPattern(operand, shell, capture));
    default:
      return value ?? '';
  }
}

const LONGEST_TRIMMED = 64 * 1024;

function trimmed(value: string, operator: string, pattern: string): string {
  if (value.length > LONGEST_TRIMMED) return value;
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => i);
  if (operator.length === 2) lengths.reverse();
  const front = operator.startsWith('#');
  for (const n of lengths) {
    const part = front ? value.slice(0, n) : value.slice(value.length - n);
    if (matchesPattern(pattern, part)) return front ? value.slice(n) : value.slice(0, value.length - n);
  }
  return value;
}

function tilde(word: Word, shell: Shell): Word {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted || !/^~(\/|$)/.test(first.text)) return word;
  return [{ kind: 'text', text: `${shell.variable('HOME') ?? '~'}${first.text.slice(1)}`, quoted: true }, ...rest];
}

/** A pattern that matches nothing stands for itself. */
function fileNames(field: string, shell: Shell): string[] {
  const plain = field.replace(/\\([\\*?[\]])/g, '$1');
  if (!isPattern(field)) return [plain];
  const slash = field.lastIndexOf('/');
  const folder = field.slice(0, slash + 1).replace(/\\(.)/g, '$1');
  const pattern = field.slice(slash + 1);
  try {
    const names = shell.machine.files.list(resolvePath(shell.cwd, folder || '.'));
    const found = names.filter(
      (name) => (pattern.startsWith('.') || !name.startsWith('.')) && matchesPattern(pattern, name),
    );
    return found.length > 0 ? found.map((name) => folder + name) : [plain];
  } catch (error) {
    if (error instanceof FileError) return [plain];
    throw error;
  }
}
