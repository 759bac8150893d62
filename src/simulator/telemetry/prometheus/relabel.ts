// relabel_configs of a scrape job: from what is known of a target to the labels of its series.
import { RE2JS } from 're2js';
import { fields, items, text, texts } from '../../../mesh/read.ts';
import { expand } from '../../../promql/label-functions.ts';

export type TargetLabels = ReadonlyMap<string, string>;

/** Undefined: the target is dropped. */
export type Relabelling = (labels: TargetLabels) => TargetLabels | undefined;

interface Rule {
  action: string;
  source: readonly string[];
  separator: string;
  pattern: RE2JS;
  target: string;
  replacement: string;
}

/** Rules whose expression does not compile, or whose action nobody knows, do nothing. */
export function compileRelabelling(configs: unknown): Relabelling {
  const rules = items(configs).flatMap(readRule);
  return (labels) => {
    let current: TargetLabels | undefined = labels;
    for (const rule of rules) {
      current = apply(rule, current);
      if (!current) return undefined;
    }
    return current;
  };
}

function readRule(value: unknown): Rule[] {
  const config = fields(value);
  const expression = config.regex === undefined ? '(.*)' : String(config.regex);
  try {
    return [
      {
        action: (text(config.action) ?? 'replace').toLowerCase(),
        source: texts(config.source_labels),
        separator: text(config.separator) ?? ';',
        pattern: RE2JS.compile(`^(?s:${expression})$`),
        target: text(config.target_label) ?? '',
        replacement: config.replacement === undefined ? '$1' : String(config.replacement),
      },
    ];
  } catch {
    return [];
  }
}

function apply(
  { action, source, separator, pattern, target, replacement }: Rule,
  labels: TargetLabels,
): TargetLabels | undefined {
  const value = source.map((name) => labels.get(name) ?? '').join(separator);
  switch (action) {
    case 'keep':
      return pattern.matches(value) ? labels : undefined;
    case 'drop':
      return pattern.matches(value) ? undefined : labels;
    case 'replace': {
      const replaced = replace(pattern, value, replacement);
      const name = replace(pattern, value, target);
      return replaced === undefined || !name ? labels : withLabel(labels, name, replaced);
    }
    case 'lowercase':
      return withLabel(labels, target, value.toLowerCase());
    case 'uppercase':
      return withLabel(labels, target, value.toUpperCase());
    case 'labelmap': {
      const mapped = new Map(labels);
      for (const [name, own] of labels) {
        const other = replace(pattern, name, replacement);
        if (other) mapped.set(other, own);
      }
      return mapped;
    }
    case 'labeldrop':
      return new Map([...labels].filter(([name]) => !pattern.matches(name)));
    case 'labelkeep':
      return new Map([...labels].filter(([name]) => pattern.matches(name)));
    default:
      return labels;
  }
}

function withLabel(labels: TargetLabels, name: string, value: string): TargetLabels {
  const changed = new Map(labels);
  if (value === '') changed.delete(name);
  else changed.set(name, value);
  return changed;
}

/** Undefined: the expression does not match. */
function replace(pattern: RE2JS, value: string, template: string): string | undefined {
  const matcher = pattern.matcher(value);
  if (!matcher.matches()) return undefined;
  return expand(template, pattern, (group) => matcher.group(group) ?? '');
}
