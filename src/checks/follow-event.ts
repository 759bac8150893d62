import type { CheckState, StepState } from './step-state.ts';
import type { Verdict } from './verdict.ts';

/** What happens while a lab is followed. Plain data: `malla seguir --json` writes it as it is. */
export type FollowEvent =
  | { event: 'check'; step: string; check: string; state: CheckState; verdict?: Verdict }
  | { event: 'step'; step: string; state: StepState }
  /** The lab's stream of requests: 0 when it is stopped; `trouble` while none is answered, a Spanish sentence. */
  | { event: 'traffic'; rate: number; trouble?: string }
  /** The end of a verification that was asked for, after its checks have told theirs; empty when it could not be done. */
  | { event: 'verified'; step: string; verdicts: Verdict[] }
  | { event: 'cluster'; state: 'live' | 'lost' }
  | { event: 'error'; code: string; message: string };
