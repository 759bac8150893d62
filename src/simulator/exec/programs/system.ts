// Programs about the system, and the small ones that scripts are made of.
import { posix } from 'node:path';
import { type Program, readAllText } from '../program.ts';
import { arithmetic } from '../shell/arithmetic.ts';
import { define, joined, ProgramError } from './define.ts';

export const success: Program = async () => 0;
export const failure: Program = async () => 1;

export const echo: Program = async (argv, { stdout }) => {
  let words = argv;
  const flags = new Set<string>();
  while (words[0] !== undefined && /^-[neE]+$/.test(words[0])) {
    for (const letter of words[0].slice(1)) flags.add(letter);
    words = words.slice(1);
  }
  const text = words.join(' ');
  stdout(`${flags.has('e') ? unescaped(text) : text}${flags.has('n') ? '' : '\n'}`);
  return 0;
};

export const printf: Program = async ([format = '', ...args], { stdout }) => {
  const values = [...args];
  let out = '';
  do {
    const before = values.length;
    out += unescaped(format).replace(
      /%(-?0?\d*)(?:\.(\d+))?([sdiufxc%])/g,
      (_, size: string, precision: string | undefined, kind: string) => {
        if (kind === '%') return '%';
        return padded(formatted(kind, values.shift() ?? '', precision), size);
      },
    );
    if (values.length === before) break;
  } while (values.length > 0 && out.length < 1024 * 1024);
  stdout(out);
  return 0;
};

function formatted(kind: string, value: string, precision: string | undefined): string {
  switch (kind) {
    case 's':
      return precision === undefined ? value : value.slice(0, Number(precision));
    case 'c':
      return value.slice(0, 1);
    case 'f':
      return (Number(value) || 0).toFixed(Math.min(20, Number(precision ?? 6)));
    case 'x':
      return Math.trunc(Number(value) || 0).toString(16);
    default:
      return String(Math.trunc(Number(value) || 0));
  }
}

function padded(text: string, size: string): string {
  const width = Math.min(1_000, Math.abs(Number(size) || 0));
  if (size.startsWith('-')) return text.padEnd(width);
  return text.padStart(width, size.startsWith('0') ? '0' : ' ');
}

function unescaped(text: string): string {
  return text.replace(
    /\\([ntr\\"'ab])/g,
    (_, c: string) => ({ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b' })[c] ?? c,
  );
}

export const env: Program = async (argv, streams) => {
  const own: Record<string, string> = { ...streams.env };
  let at = 0;
  for (; at < argv.length; at += 1) {
    const [name = '', value] = (argv[at] ?? '').split(/=(.*)/s);
    if (value === undefined) break;
    own[name] = value;
  }
  const [name, ...rest] = argv.slice(at);
  if (name === undefined) {
    streams.stdout(joined(Object.entries(own).map(([n, v]) => `${n}=${v}`)));
    return 0;
  }
  const program = streams.machine.program(name);
  if (program) return program(rest, { ...streams, env: own });
  streams.stderr(`env: can't execute '${name}': No such file or directory\n`);
  return 127;
};

export const printenv: Program = async ([name], { env: all, stdout }) => {
  if (name === undefined) stdout(joined(Object.entries(all).map(([n, v]) => `${n}=${v}`)));
  else if (Object.hasOwn(all, name)) stdout(`${all[name]}\n`);
  else return 1;
  return 0;
};

export const hostname: Program = define('hostname', 'ifs', ({ flags }, { machine, stdout }) => {
  const { podIP = '' } = (machine.pod.status ?? {}) as { podIP?: string };
  stdout(`${flags.has('i') ? podIP : machine.hostname}\n`);
});

export const whoami: Program = async (_argv, { machine, stdout }) => {
  stdout(`${machine.image.user.name}\n`);
  return 0;
};

export const id: Program = define('id', 'ugn', ({ flags }, { machine, stdout }) => {
  const { name, uid, gid } = machine.image.user;
  if (flags.has('u')) stdout(`${flags.has('n') ? name : uid}\n`);
  else if (flags.has('g')) stdout(`${flags.has('n') ? name : gid}\n`);
  else stdout(`uid=${uid}(${name}) gid=${gid}(${name}) groups=${gid}(${name})\n`);
});

export const uname: Program = define('uname', 'asrnmvo', ({ flags }, { machine, stdout }) => {
  const all = { s: 'Linux', n: machine.hostname, r: '6.12.0-malla', v: '#1 SMP', m: 'x86_64', o: 'GNU/Linux' };
  const letters = (Object.keys(all) as (keyof typeof all)[]).filter((l) => flags.has('a') || flags.has(l));
  stdout(`${(letters.length > 0 ? letters : (['s'] as const)).map((l) => all[l]).join(' ')}\n`);
});

export const date: Program = define('date', 'uRId:', ({ flags, rest }, { machine, stdout }) => {
  const now = new Date(machine.context?.clock.now() ?? 0);
  const iso = now.toISOString();
  const [day = '', month = ''] = [DAYS[now.getUTCDay()], MONTHS[now.getUTCMonth()]];
  const time = iso.slice(11, 19);
  const format = rest.find((word) => word.startsWith('+'))?.slice(1);
  if (format === undefined) {
    stdout(
      flags.has('I')
        ? `${iso.slice(0, 10)}\n`
        : `${day} ${month} ${String(now.getUTCDate()).padStart(2)} ${time} UTC ${now.getUTCFullYear()}\n`,
    );
    return;
  }
  const parts: Record<string, string> = {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: time,
    s: String(Math.floor(now.getTime() / 1000)),
    N: `${iso.slice(20, 23)}000000`,
    Z: 'UTC',
    a: day,
    b: month,
    '%': '%',
  };
  stdout(`${format.replace(/%([YmdHMSFTsNZab%])/g, (_, c: string) => parts[c] ?? '')}\n`);
});

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** The longest wait a timer can keep, in seconds. */
const LONGEST = 2_000_000;

export const sleep: Program = async (argv, { machine, signal, stderr }) => {
  let seconds = 0;
  for (const word of argv) {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?|\.\d+|infinity)([smhd]?)$/.exec(word) ?? [];
    if (amount === undefined) {
      stderr(`sleep: invalid number '${word}'\n`);
      return 1;
    }
    seconds += amount === 'infinity' ? LONGEST : Number(amount) * (UNITS[unit] ?? 1);
  }
  if (argv.length === 0) {
    stderr('sleep: missing operand\n');
    return 1;
  }
  const { clock } = machine.context ?? {};
  if (!clock) return 0;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(Math.min(seconds, LONGEST) * 1000, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = (): void => {
      cancel();
      resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return 0;
};

const MOST_NUMBERS = 1_000_000;

export const seq: Program = async (argv, streams) => {
  const words = argv.filter((w) => w !== '-w');
  const numbers = words.map(Number);
  const [first = 1, step = 1, last = 0] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers;
  if (numbers.length === 0 || numbers.length > 3 || numbers.some(Number.isNaN) || step === 0) {
    streams.stderr('seq: invalid number\n');
    return 1;
  }
  const count = Math.min(MOST_NUMBERS, Math.floor((last - first) / step) + 1);
  for (let i = 0; i < count; i += 1) {
    streams.stdout(`${first + i * step}\n`);
    if (i % 1_000 === 999) {
      await streams.drained();
      if (streams.signal.aborted) return 141;
    }
  }
  return 0;
};

export const which: Program = async (argv, { machine, stdout }) => {
  const found = argv.filter((name) => machine.program(name));
  stdout(joined(found.map((name) => `/usr/bin/${name}`)));
  return found.length === argv.length ? 0 : 1;
};

export const pwd: Program = async (_argv, { cwd, stdout }) => {
  stdout(`${cwd}\n`);
  return 0;
};

export const nproc: Program = async (_argv, { stdout }) => {
  stdout('1\n');
  return 0;
};

export const basename: Program = async ([path = '', suffix], { stdout }) => {
  stdout(`${posix.basename(path, suffix)}\n`);
  return 0;
};

export const dirname: Program = async ([path = ''], { stdout }) => {
  stdout(`${posix.dirname(path)}\n`);
  return 0;
};

export const ps: Program = async (_argv, { machine, stdout }) => {
  const { name } = machine.image.user;
  stdout(
    `PID   USER     TIME  COMMAND\n    1 ${name.padEnd(8)}  0:00 ${machine.context?.containerName ?? 'pause'}\n    7 ${name.padEnd(8)}  0:00 ps\n`,
  );
  return 0;
};

export const expr: Program = async (argv, { stdout, stderr }) => {
  try {
    const value =
      argv.length === 1
        ? (argv[0] ?? '')
        : String(arithmetic(argv.join(' ').replace(/(^|\s)=(\s|$)/g, '$1==$2'), () => ''));
    stdout(`${value}\n`);
    return value === '0' || value === '' ? 1 : 0;
  } catch {
    stderr('expr: syntax error\n');
    return 2;
  }
};

export const xargs: Program = define('xargs', '+n:I:0r', async ({ values, rest }, streams) => {
  const text = await readAllText(streams);
  const place = values.get('I');
  const words = place === undefined ? text.split(/\s+/).filter(Boolean) : text.split('\n').filter(Boolean);
  const size = place === undefined ? Number(values.get('n') ?? words.length) || 1 : 1;
  const [name = 'echo', ...fixed] = rest;
  const program = streams.machine.program(name);
  if (!program) throw new ProgramError(`${name}: No such file or directory`, 127);
  let code = 0;
  for (let i = 0; i < words.length && !streams.signal.aborted; i += size) {
    const some = words.slice(i, i + size);
    const argv = place === undefined ? [...fixed, ...some] : fixed.map((w) => w.replaceAll(place, some[0] ?? ''));
    if ((await program(argv, streams)) !== 0) code = 123;
  }
  return code;
});
