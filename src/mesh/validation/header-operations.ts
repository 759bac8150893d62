// Headers that a route sets, adds and removes, and the names that may stand in a match.
import { type Fields, type Findings, fields, quoted, text, texts } from './findings.ts';

export function validateHeaderOperations(headers: Fields, findings: Findings): void {
  for (const side of ['request', 'response']) {
    const { set, add, remove } = fields(headers[side]);
    for (const group of [add, set])
      for (const [name, value] of Object.entries(fields(group))) {
        findings.error(nameProblem(name, side === 'request'));
        findings.error(valueProblem(text(value)));
      }
    for (const name of texts(remove)) findings.error(nameProblem(name, false));
  }
}

/** A header of a match: pseudo-headers and claims of a token may be there too. */
export function matchedHeader(name: string): string | undefined {
  if (name === '') return EMPTY;
  if (isJwtClaim(name) || pseudoHeaders.has(name) || token.test(name)) return undefined;
  return `header name ${name} is not a valid header name`;
}

export function corsHeader(name: string): string | undefined {
  if (name === '') return EMPTY;
  return name === '*' || token.test(name) ? undefined : `header name ${name} is not a valid header name`;
}

/** `@request.auth.claims.x` and `@request.auth.claims[x]`. */
export function isJwtClaim(name: string): boolean {
  return /^@request\.auth\.claims(\..+|\[.+\])$/is.test(name);
}

const EMPTY = 'header name cannot be empty';
const token = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const pseudoHeaders = new Set([':method', ':scheme', ':authority', ':path', ':status']);

function nameProblem(name: string, authorityAllowed: boolean): string | undefined {
  if (name === '') return EMPTY;
  if (authorityAllowed && /^(:authority|host)$/i.test(name)) return undefined;
  if (/^host$/i.test(name)) return `invalid header ${quoted(name)}: cannot set Host header`;
  return name.startsWith(':') ? `invalid header ${quoted(name)}: header cannot have ":" prefix` : undefined;
}

function valueProblem(value: string): string | undefined {
  if ([...value].some((c) => (c < ' ' && c !== '\t') || c === '\u007f'))
    return `header value configuration ${value} is invalid`;
  const problem = formatProblem(value);
  return problem && `header value configuration: invalid header configuration. ${problem}`;
}

type State =
  | 'literal'
  | 'variable'
  | 'array'
  | 'element'
  | 'string'
  | 'after element'
  | 'arguments end'
  | 'variable end';

/** `%VARIABLE%`, `%VARIABLE(argument)%` and `%%`: a parser of Envoy's command operators that knows no operator. */
function formatProblem(value: string): string | undefined {
  let state: State = 'literal';
  for (let at = 0; at < value.length; at += 1) {
    const c = value[at] ?? '';
    if (state === 'literal') {
      if (c !== '%') continue;
      if (at + 1 === value.length) return 'Un-escaped %';
      if (value[at + 1] === '%') at += 1;
      else state = 'variable';
    } else if (state === 'string' && c === '\\') {
      if (at + 1 === value.length) return 'Un-terminated backslash in JSON string';
      at += 1;
    } else {
      const next = steps[state as Exclude<State, 'literal'>](c);
      if (typeof next === 'object') return next.problem;
      state = next;
    }
  }
  return state === 'literal' ? undefined : `Un-terminated variable expression '${value}'`;
}

interface Problem {
  problem: string;
}

const steps: Record<Exclude<State, 'literal'>, (c: string) => State | Problem> = {
  variable: (c) => (c === '%' ? 'literal' : c === '(' ? 'array' : 'variable'),
  array: (c) => (c === '[' ? 'element' : c === ' ' ? 'array' : 'string'),
  element: (c) => (c === '"' ? 'string' : c === ' ' ? 'element' : { problem: `Expecting '"'` }),
  string: (c) => (c === ')' ? 'variable end' : c === '"' ? 'after element' : 'string'),
  'after element': (c) => {
    if (c === ',') return 'element';
    if (c === ']') return 'arguments end';
    return c === ' ' ? 'after element' : { problem: `Expecting ',', ']', or whitespace` };
  },
  'arguments end': (c) => {
    if (c === ')') return 'variable end';
    return c === ' ' ? 'arguments end' : { problem: `Expecting ')' or whitespace after '{}', but found '{}'` };
  },
  'variable end': (c) => {
    if (c === '%') return 'literal';
    return c === ' ' ? 'variable end' : { problem: `Expecting '%' or whitespace after` };
  },
};
