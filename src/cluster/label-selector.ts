// Label selectors in kubectl's syntax, read here to compare them with templates that have no pods yet.
import type { Labels } from './labels.ts';

type Requirement = (labels: Labels) => boolean;

/** Matches nothing when the text is not a selector: the server refuses such a check before. */
export function parseSelector(text: string): (labels: Labels | undefined) => boolean {
  const requirements = split(text).map(parseRequirement);
  return (labels) => requirements.every((r) => r?.(labels ?? {}) ?? false);
}

/** The `key=value` parts alone. */
export function equalities(text: string): Labels {
  return Object.fromEntries(
    split(text).flatMap((part) => {
      const found = /^([^!=\s]+)\s*==?\s*(\S+)$/.exec(part);
      return found ? [[found[1] ?? '', found[2] ?? '']] : [];
    }),
  );
}

/** At the commas that are not inside parentheses. */
function split(text: string): string[] {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  return parts.map((p) => p.trim()).filter(Boolean);
}

function parseRequirement(text: string): Requirement | undefined {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((v) => v.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const comparison = /^([^!=\s]+)\s*(!=|==?)\s*(\S*)$/.exec(text);
  if (comparison) {
    const [, key = '', operator, value = ''] = comparison;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const presence = /^(!?)\s*([^!=\s]+)$/.exec(text);
  return presence ? (labels) => (labels[presence[2] ?? ''] === undefined) === (presence[1] === '!') : undefined;
}
