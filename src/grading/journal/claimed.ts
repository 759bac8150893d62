// A verdict as a record keeps it: cut to what a hand-in may hold.
import type { Verdict } from '../../checks/verdict.ts';
import { type ClaimedVerdict, claimedVerdictSchema } from '../handin/claimed-verdict.ts';

const longest = 4_000;

/** A verdict whose evidence is no fit for a hand-in goes without it. */
export function claimed(verdict: Verdict): ClaimedVerdict {
  const { check, state, expected, observed, cause, evidence, milliseconds, simulated } = verdict;
  const cut = (text: string): string => text.slice(0, longest);
  const kept = {
    check,
    state,
    expected: cut(expected),
    observed: cut(observed),
    ...(cause ? { cause: { ...cause, message: cut(cause.message), hint: cut(cause.hint) } } : {}),
    milliseconds: Math.max(0, milliseconds),
    simulated,
  };
  const whole = claimedVerdictSchema.safeParse({ ...kept, evidence });
  return whole.success ? whole.data : claimedVerdictSchema.parse({ ...kept, evidence: {} });
}
