// nginx's configuration language: words that end in `;` or open a block. Messages are those of nginx.

export interface Directive {
  name: string;
  args: readonly string[];
  /** What stands between its braces. */
  block?: readonly Directive[];
  file: string;
  line: number;
}

/** The configuration cannot be used: nginx says so and ends. */
export class ConfigurationError extends Error {}

const DEEPEST = 20;

export function readDirectives(text: string, file: string): Directive[] {
  const tokens = tokenize(text, file);
  let at = 0;

  function block(depth: number, opened: boolean): Directive[] {
    const found: Directive[] = [];
    if (depth > DEEPEST) throw wrong('too many nested blocks', file, tokens[at]?.line ?? 1);
    for (;;) {
      const words = wordsAhead();
      const end = tokens[at];
      at += 1;
      if (!end) {
        if (words.length > 0 || opened)
          throw wrong(`unexpected end of file, expecting "${words.length > 0 ? ';' : ''}" or "}"`, file, lastLine());
        return found;
      }
      const [name, ...args] = words.map(({ text: word }) => word);
      const line = words[0]?.line ?? end.line;
      if (end.text === '}') {
        if (name !== undefined || !opened) throw wrong('unexpected "}"', file, end.line);
        return found;
      }
      if (name === undefined) throw wrong(`unexpected "${end.text}"`, file, end.line);
      found.push({
        name,
        args,
        file,
        line: end.line,
        ...(end.text === '{' && { block: block(depth + 1, true), line }),
      });
    }
  }

  function wordsAhead(): Token[] {
    const words: Token[] = [];
    for (let token = tokens[at]; token?.kind === 'word'; token = tokens[at]) {
      words.push(token);
      at += 1;
    }
    return words;
  }

  const lastLine = (): number => text.split('\n').length;

  return block(0, false);
}

export function wrong(message: string, file: string, line: number): ConfigurationError {
  return new ConfigurationError(`${message} in ${file}:${line}`);
}

interface Token {
  kind: 'word' | 'mark';
  text: string;
  line: number;
}

/** A blank, a comment, a mark, a word in quotes, or a plain word. `${name}` is part of a word. */
const LEXEME =
  /(\s+)|(#[^\n]*)|([;{}])|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|((?:\$\{\w+\}|\\.|[^\s;{}"'#\\])(?:\$\{\w+\}|\\.|[^\s;{}\\])*)/gsy;

function tokenize(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  LEXEME.lastIndex = 0;
  while (LEXEME.lastIndex < text.length) {
    const found = LEXEME.exec(text);
    if (!found) throw wrong('unexpected end of file, expecting ";" or "}"', file, line);
    const [whole, , , mark, double, single, plain] = found;
    if (mark) tokens.push({ kind: 'mark', text: mark, line });
    const word = plain ?? double ?? single;
    if (word !== undefined) tokens.push({ kind: 'word', text: plain ?? word.replace(/\\(["'\\])/g, '$1'), line });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}
