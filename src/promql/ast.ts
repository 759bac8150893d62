// A parsed query.
import type { Matcher } from './matchers.ts';

export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary;

export interface NumberLiteral {
  kind: 'number';
  value: number;
}

export interface StringLiteral {
  kind: 'string';
  value: string;
}

/** Where in time a selector or subquery looks. */
export interface TimeShift {
  /** Milliseconds back. */
  offset: number;
  /** Instead of the time of evaluation: milliseconds since the epoch, or an end of the whole query's range. */
  at?: number | 'start' | 'end';
}

export interface VectorSelector extends TimeShift {
  kind: 'selector';
  matchers: readonly Matcher[];
}

export interface MatrixSelector {
  kind: 'range';
  selector: VectorSelector;
  /** Milliseconds. */
  range: number;
}

export interface Subquery extends TimeShift {
  kind: 'subquery';
  expression: Expression;
  range: number;
  /** Undefined: the evaluation interval of the server. */
  step?: number;
}

export interface Call {
  kind: 'call';
  name: string;
  args: readonly Expression[];
}

export interface Grouping {
  mode: 'by' | 'without';
  labels: readonly string[];
}

export interface Aggregation {
  kind: 'aggregation';
  operator: string;
  grouping: Grouping;
  expression: Expression;
  parameter?: Expression;
}

export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOperator = 'and' | 'or' | 'unless';

/** Which labels bring two series together. */
export interface Matching {
  mode: 'on' | 'ignoring';
  labels: readonly string[];
  /** The side with several series for one of the other. */
  many?: 'left' | 'right';
  /** Labels taken from the other side. */
  include: readonly string[];
}

export interface Binary {
  kind: 'binary';
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
  bool: boolean;
  matching: Matching;
}

export interface Unary {
  kind: 'unary';
  operator: '-' | '+';
  expression: Expression;
}

export const isComparison = (operator: BinaryOperator): operator is ComparisonOperator =>
  ['==', '!=', '<', '<=', '>', '>='].includes(operator);

export const isSetOperator = (operator: BinaryOperator): operator is SetOperator =>
  operator === 'and' || operator === 'or' || operator === 'unless';
