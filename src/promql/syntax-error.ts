// Where the grammar stumbles, and the server's words for it.
import type { SyntaxNode, Tree } from '@lezer/common';
import { QueryParseError } from './errors.ts';

/** Undefined: the text is in the language. */
export function syntaxError(query: string, tree: Tree): QueryParseError | undefined {
  if (query.trim() === '') return new QueryParseError('unknown position: parse error: no expression found in input');
  const unfinished = openString(query, tree);
  if (unfinished !== undefined) return at(query, unfinished, 'unterminated quoted string');
  const error = firstError(tree.topNode);
  if (!error) return undefined;
  const unknown = unknownFunction(query, error);
  if (unknown) return at(query, unknown.from, `unknown function with name ${JSON.stringify(unknown.name)}`);
  return at(query, error.from, describe(query, error));
}

function at(query: string, position: number, message: string): QueryParseError {
  const before = query.slice(0, position).split('\n');
  return new QueryParseError(`${before.length}:${(before.at(-1)?.length ?? 0) + 1}: parse error: ${message}`);
}

function firstError(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type.isError) return node;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const found = firstError(child);
    if (found) return found;
  }
  return undefined;
}

/** The grammar takes a string without its closing quote. */
function openString(query: string, tree: Tree): number | undefined {
  let found: number | undefined;
  tree.iterate({
    enter(node) {
      if (found !== undefined || node.name !== 'StringLiteral') return;
      const text = query.slice(node.from, node.to);
      if (text.length < 2 || text.at(-1) !== text[0]) found = node.from;
    },
  });
  return found;
}

function unknownFunction(query: string, error: SyntaxNode): { name: string; from: number } | undefined {
  if (query[error.from] !== '(') return undefined;
  const name = /([a-zA-Z_:][\w:]*)\s*$/.exec(query.slice(0, error.from));
  return name?.[1] === undefined ? undefined : { name: name[1], from: name.index };
}

function describe(query: string, error: SyntaxNode): string {
  const rest = query.slice(error.from).trimStart();
  if (rest === '') {
    const open = unclosed(query);
    if (open === '{') return 'unexpected end of input inside braces';
    if (open === '(') return 'unclosed left parenthesis';
    if (open === '[') return 'unclosed left bracket';
    return 'unexpected end of input';
  }
  const closing = /^[)\]}]/.exec(rest)?.[0];
  if (closing && unclosed(query.slice(0, error.from)) === undefined) {
    return `unexpected right ${CLOSING[closing]} ${closing === ')' ? "')'" : `'${closing}'`}`;
  }
  const word = /^[a-zA-Z_:][\w:]*/.exec(rest)?.[0];
  if (word) return `unexpected identifier ${JSON.stringify(word)}`;
  const number = /^[\d.][\w.]*/.exec(rest)?.[0];
  if (number) return `unexpected number ${JSON.stringify(number)}`;
  const text = /^("[^"]*"|'[^']*'|`[^`]*`)/.exec(rest)?.[0];
  if (text) return `unexpected string ${JSON.stringify(text.slice(1, -1))}`;
  const mark = /^(=~|!~|!=|==|<=|>=|.)/su.exec(rest)?.[0] ?? '';
  return `unexpected ${NAMES[mark] ?? `character: '${mark}'`}`;
}

const CLOSING: Record<string, string> = { ')': 'parenthesis', ']': 'bracket', '}': 'brace' };
const NAMES: Record<string, string> = {
  '(': '"("',
  ')': '")"',
  '{': '"{"',
  '}': '"}"',
  '[': '"["',
  ']': '"]"',
  ',': '","',
  '=': '"="',
  '+': '<op:+>',
  '-': '<op:->',
  '*': '<op:*>',
  '/': '<op:/>',
  '%': '<op:%>',
  '^': '<op:^>',
  '==': '<op:==>',
  '!=': '<op:!=>',
  '<': '<op:<>',
  '<=': '<op:<=>',
  '>': '<op:>>',
  '>=': '<op:>=>',
};

/** The innermost bracket still open at the end, strings left out. */
function unclosed(text: string): string | undefined {
  const open: string[] = [];
  for (const char of text.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`[^`]*`/g, '')) {
    if ('([{'.includes(char)) open.push(char);
    if (')]}'.includes(char)) open.pop();
  }
  return open.at(-1);
}
