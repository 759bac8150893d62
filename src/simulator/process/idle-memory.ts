// Gives memory back once a burst of work is over. V8 collects when it allocates, and an idle cluster allocates nothing: what
// an installation left behind would stay for hours on a student's laptop.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../contract.ts';

const quiet = 5_000;

/**
 * `notice` tells of work; five seconds after the last, what `forget` lets go of and other garbage is collected once. No
 * timer runs while nothing happens.
 */
export function collectWhenIdle(clock: Clock, forget: () => void): { notice(): void; cancel(): void } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let last = 0;
  let cancel: (() => void) | undefined;
  const check = (): void => {
    const left = last + quiet - clock.now();
    cancel = left > 0 ? clock.after(left, check) : undefined;
    if (left > 0) return;
    forget();
    collect();
  };
  return {
    notice() {
      last = clock.now();
      cancel ??= clock.after(quiet, check);
    },
    cancel: () => cancel?.(),
  };
}
