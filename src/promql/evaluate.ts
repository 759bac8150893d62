// An expression → its values over a grid.
import { aggregate } from './aggregate.ts';
import type { Expression } from './ast.ts';
import { evaluateBinary } from './binary.ts';
import type { Budget } from './budget.ts';
import type { Evaluation, EvaluationOptions } from './evaluation.ts';
import { callFunction } from './functions.ts';
import { type Grid, mapColumns, type Value } from './grid.ts';
import { selectInstant } from './selectors.ts';

export function createEvaluation(options: EvaluationOptions, budget: Budget, bounds: Evaluation['bounds']): Evaluation {
  const evaluation: Evaluation = { options, budget, bounds, evaluate };
  return evaluation;

  function evaluate(expression: Expression, grid: Grid): Value {
    budget.spend(grid.count);
    switch (expression.kind) {
      case 'number':
        return { type: 'scalar', values: new Float64Array(grid.count).fill(expression.value) };
      case 'string':
        return { type: 'string', text: expression.value };
      case 'selector':
        return { type: 'vector', columns: selectInstant(evaluation, expression, grid) };
      case 'unary':
        return unary(expression.operator, evaluate(expression.expression, grid));
      case 'binary':
        return evaluateBinary(evaluation, expression, grid);
      case 'aggregation':
        return { type: 'vector', columns: aggregate(evaluation, expression, grid) };
      case 'call':
        return callFunction(evaluation, expression, grid);
      case 'range':
      case 'subquery':
        // Type checks let them stand only where callFunction and the query's edge take them.
        throw new TypeError('a range vector has no instant value');
    }
  }
}

function unary(operator: '-' | '+', value: Value): Value {
  if (operator === '+' || value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((v) => -v) };
  return {
    type: 'vector',
    columns: mapColumns(
      value.columns,
      (labels) => labels.withoutName(),
      (v) => -v,
    ),
  };
}
