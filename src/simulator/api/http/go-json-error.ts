// What Go's encoding/json says of text that is not JSON; clients print it as it comes.

/** `error` is what JSON.parse threw for `text`. */
export function goJsonError(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const token = /^Unexpected token '(.+?)', /su.exec(message)?.[1];
  if (token !== undefined) return `invalid character ${quoted(token)} looking for beginning of value`;
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined || /^Unterminated|^Unexpected end/.test(message)) return 'unexpected end of JSON input';
  const at = text[Number(position)];
  if (at === undefined) return 'unexpected end of JSON input';
  return `invalid character ${quoted(at)} ${contexts.find(([start]) => message.startsWith(start))?.[1] ?? 'looking for beginning of value'}`;
}

/** V8's wording → Go's. */
const contexts: [start: string, go: string][] = [
  ["Expected ',' or '}'", 'after object key:value pair'],
  ["Expected ',' or ']'", 'after array element'],
  ["Expected ':'", 'after object key'],
  ['Expected property name', 'looking for beginning of object key string'],
  ['Expected double-quoted', 'looking for beginning of object key string'],
  ['Bad control character', 'in string literal'],
  ['Bad escaped', 'in string escape code'],
  ['Bad Unicode', 'in \\u hexadecimal character escape'],
  ['Unexpected non-whitespace', 'after top-level value'],
  ['No number after minus', 'in numeric literal'],
  ['Exponent part', 'in exponent of numeric literal'],
  ['Unterminated fractional', 'after decimal point in numeric literal'],
];

function quoted(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
