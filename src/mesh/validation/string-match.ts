import { RE2JS } from 're2js';
import { fields, quoted, text } from './findings.ts';

export function stringMatch(match: unknown, where: string): string | undefined {
  if (fields(match).prefix === '') return `${quoted(where)}: prefix string match should not be empty`;
  return regexMatch(match, where);
}

export function regexMatch(match: unknown, where: string): string | undefined {
  const { regex } = fields(match);
  if (regex === undefined) return undefined;
  const pattern = text(regex);
  return pattern === '' ? `${quoted(where)}: regex string match should not be empty` : patternProblem(pattern, where);
}

/** Why a pattern is none. */
export function patternProblem(pattern: string, where: string): string | undefined {
  if (pattern.length > 1024) return `${quoted(where)}: regex is too large, max length allowed is 1024`;
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${quoted(where)}: ${reason}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`;
  }
}
