// When an event is written: at once, and in a crowd when there is time. As on a real cluster, whose programs give their events to
// somebody who writes them beside the rest; a thousand pods that start do not wait for what is told of them.
import type { Clock } from '../contract.ts';

export interface EventTurn<Told> {
  /** Writes it now or soon, in the order in which they came. */
  take(event: Told): void;
  /** Nothing is written any more, nor what waits. */
  stop(): void;
}

/** So many at once are written in each window, whatever else goes on. Milliseconds. */
const AT_ONCE = 20;
const WINDOW = 20;
/** For how long those that wait are written where the process has nothing else to do; where it is busy or more still come, one is. */
const SLICE = 1;
const PAUSE = 15;
const LATE = 2;
/** The crowd is over so many milliseconds after more than AT_ONCE came in one window. */
const OVER = 100;
/** More than that nobody reads. */
const MOST_WAITING = 100_000;

/** One `write` for all, because tens of thousands may wait. */
export function createEventTurn<Told>(clock: Clock, write: (event: Told) => void): EventTurn<Told> {
  let waiting: Told[] = [];
  let come = 0;
  let windowEnd = Number.NEGATIVE_INFINITY;
  let crowdEnd = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let stopped = false;

  function plan(after: number) {
    const due = clock.now() + after;
    cancel ??= clock.after(after, () => {
      cancel = undefined;
      const begun = clock.now();
      const hasTime = !clock.busy?.() && begun - due <= LATE && begun >= crowdEnd;
      const end = hasTime ? begun + SLICE : begun;
      let done = 0;
      for (const event of waiting) {
        write(event);
        done += 1;
        if (clock.now() >= end) break;
      }
      waiting.splice(0, done);
      if (waiting.length > 0) plan(PAUSE);
    });
  }

  return {
    take(event) {
      if (stopped) return;
      const now = clock.now();
      if (now >= windowEnd) {
        windowEnd = now + WINDOW;
        come = 0;
      }
      come += 1;
      if (come > AT_ONCE) crowdEnd = now + OVER;
      else if (waiting.length === 0) return write(event);
      if (waiting.length < MOST_WAITING) waiting.push(event);
      plan(WINDOW);
    },
    stop() {
      stopped = true;
      cancel?.();
      waiting = [];
    },
  };
}
