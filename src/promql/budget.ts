// What a query may cost: samples looked at and time. Anything a client asks is bounded by it.
import { QueryExecutionError, QueryTimeout } from './errors.ts';

export interface Budget {
  /** Throws QueryExecutionError or QueryTimeout when it is spent. */
  spend(samples: number): void;
}

export interface BudgetOptions {
  samples: number;
  /** Milliseconds. */
  timeout: number;
  /** Milliseconds of any clock that only goes forward. */
  now(): number;
}

export function createBudget({ samples, timeout, now }: BudgetOptions): Budget {
  const deadline = now() + timeout;
  let left = samples;
  return {
    spend(used) {
      left -= used;
      if (left < 0) {
        throw new QueryExecutionError('query processing would load too many samples into memory in query execution');
      }
      if (now() > deadline) throw new QueryTimeout();
    },
  };
}
