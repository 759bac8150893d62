// `name="value"`, `!=`, `=~`, `!~`. Regular expressions are RE2's, over the whole value: they take linear time.
import { RE2JS } from 're2js';
import { QueryParseError } from './errors.ts';
import type { Labels } from './labels.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  name: string;
  operator: MatchOperator;
  value: string;
  matches(value: string): boolean;
}

/** Throws QueryParseError for an expression that does not compile. */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  return { name, operator, value, matches: testOf(operator, value) };
}

export function acceptsAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.matches(labels.get(matcher.name)));
}

/** The test of a whole value against a regular expression. */
export function compileWhole(expression: string): (value: string) => boolean {
  if (PLAIN.test(expression)) {
    const values = new Set(expression.split('|'));
    return (value) => values.has(value);
  }
  const pattern = compile(`^(?s:${expression})$`, expression);
  return remembered((value) => pattern.matches(value));
}

/** Throws QueryParseError. `whole` is what is compiled, `shown` what the client wrote. */
export function compile(whole: string, shown: string): RE2JS {
  try {
    return RE2JS.compile(whole);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new QueryParseError(`error parsing regexp: ${reason.replace(/^error parsing regexp: /, '')}: \`${shown}\``);
  }
}

/** Alternatives without any sign of a regular expression. */
const PLAIN = /^[\w/:@%&=, "'<>~#!;-]*(\|[\w/:@%&=, "'<>~#!;-]*)*$/;

function testOf(operator: MatchOperator, value: string): (value: string) => boolean {
  switch (operator) {
    case '=':
      return (other) => other === value;
    case '!=':
      return (other) => other !== value;
    case '=~':
      return compileWhole(value);
    case '!~': {
      const matches = compileWhole(value);
      return (other) => !matches(other);
    }
  }
}

/** A query tests few values often. */
const MOST_REMEMBERED = 10_000;

function remembered(test: (value: string) => boolean): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    let result = known.get(value);
    if (result === undefined) {
      result = test(value);
      if (known.size < MOST_REMEMBERED) known.set(value, result);
    }
    return result;
  };
}
