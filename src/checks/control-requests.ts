// How long the API takes to answer the smallest question while a latency is measured. It goes by no rule of the mesh: when it
// is slow too, what is slow is the machine, or the way to it.
import type { KubeClient } from '../cluster/contract.ts';
import type { Clock } from './clock.ts';

export interface ControlRequests {
  /** Median of the answers so far, milliseconds; undefined when there was none. Ends the requests. */
  stop(): Promise<number | undefined>;
}

const pause = 150;

export function startControlRequests(
  client: Pick<KubeClient, 'raw'>,
  clock: Clock,
  signal: AbortSignal,
): ControlRequests {
  const own = new AbortController();
  const whole = AbortSignal.any([signal, own.signal]);
  const times: number[] = [];
  const work = ask();
  return {
    async stop() {
      own.abort();
      await work;
      return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
    },
  };

  async function ask(): Promise<void> {
    while (!whole.aborted) {
      const begun = clock.now();
      try {
        await client.raw('/version');
        times.push(clock.now() - begun);
        await clock.sleep(pause, whole);
      } catch {
        // Over, or an API that does not answer: the health of the cluster tells that.
        if (!whole.aborted) return;
      }
    }
  }
}
