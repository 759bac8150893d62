// Rules and matches that no request can reach, because of those before them.
import { type Fields, type Findings, fields, list, number, quoted, text } from './findings.ts';

export type Unreached = { index: number; rule: string } & (
  | { reason: string }
  | { matchIndex: number; match: string; earlier: string }
);

export function warnUnreachable(rules: Fields[], findings: Findings): void {
  for (const found of unreached(rules)) findings.warn(`virtualService rule ${sentence(found)}`);
}

/** Without its beginning and its full stop, which the webhook does not write. */
export function sentence(found: Unreached): string {
  if ('reason' in found) return `${found.rule} not used (${found.reason})`;
  return `${found.rule} match ${found.match} is not used (duplicate/overlapping match in rule ${found.earlier})`;
}

export function unreached(rules: Fields[]): Unreached[] {
  const all: Unreached[] = [];
  const seen = new Map<string, string>();
  const prefixes: PrefixMatch[] = [];
  let catchAll = false;
  rules.forEach((route, index) => {
    const rule = ruleName(route, index);
    const unused = (reason: string) => all.push({ index, rule, reason });
    const matches = list(route.match).map(fields);
    if (matches.length === 0) {
      if (catchAll) unused('only the last rule can have no matches');
      catchAll = true;
      return;
    }
    let duplicates = 0;
    matches.forEach((condition, matchIndex) => {
      if (catchAll) {
        unused('route without matches defined before');
        return;
      }
      const { name: _, ...meaning } = condition;
      const key = canonical(meaning);
      const match = ruleName(condition, matchIndex);
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        all.push({ index, rule, matchIndex, match, earlier });
        duplicates += 1;
        return;
      }
      seen.set(key, rule);
      const prefix = text(fields(condition.uri).prefix);
      if (prefix !== '') prefixes.push({ index, rule, matchIndex, match, prefix, fields: condition });
    });
    if (duplicates === matches.length) unused('all matches used by prior rules');
  });
  return [...all, ...coveredMatches(prefixes)];
}

interface PrefixMatch {
  index: number;
  matchIndex: number;
  rule: string;
  match: string;
  prefix: string;
  fields: Fields;
}

function coveredMatches(prefixes: PrefixMatch[]): Unreached[] {
  return prefixes.flatMap((former, position) =>
    prefixes
      .slice(position + 1)
      .filter((latter) => latter.prefix !== former.prefix && covers(former, latter))
      .map(({ index, rule, matchIndex, match, prefix }) => ({
        index,
        rule,
        matchIndex,
        match: `${match} of prefix ${prefix}`,
        earlier: `${former.match} of prefix ${former.prefix} on ${former.rule}`,
      })),
  );
}

function covers(former: PrefixMatch, latter: PrefixMatch): boolean {
  if (!latter.prefix.startsWith(former.prefix)) return false;
  const [a, b] = [former.fields, latter.fields];
  if (number(a.port) !== number(b.port)) return false;
  if (!condition(a.method, 'exact:GET').startsWith(condition(b.method, 'exact:GET'))) return false;
  if (!condition(a.authority).startsWith(condition(b.authority))) return false;
  return ['headers', 'queryParams', 'withoutHeaders'].every((group) => {
    const [mine, theirs] = [fields(a[group]), fields(b[group])];
    const names = Object.keys(mine);
    if (names.length !== Object.keys(theirs).length) return false;
    return names.every((n) => n in theirs && condition(mine[n]).startsWith(condition(theirs[n])));
  });
}

function condition(match: unknown, otherwise = ''): string {
  const { exact, prefix } = fields(match);
  if (exact) return `exact:${exact}`;
  return prefix ? `prefix:${prefix}` : otherwise;
}

const ruleName = (rule: Fields, index: number) => (text(rule.name) ? quoted(text(rule.name)) : `#${index}`);

/** The same text for the same match, whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}
