// Programs that read lines and write lines.
import { lines, type Program } from '../program.ts';
import { define, inputText, joined, linesOf, ProgramError } from './define.ts';

function count(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number)) throw new ProgramError(`invalid number '${text}'`);
  return number;
}

/** `-5` is `-n 5`. */
const shortCount =
  (program: Program): Program =>
  (argv, streams) =>
    program(
      argv.flatMap((word) => (/^-\d+$/.test(word) ? ['-n', word.slice(1)] : [word])),
      streams,
    );

export const head: Program = shortCount(
  define('head', 'n:c:q', async ({ values, rest }, streams) => {
    const bytes = values.get('c');
    if (bytes !== undefined) {
      streams.stdout((await inputText(rest, streams)).slice(0, count(bytes, 0)));
      return;
    }
    const most = count(values.get('n'), 10);
    if (most < 0 || rest.length > 0) {
      const all = linesOf(await inputText(rest, streams));
      streams.stdout(joined(most < 0 ? all.slice(0, most) : all.slice(0, most)));
      return;
    }
    let seen = 0;
    if (most === 0) return;
    for await (const line of lines(streams)) {
      streams.stdout(`${line}\n`);
      seen += 1;
      if (seen >= most) break;
    }
  }),
);

export const tail: Program = shortCount(
  define('tail', 'n:fqc:', async ({ values, rest }, streams) => {
    const text = values.get('n') ?? '10';
    const all = linesOf(await inputText(rest, streams));
    const number = Math.abs(count(text.replace(/^\+/, ''), 10));
    streams.stdout(joined(text.startsWith('+') ? all.slice(number - 1) : number === 0 ? [] : all.slice(-number)));
  }),
);

export const wc: Program = define('wc', 'lwcm', async ({ flags, rest }, streams) => {
  const text = await inputText(rest, streams);
  const counts = {
    l: text.split('\n').length - 1,
    w: text.split(/\s+/).filter(Boolean).length,
    c: Buffer.byteLength(text),
  };
  const wanted =
    flags.size === 0
      ? (['l', 'w', 'c'] as const)
      : (['l', 'w', 'c'] as const).filter((f) => flags.has(f) || (f === 'c' && flags.has('m')));
  const numbers = wanted.map((f) => String(counts[f]));
  const shown = wanted.length === 1 ? numbers.join('') : numbers.map((n) => n.padStart(7)).join(' ');
  streams.stdout(`${[shown, ...rest.slice(0, 1)].join(' ')}\n`);
});

export const sort: Program = define('sort', 'nruk:t:', async ({ flags, values, rest }, streams) => {
  const separator = values.get('t');
  const field = Number.parseInt(values.get('k') ?? '', 10);
  const key = (line: string): string => {
    if (!Number.isInteger(field)) return line;
    return (separator === undefined ? line.trim().split(/\s+/) : line.split(separator))[field - 1] ?? '';
  };
  const plain = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const compare = (a: string, b: string) => {
    const [x, y] = [key(a), key(b)];
    return (flags.has('n') ? (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0) : plain(x, y)) || plain(a, b);
  };
  const all = linesOf(await inputText(rest, streams)).sort(compare);
  if (flags.has('r')) all.reverse();
  streams.stdout(
    joined(flags.has('u') ? all.filter((line, i) => i === 0 || key(line) !== key(all[i - 1] ?? '')) : all),
  );
});

export const uniq: Program = define('uniq', 'cdu', async ({ flags, rest }, streams) => {
  const runs: { line: string; times: number }[] = [];
  for (const line of linesOf(await inputText(rest, streams))) {
    const last = runs.at(-1);
    if (last?.line === line) last.times += 1;
    else runs.push({ line, times: 1 });
  }
  const wanted = runs.filter(({ times }) => (!flags.has('d') || times > 1) && (!flags.has('u') || times === 1));
  streams.stdout(
    joined(wanted.map(({ line, times }) => (flags.has('c') ? `${String(times).padStart(7)} ${line}` : line))),
  );
});

export const cut: Program = define('cut', 'd:f:c:s', async ({ flags, values, rest }, streams) => {
  const spec = values.get('f') ?? values.get('c');
  if (spec === undefined) throw new ProgramError('you must specify a list of bytes, characters, or fields');
  const wanted = ranges(spec);
  const delimiter = values.get('d') ?? '\t';
  const byField = values.has('f');
  const out: string[] = [];
  for (const line of linesOf(await inputText(rest, streams))) {
    if (byField && !line.includes(delimiter)) {
      if (!flags.has('s')) out.push(line);
      continue;
    }
    const parts = byField ? line.split(delimiter) : [...line];
    out.push(parts.filter((_, i) => wanted(i + 1)).join(byField ? delimiter : ''));
  }
  streams.stdout(joined(out));
});

function ranges(spec: string): (n: number) => boolean {
  const all = spec.split(',').map((part) => {
    const [from = '', to] = part.split('-');
    return [Number(from || 1), to === undefined ? Number(from) : Number(to || Number.POSITIVE_INFINITY)] as const;
  });
  return (n) => all.some(([from, to]) => n >= from && n <= to);
}

export const tr: Program = define('tr', 'ds', async ({ flags, rest }, streams) => {
  const [from, to] = [characters(rest[0] ?? ''), characters(rest[1] ?? '')];
  const map = new Map(from.map((c, i) => [c, to[Math.min(i, to.length - 1)] ?? '']));
  const squeezed = new Set(flags.has('s') ? (to.length > 0 ? to : from) : []);
  let out = '';
  for (const c of await inputText([], streams)) {
    const next = flags.has('d') ? (map.has(c) ? '' : c) : to.length === 0 ? c : (map.get(c) ?? c);
    if (next !== '' && squeezed.has(next) && out.endsWith(next)) continue;
    out += next;
  }
  streams.stdout(out);
});

const CLASSES: Record<string, string> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: ' \t\n\r',
};

function characters(text: string): string[] {
  const plain = text
    .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
    .replace(/\\([ntr\\])/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
  const out: string[] = [];
  const all = [...plain];
  for (let i = 0; i < all.length; i += 1) {
    const [from = '', dash, to] = all.slice(i, i + 3);
    if (dash !== '-' || to === undefined) {
      out.push(from);
      continue;
    }
    for (let c = from.charCodeAt(0); c <= to.charCodeAt(0) && c < 65_536; c += 1) out.push(String.fromCharCode(c));
    i += 2;
  }
  return out;
}

export const base64: Program = define(
  'base64',
  'dw:',
  async ({ flags, values, rest }, streams) => {
    const text = await inputText(rest, streams);
    if (flags.has('d')) {
      streams.stdout(Buffer.from(text, 'base64'));
      return;
    }
    const encoded = Buffer.from(text).toString('base64');
    const width = Number(values.get('w') ?? 76);
    streams.stdout(
      width > 0 ? joined(encoded.match(new RegExp(`.{1,${Math.min(width, 10_000)}}`, 'g')) ?? []) : encoded,
    );
  },
  { decode: 'd', wrap: 'w' },
);
