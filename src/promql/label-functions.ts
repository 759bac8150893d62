// label_replace and label_join: series with other labels.
import type { RE2JS } from 're2js';
import type { Call, Expression } from './ast.ts';
import { QueryExecutionError } from './errors.ts';
import { type Column, merge } from './grid.ts';
import type { Labels } from './labels.ts';
import { compile } from './matchers.ts';

export function labelReplace({ args }: Call, columns: readonly Column[]): Column[] {
  const [, target = '', replacement = '', source = '', expression = ''] = args.map(textOf);
  const pattern = compilePattern(expression);
  if (target === '') throw new QueryExecutionError(`invalid destination label name in label_replace(): ${target}`);
  return relabelled(columns, (labels) => {
    const matcher = pattern.matcher(labels.get(source));
    if (!matcher.matches()) return labels;
    return labels.with(
      target,
      expand(replacement, pattern, (group) => matcher.group(group) ?? ''),
    );
  });
}

export function labelJoin({ args }: Call, columns: readonly Column[]): Column[] {
  const [, target = '', separator = '', ...sources] = args.map(textOf);
  if (target === '') throw new QueryExecutionError(`invalid destination label name in label_join(): ${target}`);
  return relabelled(columns, (labels) => labels.with(target, sources.map((name) => labels.get(name)).join(separator)));
}

function relabelled(columns: readonly Column[], change: (labels: Labels) => Labels): Column[] {
  return merge(columns.map((column) => ({ ...column, labels: change(column.labels) })));
}

const textOf = (expression: Expression): string => (expression.kind === 'string' ? expression.value : '');

function compilePattern(expression: string): RE2JS {
  try {
    return compile(`^(?s:${expression})$`, expression);
  } catch {
    throw new QueryExecutionError(`invalid regular expression in label_replace(): ${expression}`);
  }
}

/** Go's templates: `$1`, `${1}`, `$name`, `$$`; the longest name counts, and one that is no group stands for nothing. */
export function expand(template: string, pattern: RE2JS, group: (key: number) => string): string {
  return template.replace(/\$(\$|\{(\w+)\}|(\w+))/g, (_, whole: string, braced?: string, bare?: string) => {
    if (whole === '$') return '$';
    const name = braced ?? bare ?? '';
    if (/^\d+$/.test(name)) return Number(name) <= pattern.groupCount() ? group(Number(name)) : '';
    const named = pattern.namedGroups()[name];
    return named === undefined ? '' : group(named);
  });
}
