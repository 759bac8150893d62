// Warnings about rules that no request can reach.
import { type Fields, type Findings, fields, list, number, quoted, text } from './findings.ts';

export function warnUnreachable(rules: Fields[], findings: Findings): void {
  const seen = new Map<string, string>();
  const prefixes: PrefixMatch[] = [];
  let catchAll = false;
  rules.forEach((rule, index) => {
    const name = ruleName(rule, index);
    const unused = (reason: string) => findings.warn(`virtualService rule ${name} not used (${reason})`);
    const matches = list(rule.match).map(fields);
    if (matches.length === 0) {
      if (catchAll) unused('only the last rule can have no matches');
      catchAll = true;
      return;
    }
    let duplicates = 0;
    matches.forEach((match, matchIndex) => {
      if (catchAll) {
        unused('route without matches defined before');
        return;
      }
      const { name: _, ...meaning } = match;
      const key = canonical(meaning);
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        warnIneffective(name, ruleName(match, matchIndex), earlier, findings);
        duplicates += 1;
        return;
      }
      seen.set(key, name);
      const prefix = text(fields(match.uri).prefix);
      if (prefix !== '') prefixes.push({ rule: name, match: ruleName(match, matchIndex), prefix, fields: match });
    });
    if (duplicates === matches.length) unused('all matches used by prior rules');
  });
  warnCovered(prefixes, findings);
}

interface PrefixMatch {
  rule: string;
  match: string;
  prefix: string;
  fields: Fields;
}

function warnCovered(prefixes: PrefixMatch[], findings: Findings): void {
  prefixes.forEach((former, index) => {
    for (const latter of prefixes.slice(index + 1)) {
      if (latter.prefix === former.prefix || !covers(former, latter)) continue;
      const where = `${former.match} of prefix ${former.prefix} on ${former.rule}`;
      warnIneffective(latter.rule, `${latter.match} of prefix ${latter.prefix}`, where, findings);
    }
  });
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

function warnIneffective(rule: string, match: string, earlier: string, findings: Findings): void {
  findings.warn(
    `virtualService rule ${rule} match ${match} is not used (duplicate/overlapping match in rule ${earlier})`,
  );
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
