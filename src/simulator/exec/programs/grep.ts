import { lines, type Program, type ProgramStreams } from '../program.ts';
import { define, linesOf, ProgramError, readFile } from './define.ts';
import { compile } from './expressions.ts';
import type { Options } from './options.ts';

export const grep: Program = define('grep', 'oivcqEFGPnwxhHlsm:e:A:B:C:', search, {
  'only-matching': 'o',
  'ignore-case': 'i',
  'invert-match': 'v',
  count: 'c',
  quiet: 'q',
  'line-number': 'n',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'max-count': 'm',
  color: 's',
});

async function search(options: Options, streams: ProgramStreams): Promise<number> {
  const { flags, values, rest } = options;
  const patterns = options.all('e').length > 0 ? options.all('e') : rest.splice(0, 1);
  if (patterns.length === 0) throw new ProgramError('no pattern', 2);
  const kind = { extended: flags.has('E') || flags.has('P'), fixed: flags.has('F'), ignoreCase: flags.has('i') };
  const expressions = patterns.flatMap((p) => p.split('\n')).map((p) => compile(wrapped(p, options), kind));
  const most = Number(values.get('m') ?? Number.POSITIVE_INFINITY);
  const after = Number(values.get('A') ?? values.get('C') ?? 0);
  const before = Number(values.get('B') ?? values.get('C') ?? 0);
  const many = rest.length > 1 && !flags.has('h');
  let found = 0;
  let failed = false;
  const sources = rest.length === 0 ? [undefined] : rest;
  for (const source of sources) {
    const mark = many && source !== undefined ? `${source}:` : '';
    try {
      found += await searchLines(
        mark,
        source === undefined || source === '-' ? lines(streams) : linesOf(readFile(source, streams).toString('utf8')),
      );
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      if (!flags.has('s')) streams.stderr(`grep: ${error.message}\n`);
      failed = true;
    }
  }
  return found > 0 ? 0 : failed ? 2 : 1;

  async function searchLines(mark: string, all: AsyncIterable<string> | Iterable<string>): Promise<number> {
    let matched = 0;
    let number = 0;
    let trailing = 0;
    let leading: string[] = [];
    const show = (text: string, separator = ':') =>
      streams.stdout(`${mark}${flags.has('n') ? `${number}${separator}` : ''}${text}\n`);
    for await (const line of all) {
      number += 1;
      const hit = expressions.some((e) => e.matcher(line).find()) !== flags.has('v');
      if (!hit) {
        if (trailing > 0) show(line, '-');
        trailing -= 1;
        if (before > 0) leading = [...leading, line].slice(-before);
        continue;
      }
      matched += 1;
      if (flags.has('q')) return matched;
      if (!flags.has('c') && !flags.has('l')) {
        if (before > 0) for (const l of leading) show(l, '-');
        if (flags.has('o') && !flags.has('v')) for (const piece of matches(line)) show(piece);
        else show(line);
      }
      leading = [];
      trailing = after;
      if (matched >= most) break;
    }
    if (flags.has('c')) streams.stdout(`${mark}${matched}\n`);
    if (flags.has('l') && matched > 0) streams.stdout(`${mark.slice(0, -1)}\n`);
    return matched;
  }

  function matches(line: string): string[] {
    const [first] = expressions;
    if (!first) return [];
    const matcher = (expressions.find((e) => e.matcher(line).find()) ?? first).matcher(line);
    const out: string[] = [];
    while (matcher.find()) if (matcher.group()) out.push(matcher.group() ?? '');
    return out;
  }
}

function wrapped(pattern: string, { flags }: Options): string {
  if (flags.has('F')) return pattern;
  if (flags.has('x')) return `^${pattern}$`;
  return flags.has('w') ? `\\b${pattern}\\b` : pattern;
}
