// Operations of two values: numbers, a number and a vector, two vectors matched by labels.
import { type Binary, isComparison, isSetOperator } from './ast.ts';
import { compute } from './compute.ts';
import type { Evaluation } from './evaluation.ts';
import { type Column, emptyColumn, type Grid, merge, type Value } from './grid.ts';
import { matchVectors } from './match-vectors.ts';
import { combineSets } from './set-operations.ts';

export function evaluateBinary(evaluation: Evaluation, binary: Binary, grid: Grid): Value {
  const left = evaluation.evaluate(binary.left, grid);
  const right = evaluation.evaluate(binary.right, grid);
  if (left.type === 'vector' && right.type === 'vector') {
    evaluation.budget.spend((left.columns.length + right.columns.length) * grid.count);
    const columns = isSetOperator(binary.operator)
      ? combineSets(binary.operator, binary.matching, left.columns, right.columns)
      : matchVectors(evaluation, binary, left.columns, right.columns, grid);
    return { type: 'vector', columns };
  }
  if (left.type === 'scalar' && right.type === 'scalar') {
    const { values } = right;
    return { type: 'scalar', values: left.values.map((v, i) => compute(binary.operator, v, values[i] ?? 0)) };
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    return { type: 'vector', columns: withScalar(binary, left.columns, right.values, false) };
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    return { type: 'vector', columns: withScalar(binary, right.columns, left.values, true) };
  }
  throw new TypeError('an operation on a string');
}

/** A comparison without `bool` keeps the vector's own value, and its name. */
function withScalar(
  { operator, bool }: Binary,
  columns: readonly Column[],
  scalars: Float64Array,
  swapped: boolean,
): Column[] {
  const filters = isComparison(operator) && !bool;
  const results = columns.map(({ labels, values, present }) => {
    const column = emptyColumn(filters ? labels : labels.withoutName(), values.length);
    for (let i = 0; i < values.length; i++) {
      if (!present[i]) continue;
      const [own, scalar] = [values[i] ?? 0, scalars[i] ?? 0];
      const result = swapped ? compute(operator, scalar, own) : compute(operator, own, scalar);
      if (filters && result === 0) continue;
      column.present[i] = 1;
      column.values[i] = filters ? own : result;
    }
    return column;
  });
  return filters ? results : merge(results);
}
