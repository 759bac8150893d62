// What evaluates the parts of an expression, and what they may ask of it.
import type { Expression } from './ast.ts';
import type { Budget } from './budget.ts';
import type { Grid, Value } from './grid.ts';
import type { SampleStorage } from './storage.ts';

export interface EvaluationOptions {
  storage: SampleStorage;
  /** How old a sample may be and still count, in milliseconds. */
  lookback: number;
  /** Step of a subquery that names none. */
  interval: number;
}

export interface Evaluation {
  options: EvaluationOptions;
  budget: Budget;
  /** Ends of the whole query, for `@ start()` and `@ end()`. */
  bounds: { start: number; end: number };
  evaluate(expression: Expression, grid: Grid): Value;
}
