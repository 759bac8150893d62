import { notLinearizable } from './linearizable.ts';
import type { History } from './recorded.ts';
import { truthOf } from './truth.ts';
import { brokenGuarantees } from './watch-guarantees.ts';

/** All that is wrong with a history; nothing for a good one. */
export function judge(history: History): string[] {
  const truth = truthOf(history.writes);
  return [...brokenGuarantees(history, truth), ...notLinearizable(history, truth)];
}
