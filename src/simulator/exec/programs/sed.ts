// The part of sed that one-liners use: s///, p, d, q; addresses by line and by expression; -n and -E.
import type { Program } from '../program.ts';
import { define, inputText, linesOf, ProgramError } from './define.ts';
import { compile, type ExpressionKind } from './expressions.ts';

type Matches = (line: string, number: number, last: boolean) => boolean;

interface Command {
  applies: Matches;
  name: string;
  replace(line: string): { line: string; changed: boolean };
  print: boolean;
}

export const sed: Program = define('sed', 'nEre:', async (options, streams) => {
  const { flags, rest } = options;
  const scripts = options.all('e').length > 0 ? options.all('e') : rest.splice(0, 1);
  if (scripts.length === 0) throw new ProgramError('no script specified');
  const extended = flags.has('E') || flags.has('r');
  const commands = scripts.flatMap((script) => parseScript(script, { extended, fixed: false, ignoreCase: false }));
  const all = linesOf(await inputText(rest, streams));
  for (const [i, source] of all.entries()) {
    let line = source;
    let deleted = false;
    let quit = false;
    for (const command of commands) {
      if (deleted || quit || !command.applies(line, i + 1, i === all.length - 1)) continue;
      if (command.name === 'd') deleted = true;
      else if (command.name === 'q') quit = true;
      else if (command.name === 'p') streams.stdout(`${line}\n`);
      else {
        const result = command.replace(line);
        line = result.line;
        if (result.changed && command.print) streams.stdout(`${line}\n`);
      }
    }
    if (!deleted && !flags.has('n')) streams.stdout(`${line}\n`);
    if (quit) break;
  }
});

function parseScript(script: string, kind: ExpressionKind): Command[] {
  const commands: Command[] = [];
  let rest = script.trim();
  while (rest !== '') {
    const { applies, length } = address(rest, kind);
    rest = rest.slice(length).trimStart();
    const name = rest.charAt(0);
    const same = (line: string) => ({ line, changed: false });
    if (name === 's') {
      const found = substitution(rest, kind);
      commands.push({ applies, name, replace: found.replace, print: found.print });
      rest = rest.slice(found.length);
    } else if (name !== '' && 'pdq'.includes(name)) {
      commands.push({ applies, name, replace: same, print: false });
      rest = rest.slice(1);
    } else throw new ProgramError(`unsupported command ${name}`);
    rest = rest.replace(/^[\s;]+/, '');
  }
  return commands;
}

function address(text: string, kind: ExpressionKind): { applies: Matches; length: number } {
  const one = single(text, kind);
  if (!one) return { applies: () => true, length: 0 };
  if (text.charAt(one.length) !== ',') return { applies: one.matches, length: one.length };
  const two = single(text.slice(one.length + 1), kind);
  if (!two) throw new ProgramError('unexpected ,');
  let inside = false;
  return {
    length: one.length + 1 + two.length,
    applies(line, number, last) {
      if (!inside) {
        inside = one.matches(line, number, last);
        if (inside && two.line !== undefined && two.line <= number) {
          inside = false;
          return true;
        }
        return inside;
      }
      if (two.matches(line, number, last)) inside = false;
      return true;
    },
  };
}

function single(text: string, kind: ExpressionKind): { matches: Matches; length: number; line?: number } | undefined {
  const line = /^\d+/.exec(text)?.[0];
  if (line) return { matches: (_l, number) => number === Number(line), length: line.length, line: Number(line) };
  if (text.startsWith('$')) return { matches: (_l, _n, last) => last, length: 1 };
  if (!text.startsWith('/')) return undefined;
  const end = closing(text, 1, '/');
  const expression = compile(text.slice(1, end), kind);
  return { matches: (l) => expression.matcher(l).find(), length: end + 1 };
}

function substitution(text: string, kind: ExpressionKind) {
  const mark = text.charAt(1);
  const middle = closing(text, 2, mark);
  const end = closing(text, middle + 1, mark);
  const options = /^[gpiI]*/.exec(text.slice(end + 1))?.[0] ?? '';
  const pattern = text.slice(2, middle).replaceAll(`\\${mark}`, mark);
  const expression = compile(pattern, { ...kind, ignoreCase: /i/i.test(options) });
  const replacement = text.slice(middle + 1, end).replaceAll(`\\${mark}`, mark);
  return {
    print: options.includes('p'),
    length: end + 1 + options.length,
    replace(line: string) {
      const matcher = expression.matcher(line);
      let out = '';
      let at = 0;
      let changed = false;
      while (matcher.find()) {
        changed = true;
        out += line.slice(at, matcher.start()) + filled(replacement, (n) => matcher.group(n) ?? '');
        at = matcher.end();
        if (!options.includes('g')) break;
      }
      return { line: out + line.slice(at), changed };
    },
  };
}

function filled(replacement: string, group: (n: number) => string): string {
  return replacement.replace(/\\(\d)|\\n|\\(.)|&/g, (whole, number?: string, escaped?: string) => {
    if (number !== undefined) return safely(() => group(Number(number)));
    if (whole === '&') return group(0);
    return whole === '\\n' ? '\n' : (escaped ?? '');
  });
}

/** A group that the expression does not have is empty. */
function safely(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function closing(text: string, from: number, mark: string): number {
  for (let i = from; i < text.length; i += 1) {
    if (text.charAt(i) === '\\') i += 1;
    else if (text.charAt(i) === mark) return i;
  }
  throw new ProgramError('unterminated expression');
}
