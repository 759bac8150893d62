import type { Clock } from '../contract.ts';

export interface IdleStop {
  /** Somebody uses the cluster now. */
  notice(): void;
  cancel(): void;
}

/** Calls `stop` once nobody has been noticed for `after` milliseconds. One timer, not one per notice. */
export function stopWhenIdle(clock: Clock, after: number, stop: () => void): IdleStop {
  let last = clock.now();
  let cancel = clock.after(after, look);
  return {
    notice() {
      last = clock.now();
    },
    cancel: () => cancel(),
  };

  function look(): void {
    const left = last + after - clock.now();
    if (left <= 0) stop();
    else cancel = clock.after(left, look);
  }
}
