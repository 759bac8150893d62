// The selectors of a query, for who explains it to people.
import type { Expression } from './ast.ts';
import { METRIC_NAME } from './labels.ts';
import type { MatchOperator } from './matchers.ts';
import { parse } from './parse.ts';

export interface WrittenSelector {
  /** Empty when the query names none. */
  metric: string;
  /** Written with a range: `metric[1m]`. */
  ranged: boolean;
  /** Without the metric's name. */
  matchers: { name: string; operator: MatchOperator; value: string }[];
}

/** In the order of the text. Throws QueryParseError. */
export function selectorsOf(query: string): WrittenSelector[] {
  return collect(parse(query), false);
}

function collect(expression: Expression, ranged: boolean): WrittenSelector[] {
  switch (expression.kind) {
    case 'selector': {
      const named = expression.matchers.find((m) => m.name === METRIC_NAME && m.operator === '=');
      const others = expression.matchers.filter((m) => m !== named);
      const matchers = others.map(({ name, operator, value }) => ({ name, operator, value }));
      return [{ metric: named?.value ?? '', ranged, matchers }];
    }
    case 'range':
      return collect(expression.selector, true);
    case 'call':
      return expression.args.flatMap((argument) => collect(argument, ranged));
    case 'binary':
      return [...collect(expression.left, ranged), ...collect(expression.right, ranged)];
    case 'subquery':
    case 'aggregation':
    case 'unary':
      return collect(expression.expression, ranged);
    default:
      return [];
  }
}
