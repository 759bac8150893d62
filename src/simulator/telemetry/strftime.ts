// Times in the way that Envoy's START_TIME(…) is told: strftime with fractions of a second, always in UTC.

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `milliseconds` since the epoch, with fractions. What is no conversion stays as it is written. */
export function strftime(milliseconds: number, format: string): string {
  const date = new Date(Math.floor(milliseconds));
  const micros = Math.floor((milliseconds - Math.floor(milliseconds / 1000) * 1000) * 1000);
  const fraction = `${String(micros).padStart(6, '0')}000`;
  return format.replace(CONVERSION, (whole, exact?: string, digits?: string, letter = '') => {
    if (exact !== undefined) return secondsWith(date, fraction, exact, letter);
    if (letter === 'f') return fraction.slice(0, digits ? Number(digits) : 9);
    return convert(date, letter) ?? whole;
  });
}

/** `%E3S` and `%E*f` are the C++ library's; `%3f` is Envoy's. */
const CONVERSION = /%(?:E([1-9*])(?=[Sf]))?([1-9])?([A-Za-z%])/g;

function secondsWith(date: Date, fraction: string, exact: string, letter: string): string {
  const digits = exact === '*' ? fraction.replace(/0+$/, '') : fraction.slice(0, Number(exact));
  if (letter === 'f') return digits || '0';
  return digits === '' ? two(date.getUTCSeconds()) : `${two(date.getUTCSeconds())}.${digits}`;
}

function convert(date: Date, letter: string): string | undefined {
  const composed = COMPOSED[letter];
  if (composed !== undefined) return composed.replace(/%(.)/g, (_, part: string) => convert(date, part) ?? '');
  return Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter]?.(date) : undefined;
}

const COMPOSED: Readonly<Record<string, string | undefined>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  c: '%a %b %e %T %Y',
  x: '%m/%d/%y',
  X: '%T',
};

const SIMPLE: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  a: (date) => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
  A: (date) => DAYS[date.getUTCDay()] ?? '',
  b: (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  h: (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  B: (date) => MONTHS[date.getUTCMonth()] ?? '',
  w: (date) => String(date.getUTCDay()),
  u: (date) => String(date.getUTCDay() || 7),
  Z: () => 'UTC',
  z: () => '+0000',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

const two = (number: number): string => String(number).padStart(2, '0');

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
