// Istio's StringMatch: exact, prefix, or RE2 over the whole text.
import { fields, text } from './read.ts';
import { compileRegex } from './regex.ts';

export type Operator = 'exact' | 'prefix' | 'regex' | 'present';

export interface StringMatch {
  operator: Operator;
  /** As written. */
  value: string;
  test(actual: string): boolean;
}

/** `{}`, an unknown form and the regex `*` mean: any value, as long as there is one. */
export function compileStringMatch(spec: unknown, ignoreCase = false): StringMatch {
  const { exact, prefix, regex } = fields(spec);
  const [wholly, start, pattern] = [text(exact), text(prefix), text(regex)];
  if (wholly !== undefined) return exactMatch(wholly, ignoreCase);
  if (start !== undefined) return prefixMatch(start, ignoreCase);
  if (pattern !== undefined && pattern !== '*') return regexMatch(pattern);
  return { operator: 'present', value: '', test: () => true };
}

function exactMatch(value: string, ignoreCase: boolean): StringMatch {
  const lower = value.toLowerCase();
  const test = ignoreCase ? (s: string) => s.toLowerCase() === lower : (s: string) => s === value;
  return { operator: 'exact', value, test };
}

function prefixMatch(value: string, ignoreCase: boolean): StringMatch {
  const lower = value.toLowerCase();
  const test = ignoreCase ? (s: string) => s.toLowerCase().startsWith(lower) : (s: string) => s.startsWith(value);
  return { operator: 'prefix', value, test };
}

/** One that does not compile is refused by istiod; here it matches nothing. */
function regexMatch(value: string): StringMatch {
  const pattern = compileRegex(value);
  return { operator: 'regex', value, test: (s) => pattern?.matches(s) ?? false };
}
