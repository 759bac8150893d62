// Whether more pods start at once than anybody could follow.
import type { Clock } from '../contract.ts';

export interface Crowd {
  /** One more starts. */
  join(): void;
  readonly here: boolean;
}

const MANY = 30;
const WINDOW = 100;

export function createCrowd(clock: Clock): Crowd {
  let begun = Number.NEGATIVE_INFINITY;
  let joined = 0;
  const look = (): void => {
    if (clock.now() < begun + WINDOW) return;
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
      return joined > MANY;
    },
  };
}
