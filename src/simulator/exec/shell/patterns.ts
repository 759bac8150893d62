// Patterns of the shell: `*`, `?`, `[…]`. Matched without backtracking more than the pattern's stars.

/** What is between quotes stands for itself: it comes with a backslash before each character. */
export function matchesPattern(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const end = p < pattern.length && pattern[p] !== '*' ? matchOne(pattern, p, text.charAt(t)) : undefined;
    if (end !== undefined) {
      p = end;
      t += 1;
    } else if (pattern[p] === '*') {
      star = p;
      mark = t;
      p += 1;
    } else if (star >= 0) {
      mark += 1;
      t = mark;
      p = star + 1;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Index after the piece of the pattern that matches the character. */
function matchOne(pattern: string, at: number, character: string): number | undefined {
  const c = pattern.charAt(at);
  if (c === '?') return at + 1;
  if (c === '\\') return pattern.charAt(at + 1) === character ? at + 2 : undefined;
  if (c === '[') {
    const close = pattern.indexOf(']', at + 2);
    if (close > 0) return inClass(pattern.slice(at + 1, close), character) ? close + 1 : undefined;
  }
  return c === character ? at + 1 : undefined;
}

function inClass(text: string, character: string): boolean {
  const negated = text.startsWith('!') || text.startsWith('^');
  const members = negated ? text.slice(1) : text;
  let found = false;
  for (let i = 0; i < members.length; i += 1) {
    const from = members.charAt(i);
    if (members.charAt(i + 1) === '-' && i + 2 < members.length) {
      found ||= from <= character && character <= members.charAt(i + 2);
      i += 2;
    } else found ||= from === character;
  }
  return found !== negated;
}

export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

export function isPattern(text: string): boolean {
  return /(^|[^\\])[*?[]/.test(text);
}
