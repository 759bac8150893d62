// Regular expressions of grep and sed, matched in linear time whatever the pattern.
import { RE2JS } from 're2js';
import { ProgramError } from './define.ts';

export interface ExpressionKind {
  extended: boolean;
  fixed: boolean;
  ignoreCase: boolean;
}

/** Throws ProgramError for what is no expression. */
export function compile(pattern: string, { extended, fixed, ignoreCase }: ExpressionKind): RE2JS {
  const text = fixed ? RE2JS.quote(pattern) : extended ? pattern : fromBasic(pattern);
  try {
    return RE2JS.compile(text, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new ProgramError(`bad regex '${pattern}': ${error instanceof Error ? error.message : ''}`, 2);
  }
}

/** Basic expressions have their operators behind a backslash where extended ones have them bare, and the other way about. */
function fromBasic(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const c = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (c === '[') {
      const close = pattern.indexOf(']', i + (next === '^' ? 3 : 2));
      if (close < 0) return out + pattern.slice(i);
      out += pattern.slice(i, close + 1);
      i = close;
    } else if (c === '\\') {
      out += /[(){}|+?]/.test(next) ? next : c + next;
      i += 1;
    } else if (/[(){}|+?]/.test(c) || (c === '*' && (out === '' || out === '^'))) out += `\\${c}`;
    else out += c;
  }
  return out;
}
