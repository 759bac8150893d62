// Where the cursor is in the structure of a document that may be half-written: told by indentation, not by a parser.

import { readFlow } from './flow.ts';
import type { PathPart } from './paths.ts';

export interface Cursor {
  /** Of the map or list that the cursor is in; in a value, of the value. */
  path: PathPart[];
  /** `key`: a new key of the map at `path`. `value`: the value at `path`. `item`: either, as the first word after a dash. */
  place: 'key' | 'value' | 'item';
  /** What is written of the word, up to the cursor. */
  typed: string;
  /** Where the word begins, on the line of the cursor. */
  from: number;
  /** Column of the key, or of where it would stand. */
  column: number;
  /** Column where the line begins: of its first dash, or of the key. */
  indent: number;
  /** Keys that the map has already, with their values when they are on the same line. */
  siblings: Map<string, string>;
  /** Written inside braces or brackets. */
  flow: boolean;
}

interface Token {
  line: number;
  column: number;
  /** Undefined: a dash. */
  key?: string;
  value?: string;
}

/** Lines above the cursor that are looked at; an object is far shorter. */
const FARTHEST = 20_000;

/** Characters; nobody types in a longer one. */
const LONGEST_LINE = 4000;

/** `lines` are those of one document; `line` and `character` are in them, from 0. */
export function cursorAt(lines: readonly string[], line: number, character: number): Cursor | undefined {
  if (character > LONGEST_LINE) return undefined;
  const before = (lines[line] ?? '').slice(0, character);
  if (/^\s*#|\s#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return undefined;
  const [, blank = '', dashes = '', rest = ''] = /^([ \t]*)((?:-[ \t]+)*)(.*)$/s.exec(before) ?? [];
  const column = blank.length + dashes.length;
  const indent = blank.length;
  const dashColumns = [...dashes.matchAll(/-/g)].map(({ index }) => blank.length + index);
  if (/^-$/.test(rest)) return undefined;
  const own = ownTokens(line, dashColumns);
  const parents = climb(lines, line, own, column);

  const written = /^(?:"([^"]*)"|'([^']*)'|([^\s"'{[#][^:#]*?))\s*:(?:\s+|$)(.*)$/s.exec(rest);
  if (!written) {
    if (/^[{[]/.test(rest)) return inFlow({ path: parents.path, text: rest, column, indent, from: column });
    const typed = rest.replace(/^["']/, '');
    const from = character - typed.length;
    const place = dashColumns.length > 0 ? 'item' : 'key';
    return {
      path: parents.path,
      place,
      typed,
      from,
      column,
      indent,
      siblings: siblingsOf(lines, line, column, parents),
      flow: false,
    };
  }
  const [, double, single, plain = '', value = ''] = written;
  const key = double ?? single ?? plain;
  if (before.endsWith(':')) return undefined;
  const path = [...parents.path, key];
  const start = character - value.length;
  if (/^[{[]/.test(value)) return inFlow({ path, text: value, column, indent, from: start });
  const typed = value.replace(/^["']/, '');
  const siblings = siblingsOf(lines, line, column, parents);
  return { path, place: 'value', typed, from: character - typed.length, column, indent, siblings, flow: false };
}

function inFlow({ path, text, from, ...place }: InFlow): Cursor {
  const flow = readFlow(text);
  return {
    ...place,
    path: [...path, ...flow.path],
    place: flow.place,
    typed: flow.typed,
    from: from + flow.from,
    siblings: flow.siblings,
    flow: true,
  };
}

interface InFlow {
  path: PathPart[];
  text: string;
  column: number;
  indent: number;
  from: number;
}

interface Parents {
  path: PathPart[];
  /** First line of the map that the cursor is in. */
  firstLine: number;
}

/** From the inside out: the tokens before `column` that hold it. */
function climb(lines: readonly string[], line: number, own: readonly Token[], column: number): Parents {
  const path: PathPart[] = [];
  let current = column;
  let inList = false;
  let index = 0;
  // The outermost map begins with the document.
  let firstLine = column === 0 ? 0 : line;
  let mapFound = false;
  const take = (token: Token): void => {
    if (inList) {
      if (token.key === undefined && token.column === current) index += 1;
      else if (token.key !== undefined ? token.column <= current : token.column < current) {
        path.unshift(index);
        inList = false;
        hold(token);
      }
    } else if (token.column < current) hold(token);
    else if (!mapFound && token.column === current) firstLine = token.line;
  };
  const hold = (token: Token): void => {
    mapFound = true;
    if (token.key === undefined) {
      inList = true;
      index = 0;
    } else path.unshift(token.key);
    current = token.column;
  };
  for (const token of own.toReversed()) {
    if (token.column < current || inList) take(token);
  }
  for (let at = line - 1; at >= Math.max(0, line - FARTHEST) && (current > 0 || inList); at -= 1)
    for (const token of tokensOf(lines[at] ?? '', at).reverse()) take(token);
  if (inList) path.unshift(index);
  return { path, firstLine };
}

function ownTokens(line: number, dashes: readonly number[]): Token[] {
  return dashes.map((column) => ({ line, column }));
}

/** The dashes and the key of a line, from left to right. */
export function tokensOf(text: string, line: number): Token[] {
  if (text.length > LONGEST_LINE) return [];
  const [, blank = '', dashes = '', rest = ''] = /^([ \t]*)((?:-(?:[ \t]+|$))*)(.*)$/s.exec(text) ?? [];
  if (rest.startsWith('#')) return [];
  const tokens: Token[] = [...dashes.matchAll(/-/g)].map(({ index }) => ({ line, column: blank.length + index }));
  const key = /^(?:"([^"]*)"|'([^']*)'|([^\s"'{[#&*!|>%@`][^:#]*?))\s*:(?:\s+(.*)|)$/.exec(rest.trimEnd());
  if (key) {
    const [, double, single, plain = '', value = ''] = key;
    tokens.push({
      line,
      column: blank.length + dashes.length,
      key: double ?? single ?? plain,
      value: value.replace(/\s+#.*$/, ''),
    });
  }
  return tokens;
}

/** Keys at the cursor's column, above and below, in the same map. */
function siblingsOf(lines: readonly string[], line: number, column: number, parents: Parents): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = Math.max(parents.firstLine, line - 500); at < Math.min(lines.length, line + 500); at += 1) {
    const text = lines[at] ?? '';
    if (at === line || text.trim() === '') continue;
    const tokens = tokensOf(text, at);
    const first = tokens[0];
    if (first && first.column < column && at > line) break;
    const key = tokens.find((token) => token.key !== undefined && token.column === column);
    if (at > line && first && first.key === undefined && first.column <= column) break;
    if (key?.key !== undefined) found.set(key.key, unquote(key.value ?? ''));
  }
  return found;
}

export function unquote(value: string): string {
  const quoted = /^(?:"(.*)"|'(.*)')$/.exec(value);
  return quoted ? (quoted[1] ?? quoted[2] ?? '') : value;
}
