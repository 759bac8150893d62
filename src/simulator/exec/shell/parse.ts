// From tokens to the program they spell.
import {
  type Command,
  type Item,
  type List,
  type Pipeline,
  type Redirection,
  SyntaxProblem,
  type Token,
  type Word,
} from './syntax.ts';

/** Words that end a list when they stand where a command would. */
const CLOSERS = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', 'in']);

/** Throws SyntaxProblem. */
export function parse(tokens: Token[]): List {
  let at = 0;
  const program = list();
  if (at < tokens.length) throw unexpected();
  return program;

  function list(): List {
    const items: Item[] = [];
    for (;;) {
      skipNewlines();
      if (atEnd()) return items;
      const item: Item = { first: pipeline(), rest: [], background: false };
      for (let operator = takeOperator('&&', '||'); operator; operator = takeOperator('&&', '||')) {
        skipNewlines();
        item.rest.push({ operator: operator as '&&' | '||', pipeline: pipeline() });
      }
      items.push(item);
      const separator = takeOperator(';', '&');
      item.background = separator === '&';
      if (separator === undefined && tokens[at]?.kind !== 'newline') return items;
    }
  }

  function atEnd(): boolean {
    const token = tokens[at];
    if (!token) return true;
    if (token.kind === 'operator') return token.text === ')' || token.text === ';;';
    return token.kind === 'word' && token.plain !== undefined && CLOSERS.has(token.plain);
  }

  function pipeline(): Pipeline {
    let negated = false;
    while (isWord('!')) {
      at += 1;
      negated = !negated;
    }
    const commands = [command()];
    while (takeOperator('|')) {
      skipNewlines();
      commands.push(command());
    }
    return { commands, negated };
  }

  function command(): Command {
    const token = tokens[at];
    if (!token) throw new SyntaxProblem('end of file unexpected', true);
    const compound =
      token.kind === 'operator' && token.text === '('
        ? subshell()
        : token.kind === 'word'
          ? reserved(token.plain)
          : undefined;
    if (!compound) return simple();
    for (let r = redirection(); r; r = redirection()) compound.redirections.push(r);
    return compound;
  }

  function reserved(word: string | undefined): Command | undefined {
    switch (word) {
      case '{':
        at += 1;
        return { kind: 'group', subshell: false, body: until('}'), redirections: [] };
      case 'if':
        return conditional();
      case 'while':
      case 'until': {
        at += 1;
        const condition = until('do');
        return { kind: 'loop', until: word === 'until', condition, body: until('done'), redirections: [] };
      }
      case 'for':
        return forLoop();
      case 'case':
        return choice();
      default: {
        if (word !== undefined && CLOSERS.has(word)) throw unexpected();
        const [open, close] = [tokens[at + 1], tokens[at + 2]];
        const isFunction =
          open?.kind === 'operator' && open.text === '(' && close?.kind === 'operator' && close.text === ')';
        if (!isFunction || word === undefined) return undefined;
        at += 3;
        skipNewlines();
        return { kind: 'function', name: word, body: command(), redirections: [] };
      }
    }
  }

  function subshell(): Command {
    at += 1;
    const body = list();
    if (!takeOperator(')')) throw unexpected('")"');
    return { kind: 'group', subshell: true, body, redirections: [] };
  }

  function conditional(): Command {
    const branches: { condition: List; body: List }[] = [];
    let otherwise: List | undefined;
    do {
      at += 1;
      const condition = until('then');
      branches.push({ condition, body: list() });
    } while (isWord('elif'));
    if (isWord('else')) {
      at += 1;
      otherwise = list();
    }
    expectWord('fi');
    return { kind: 'if', branches, otherwise, redirections: [] };
  }

  function forLoop(): Command {
    at += 1;
    const name = takeWord();
    const plain = name.map((p) => (p.kind === 'text' && !p.quoted ? p.text : ' ')).join('');
    if (!/^[A-Za-z_]\w*$/.test(plain)) throw new SyntaxProblem('Bad for loop variable');
    skipNewlines();
    let words: Word[] | undefined;
    if (isWord('in')) {
      at += 1;
      words = [];
      while (tokens[at]?.kind === 'word') words.push(takeWord());
    }
    takeOperator(';');
    skipNewlines();
    expectWord('do');
    return { kind: 'for', name: plain, words, body: until('done'), redirections: [] };
  }

  function choice(): Command {
    at += 1;
    const word = takeWord();
    skipNewlines();
    expectWord('in');
    const arms: { patterns: Word[]; body: List }[] = [];
    for (skipNewlines(); !isWord('esac'); skipNewlines()) {
      takeOperator('(');
      const patterns = [takeWord()];
      while (takeOperator('|')) patterns.push(takeWord());
      if (!takeOperator(')')) throw unexpected('")"');
      arms.push({ patterns, body: list() });
      if (!takeOperator(';;')) break;
    }
    skipNewlines();
    expectWord('esac');
    return { kind: 'case', word, arms, redirections: [] };
  }

  function simple(): Command {
    const found: Command & { kind: 'simple' } = { kind: 'simple', assignments: [], words: [], redirections: [] };
    for (;;) {
      const redirected = redirection();
      if (redirected) found.redirections.push(redirected);
      else if (tokens[at]?.kind === 'word') {
        const word = takeWord();
        const assigned = found.words.length === 0 ? assignment(word) : undefined;
        if (assigned) found.assignments.push(assigned);
        else found.words.push(word);
      } else break;
    }
    if (found.words.length + found.assignments.length + found.redirections.length === 0) throw unexpected();
    return found;
  }

  function redirection(): Redirection | undefined {
    const token = tokens[at];
    if (token?.kind !== 'operator') return undefined;
    const { text, from } = token;
    if (!['<', '>', '>>', '>&', '<<', '&>'].includes(text)) return undefined;
    at += 1;
    const target = takeWord();
    if (text === '&>') return { from: -1, operator: '>', target };
    const operator = text as Redirection['operator'];
    return { from: from ?? (operator.startsWith('<') ? 0 : 1), operator, target };
  }

  function until(word: string): List {
    const body = list();
    expectWord(word);
    return body;
  }

  function takeOperator(...texts: string[]): string | undefined {
    const token = tokens[at];
    if (token?.kind !== 'operator' || !texts.includes(token.text)) return undefined;
    at += 1;
    return token.text;
  }

  function takeWord(): Word {
    const token = tokens[at];
    if (token?.kind !== 'word') throw unexpected();
    at += 1;
    return token.word;
  }

  function isWord(text: string): boolean {
    const token = tokens[at];
    return token?.kind === 'word' && token.plain === text;
  }

  function expectWord(text: string): void {
    if (!isWord(text)) throw unexpected(`"${text}"`);
    at += 1;
  }

  function skipNewlines(): void {
    while (tokens[at]?.kind === 'newline') at += 1;
  }

  function unexpected(expecting?: string): SyntaxProblem {
    const token = tokens[at];
    const wanted = expecting ? ` (expecting ${expecting})` : '';
    if (!token) return new SyntaxProblem(`end of file unexpected${wanted}`, true);
    const shown =
      token.kind === 'newline'
        ? 'newline'
        : token.kind === 'operator'
          ? `"${token.text}"`
          : token.plain === undefined
            ? 'word'
            : `"${token.plain}"`;
    return new SyntaxProblem(`${shown} unexpected${wanted}`);
  }
}

/** `NAME=value`: the name is not quoted. */
function assignment(word: Word): [string, Word] | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(first.text);
  if (!match) return undefined;
  const [, name = '', value = ''] = match;
  return [name, value === '' ? rest : [{ kind: 'text', text: value, quoted: false }, ...rest]];
}
