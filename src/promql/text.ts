// Strings, numbers and durations as PromQL writes them.
import { QueryParseError } from './errors.ts';

/** A quoted string's text: escapes as in Go; none in backquotes. */
export function unquote(literal: string): string {
  const quote = literal[0] ?? '';
  if (literal.length < 2 || !literal.endsWith(quote)) throw new QueryParseError('unterminated quoted string');
  const inner = literal.slice(1, -1);
  if (quote === '`' || !inner.includes('\\')) return inner;
  return inner.replace(ESCAPE, (whole, body: string) => {
    const simple = SIMPLE_ESCAPES[body];
    if (simple !== undefined) return simple;
    if (body === quote) return quote;
    const code = /^[xuU]/.test(body)
      ? Number.parseInt(body.slice(1), 16)
      : /^[0-7]{3}$/.test(body)
        ? Number.parseInt(body, 8)
        : -1;
    if (!(code >= 0 && code <= 0x10ffff)) {
      throw new QueryParseError(
        `unknown escape sequence U+${whole.charCodeAt(1).toString(16).toUpperCase().padStart(4, '0')} '${whole.slice(1, 2)}'`,
      );
    }
    return String.fromCodePoint(code);
  });
}

const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])/g;
const SIMPLE_ESCAPES: Record<string, string | undefined> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of `1h30m`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  return total;
}

/** A number or a duration, which stands for its seconds. Undefined: neither. */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[+-]\s*/, '');
  if (digits === 'inf' || digits === '+inf' || digits === 'infinity') return sign * Infinity;
  if (digits === 'nan') return Number.NaN;
  const duration = parseDuration(digits);
  if (duration !== undefined) return (sign * duration) / 1000;
  if (digits === '') return undefined;
  const value = Number(digits.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : sign * value;
}

/** A sample as the HTTP API prints it: Go's shortest form without exponent, save for very large and small ones. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}
