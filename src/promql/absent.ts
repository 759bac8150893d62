// absent(…) and absent_over_time(…): 1 where the other gives nothing, with the labels that its selector demands.
import type { Call, Expression, VectorSelector } from './ast.ts';
import { type Column, emptyColumn, type Grid } from './grid.ts';
import { Labels, METRIC_NAME } from './labels.ts';

export function absent({ args }: Call, there: readonly Column[], grid: Grid): Column[] {
  const column = emptyColumn(labelsOf(args[0]), grid.count);
  for (let i = 0; i < grid.count; i++) {
    if (there.some(({ present }) => present[i])) continue;
    column.present[i] = 1;
    column.values[i] = 1;
  }
  return [column];
}

function labelsOf(expression: Expression | undefined): Labels {
  const selector = selectorOf(expression);
  if (!selector) return Labels.none;
  const others = selector.matchers.filter(({ name }) => name !== METRIC_NAME);
  const certain = others.filter(
    ({ name, operator }) => operator === '=' && others.filter((other) => other.name === name).length === 1,
  );
  return Labels.of(certain.map(({ name, value }) => [name, value]));
}

function selectorOf(expression: Expression | undefined): VectorSelector | undefined {
  if (expression?.kind === 'selector') return expression;
  return expression?.kind === 'range' ? expression.selector : undefined;
}
