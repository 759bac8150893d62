// How long things take: long enough to be seen on the way, short enough not to be waited for.
import type { Delays } from './contract.ts';

export const usualDelays: Delays = { schedule: 10, pull: 250, start: 60, ready: 80, push: 25, acknowledge: 15 };

/** For tests and benches: everything at once. */
export const fastDelays: Delays = { schedule: 0, pull: 0, start: 0, ready: 0, push: 0, acknowledge: 0 };
