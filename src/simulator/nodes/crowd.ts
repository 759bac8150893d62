// Whether more pods start at once than anybody could follow.
import type { Clock } from '../contract.ts';

export interface Crowd {
  /** One more starts. */
  join(): void;
  readonly here: boolean;
}

/** In one window, of so many milliseconds. */
const MANY = 30;
const WINDOW = 100;

export function createCrowd(clock: Clock): Crowd {
  let begun = Number.NEGATIVE_INFINITY;
  let joined = 0;
  /** In the window before this one: a crowd does not begin anew with each. */
  let before = 0;
  const look = (): void => {
    const since = clock.now() - begun;
    if (since < WINDOW) return;
    before = since < 2 * WINDOW ? joined : 0;
    begun = clock.now();
    joined = 0;
  };
  return {
    join() {
      look();
      joined += 1;
    },
    get here() {
      look();
      return joined > MANY || before > MANY;
    },
  };
}
