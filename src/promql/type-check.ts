// Which kinds of value go where, checked before anything is computed.
import type { Aggregation, Call, Expression, ValueType } from './ast.ts';
import { QueryParseError } from './errors.ts';
import { signatures } from './signatures.ts';

export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'range':
    case 'subquery':
      return 'matrix';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'call':
      return signatures.get(expression.name)?.returns ?? 'vector';
    case 'unary':
      return typeOf(expression.expression);
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar' ? 'scalar' : 'vector';
  }
}

/** Throws QueryParseError. */
export function typeCheck(expression: Expression): void {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return;
    case 'selector':
      if (expression.matchers.every((matcher) => matcher.matches(''))) {
        throw new QueryParseError('vector selector must contain at least one non-empty matcher');
      }
      return;
    case 'range':
      typeCheck(expression.selector);
      return;
    case 'subquery':
      typeCheck(expression.expression);
      if (typeOf(expression.expression) !== 'vector') {
        const got = NAMES[typeOf(expression.expression)];
        throw new QueryParseError(`subquery is only allowed on instant vector, got ${got} instead`);
      }
      return;
    case 'unary': {
      typeCheck(expression.expression);
      const type = typeOf(expression.expression);
      if (type !== 'scalar' && type !== 'vector') {
        throw new QueryParseError(
          `unary expression only allowed on expressions of type scalar or instant vector, got ${quoted(type)}`,
        );
      }
      return;
    }
    case 'binary':
      typeCheck(expression.left);
      typeCheck(expression.right);
      return;
    case 'call':
      checkCall(expression);
      return;
    case 'aggregation':
      checkAggregation(expression);
  }
}

function checkCall({ name, args }: Call): void {
  const signature = signatures.get(name);
  if (!signature) throw new QueryParseError(`unknown function with name ${JSON.stringify(name)}`);
  const { takes, optional = 0, variadic = false } = signature;
  const least = takes.length - optional;
  const most = variadic ? Infinity : takes.length;
  const call = JSON.stringify(name);
  if (args.length < least) {
    const atLeast = optional > 0 || variadic ? 'at least ' : '';
    throw new QueryParseError(`expected ${atLeast}${least} argument(s) in call to ${call}, got ${args.length}`);
  }
  if (args.length > most) {
    const atMost = optional > 0 ? 'at most ' : '';
    throw new QueryParseError(`expected ${atMost}${most} argument(s) in call to ${call}, got ${args.length}`);
  }
  args.forEach((argument, index) => {
    typeCheck(argument);
    const wanted = takes[index] ?? takes.at(-1);
    if (wanted) expectType(argument, wanted, `call to function ${call}`);
  });
}

function checkAggregation({ operator, expression, parameter }: Aggregation): void {
  if (operator === 'limitk' || operator === 'limit_ratio') {
    throw new QueryParseError(
      `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
    );
  }
  typeCheck(expression);
  expectType(expression, 'vector', 'aggregation expression');
  if (!parameter) return;
  typeCheck(parameter);
  expectType(parameter, operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
}

function expectType(expression: Expression, wanted: ValueType, where: string): void {
  const type = typeOf(expression);
  if (type !== wanted) throw new QueryParseError(`expected type ${NAMES[wanted]} in ${where}, got ${NAMES[type]}`);
}

const NAMES: Record<ValueType, string> = {
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
  matrix: 'range vector',
};
const quoted = (type: ValueType): string => JSON.stringify(NAMES[type]);
