// IST0130 and IST0131: rules and matches of a VirtualService that no request can reach.
import type { KubeObject } from '../objects.ts';
import { fields, items, text } from '../read.ts';
import { type Finding, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function unusedRules({ virtualServices }: Scene): Finding[] {
  return virtualServices.flatMap(unusedRulesOf);
}

interface PlainPrefix {
  rule: string;
  match: string;
  prefix: string;
}

function unusedRulesOf(object: KubeObject): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  const prefixes: PlainPrefix[] = [];
  let open = false;

  for (const [index, item] of items(fields(object.spec).http).entries()) {
    const rule = fields(item);
    const name = nameOf(rule.name, index);
    const path = `spec.http[${index}]`;
    const matches = items(rule.match);
    if (matches.length === 0) {
      if (open) findings.push(unusedRule(object, path, name, 'only the last rule can have no matches'));
      open = true;
      continue;
    }
    let repeated = 0;
    for (const [at, match] of matches.entries()) {
      const key = canonical(match);
      const before = seen.get(key);
      const own = nameOf(fields(match).name, at);
      if (before !== undefined) {
        repeated += 1;
        findings.push(unusedMatch(object, `${path}.match[${at}]`, `${name} match ${own}`, `rule ${before}`));
        continue;
      }
      seen.set(key, name);
      const prefix = onlyPrefix(match);
      if (prefix === undefined) continue;
      const wider = prefixes.find((p) => prefix.startsWith(p.prefix));
      if (wider) {
        const here = `${name} match ${own} of prefix ${prefix}`;
        const there = `rule ${wider.rule} of prefix ${wider.prefix} on ${wider.match}`;
        findings.push(unusedMatch(object, `${path}.match[${at}]`, here, there));
      }
      prefixes.push({ rule: name, match: own, prefix });
    }
    if (open) findings.push(unusedRule(object, path, name, 'route without matches defined before'));
    else if (repeated === matches.length) {
      findings.push(unusedRule(object, path, name, 'all matches used by prior rules'));
    }
  }
  return findings;
}

function unusedRule(object: KubeObject, path: string, name: string, why: string): Finding {
  const text = `VirtualService rule ${name} not used (${why}).`;
  return { code: 'IST0130', level: 'Warning', object: sourceOf(object, path), text };
}

function unusedMatch(object: KubeObject, path: string, here: string, there: string): Finding {
  const text = `VirtualService rule ${here} is not used (duplicate/overlapping match in ${there}).`;
  return { code: 'IST0131', level: 'Info', object: sourceOf(object, path), text };
}

function nameOf(name: unknown, index: number): string {
  return text(name) ? `"${text(name)}"` : `#${index}`;
}

/** The prefix of a match that asks for nothing else. */
function onlyPrefix(match: unknown): string | undefined {
  const { name: _, ...conditions } = fields(match);
  if (Object.keys(conditions).join() !== 'uri') return undefined;
  const uri = fields(conditions.uri);
  return Object.keys(uri).join() === 'prefix' ? text(uri.prefix) : undefined;
}

/** The same text for the same conditions, in whatever order they are written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`;
}
