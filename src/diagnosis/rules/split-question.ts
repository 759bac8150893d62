import type { Hop } from '../hop.ts';
import type { SplitTarget } from '../split-target.ts';

export interface SplitQuestion {
  target: SplitTarget;
  /** Class → share, adding up to 1. */
  expected: Record<string, number>;
  /** True when the expected split is what no rule at all gives. */
  natural: boolean;
  callerNamespace: string;
  /** The call that the check is about, with its headers; undefined when nothing comes in. */
  hop?: Hop;
}
