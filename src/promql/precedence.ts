// Operands and operators in a row → one expression.
import {
  type Binary,
  type BinaryOperator,
  type Expression,
  isComparison,
  isSetOperator,
  type Matching,
} from './ast.ts';
import { QueryParseError } from './errors.ts';
import { typeOf } from './type-check.ts';

export type Part =
  | { kind: 'sign'; sign: '-' | '+' }
  | { kind: 'operand'; expression: Expression; parenthesised?: true }
  | {
      kind: 'operator';
      operator: BinaryOperator;
      bool: boolean;
      matching: Matching;
      /** `on` or `ignoring` was written. */
      given: boolean;
    };

export function climb(parts: readonly Part[]): Expression {
  let next = 0;

  function operation(weakest: number): Expression {
    let left = operand();
    for (;;) {
      const part = parts[next];
      if (part?.kind !== 'operator') return left;
      const strength = strengthOf(part.operator);
      if (strength < weakest) return left;
      next++;
      const right = operation(part.operator === '^' ? strength : strength + 1);
      left = binary(left, part, right);
    }
  }

  function operand(): Expression {
    const part = parts[next];
    next++;
    if (part?.kind === 'operand') return part.expression;
    if (part?.kind !== 'sign') throw new QueryParseError('unexpected end of input');
    const expression = operation(strengthOf('^'));
    if (expression.kind === 'number') {
      return part.sign === '-' ? { kind: 'number', value: -expression.value } : expression;
    }
    return { kind: 'unary', operator: part.sign, expression };
  }

  return operation(0);
}

function strengthOf(operator: BinaryOperator): number {
  if (operator === 'or') return 1;
  if (operator === 'and' || operator === 'unless') return 2;
  if (isComparison(operator)) return 3;
  if (operator === '+' || operator === '-') return 4;
  return operator === '^' ? 6 : 5;
}

function binary(left: Expression, part: Part & { kind: 'operator' }, right: Expression): Binary {
  const { operator, bool, matching, given } = part;
  const comparison = isComparison(operator);
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  const fail = (message: string): never => {
    throw new QueryParseError(message);
  };
  if (bool && !comparison) fail('bool modifier can only be used on comparison operators');
  if (comparison && !bool && leftType === 'scalar' && rightType === 'scalar') {
    fail('comparisons between scalars must use BOOL modifier');
  }
  if (matching.mode === 'on') {
    for (const label of matching.labels) {
      if (matching.include.includes(label)) {
        fail(`label ${JSON.stringify(label)} must not occur in ON and GROUP clause at once`);
      }
    }
  }
  if (![leftType, rightType].every((type) => type === 'scalar' || type === 'vector')) {
    fail('binary expression must contain only scalar and instant vector types');
  }
  const vectors = leftType === 'vector' && rightType === 'vector';
  if (!vectors && given) fail('vector matching only allowed between instant vectors');
  if (isSetOperator(operator)) {
    if (!vectors) fail(`set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`);
    if (matching.many) fail(`no grouping allowed for ${JSON.stringify(operator)} operation`);
  }
  return { kind: 'binary', operator, left, right, bool, matching };
}
