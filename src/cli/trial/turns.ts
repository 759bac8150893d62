// How many things run at the same time, and what they give in the order in which they were begun.

export interface Turns {
  /** Runs it when a place is free: first come, first served. */
  take<T>(run: () => Promise<T>): Promise<T>;
}

/** `places` is at least 1. */
export function createTurns(places: number): Turns {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    async take(run) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await run();
      } finally {
        // The place goes to whoever waits, so that nobody who comes now takes it first.
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}

/**
 * Runs `producer` and yields what it begins, in that order, as each is done. Rejects as soon as one of them does, or the
 * producer: what is under way ends before.
 */
export async function* inOrder<T>(producer: (begin: (result: Promise<T>) => void) => Promise<void>): AsyncGenerator<T> {
  const begun: Promise<T>[] = [];
  let wake = (): void => {};
  let ended = false;
  const work = producer((result) => {
    result.catch(() => {});
    begun.push(result);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  work.catch(() => {});
  try {
    for (let next = 0; ; next++) {
      while (next >= begun.length && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const result = begun[next];
      if (!result) break;
      yield await result;
    }
    await work;
  } finally {
    await work.catch(() => {});
    await Promise.allSettled(begun);
  }
}
