// From the text of a shell program to words and operators.
import { parse } from './parse.ts';
import { type Piece, SyntaxProblem, type Token, type Word } from './syntax.ts';

const OPERATORS = ['&&', '||', ';;', '<<', '>>', '>&', '<&', '&>', '&', '|', ';', '<', '>', '(', ')'];
const LONGEST = 256 * 1024;
const DEEPEST = 50;

/** Throws SyntaxProblem. */
export function tokenize(text: string, depth = 0): Token[] {
  if (text.length > LONGEST || depth > DEEPEST) throw new SyntaxProblem('program too long');
  const tokens: Token[] = [];
  const hereDocuments: { token: number; end: string; quoted: boolean }[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === ' ' || c === '\t' || c === '\r') at += 1;
    else if (c === '\\' && text.charAt(at + 1) === '\n') at += 2;
    else if (c === '#') while (at < text.length && text.charAt(at) !== '\n') at += 1;
    else if (c === '\n') {
      at += 1;
      tokens.push({ kind: 'newline' });
      readHereDocuments();
    } else readOperator() || readWord();
  }
  if (hereDocuments.length > 0) readHereDocuments();
  return tokens;

  function readOperator(): boolean {
    const number = /^[0-9](?=[<>])/.exec(text.slice(at, at + 2))?.[0];
    const start = at + (number?.length ?? 0);
    const found = OPERATORS.find((o) => text.startsWith(o, start));
    if (!found) return false;
    at = start + found.length;
    tokens.push({ kind: 'operator', text: found, ...(number ? { from: Number(number) } : {}) });
    return true;
  }

  function readWord(): void {
    const start = at;
    const reader = createWordReader(text, at, depth);
    const word = reader.word(/[\s;&|<>()]/);
    at = reader.position();
    const previous = tokens.at(-1);
    const plain = word.every((p) => p.kind === 'text' && !p.quoted)
      ? word.map((p) => (p.kind === 'text' ? p.text : '')).join('')
      : undefined;
    tokens.push({ kind: 'word', word, plain });
    if (previous?.kind === 'operator' && previous.text === '<<') {
      const quoted = plain === undefined || text.slice(start, at) !== plain;
      const end = word.map((p) => (p.kind === 'text' ? p.text : '')).join('');
      hereDocuments.push({ token: tokens.length - 1, end, quoted });
    }
  }

  /** Their text takes the place of the word that names their end. */
  function readHereDocuments(): void {
    for (const { token, end, quoted } of hereDocuments.splice(0)) {
      let body = '';
      for (;;) {
        if (at >= text.length) break;
        const newline = text.indexOf('\n', at);
        const line = text.slice(at, newline < 0 ? undefined : newline);
        at = newline < 0 ? text.length : newline + 1;
        if (line === end) break;
        body += `${line}\n`;
      }
      const word: Word = quoted
        ? [{ kind: 'text', text: body, quoted: true }]
        : createWordReader(body, 0, depth).quoted();
      tokens[token] = { kind: 'word', word, plain: undefined };
    }
  }
}

function createWordReader(text: string, start: number, depth: number) {
  let at = start;
  return { word, quoted: () => doubleQuoted(undefined), position: () => at };

  function word(end: RegExp): Word {
    const pieces: Word = [];
    while (at < text.length && !end.test(text.charAt(at))) {
      const c = text.charAt(at);
      if (c === "'") {
        const close = text.indexOf("'", at + 1);
        if (close < 0) throw new SyntaxProblem('Unterminated quoted string', true);
        pieces.push({ kind: 'text', text: text.slice(at + 1, close), quoted: true });
        at = close + 1;
      } else if (c === '"') {
        at += 1;
        pieces.push({ kind: 'text', text: '', quoted: true }, ...doubleQuoted('"'));
      } else if (c === '\\') {
        if (text.charAt(at + 1) !== '\n') pieces.push({ kind: 'text', text: text.charAt(at + 1), quoted: true });
        at += 2;
      } else if (c === '$' || c === '`') pieces.push(substitution(false));
      else addText(pieces, c, false);
    }
    return pieces;
  }

  /** Up to the closing quote, or to the end of a here-document. */
  function doubleQuoted(close: string | undefined): Word {
    const pieces: Word = [];
    for (;;) {
      if (at >= text.length) {
        if (close === undefined) return pieces;
        throw new SyntaxProblem('Unterminated quoted string', true);
      }
      const c = text.charAt(at);
      if (c === close) {
        at += 1;
        return pieces;
      }
      const next = text.charAt(at + 1);
      if (c === '\\' && (next === '\n' || '$`"\\'.includes(next)) && next !== '') {
        if (next !== '\n') pieces.push({ kind: 'text', text: next, quoted: true });
        at += 2;
      } else if (c === '$' || c === '`') pieces.push(substitution(true));
      else addText(pieces, c, true);
    }
  }

  function addText(pieces: Word, c: string, quoted: boolean): void {
    const last = pieces.at(-1);
    if (last?.kind === 'text' && last.quoted === quoted) last.text += c;
    else pieces.push({ kind: 'text', text: c, quoted });
    at += 1;
  }

  function substitution(quoted: boolean): Piece {
    if (text.charAt(at) === '`') {
      const close = closing(at + 1, '`', '`');
      const inner = text.slice(at + 1, close).replace(/\\([`$\\])/g, '$1');
      at = close + 1;
      return { kind: 'command', script: parse(tokenize(inner, depth + 1)), quoted };
    }
    if (text.startsWith('$((', at)) {
      const close = closing(at + 2, '(', ')');
      if (text.charAt(close + 1) === ')' || text.charAt(close - 1) === ')') {
        const inner = text.slice(
          at + 3,
          close - (text.charAt(close - 1) === ')' && text.charAt(close + 1) !== ')' ? 1 : 0),
        );
        at = text.charAt(close + 1) === ')' ? close + 2 : close + 1;
        return { kind: 'arithmetic', word: createWordReader(inner, 0, depth + 1).quoted(), quoted };
      }
    }
    if (text.startsWith('$(', at)) {
      const close = closing(at + 2, '(', ')');
      const inner = text.slice(at + 2, close);
      at = close + 1;
      return { kind: 'command', script: parse(tokenize(inner, depth + 1)), quoted };
    }
    if (text.startsWith('${', at)) return braced(quoted);
    const name = /^\$([A-Za-z_][A-Za-z_0-9]*|[0-9?#@*$!-])/.exec(text.slice(at, at + 200))?.[1];
    at += 1 + (name?.length ?? 0);
    return name === undefined ? { kind: 'text', text: '$', quoted } : { kind: 'variable', name, quoted };
  }

  function braced(quoted: boolean): Piece {
    const close = closing(at + 2, '{', '}');
    const inner = text.slice(at + 2, close);
    at = close + 1;
    const match = /^(#?)([A-Za-z_][A-Za-z_0-9]*|[0-9?#@*$!])(?:(:?[-+=?]|##?|%%?)([\s\S]*))?$/.exec(inner);
    if (!match) throw new SyntaxProblem('Bad substitution');
    const [, length, name = '', operator, operand = ''] = match;
    if (length) return { kind: 'variable', name, operator: 'length', quoted };
    if (!operator) return { kind: 'variable', name, quoted };
    return { kind: 'variable', name, operator, operand: createWordReader(operand, 0, depth + 1).word(/(?!)/), quoted };
  }

  /** Index of what closes, over quotes and what is opened meanwhile. */
  function closing(from: number, opener: string, closer: string): number {
    let open = 1;
    for (let i = from; i < text.length; i += 1) {
      const c = text.charAt(i);
      if (c === '\\') i += 1;
      else if (c === "'" && closer !== '`') {
        const end = text.indexOf("'", i + 1);
        if (end < 0) break;
        i = end;
      } else if (c === closer) {
        open -= 1;
        if (open === 0) return i;
      } else if (c === opener) open += 1;
    }
    throw new SyntaxProblem(`end of file unexpected (expecting "${closer}")`, true);
  }
}
