// Open-loop load: requests leave at a constant rate whatever the answers do, and each latency counts from the moment at
// which its request was MEANT to leave. A loop that waits for answers sends nothing while the server is stopped, and so
// its quantiles hide the stop (coordinated omission); users do not wait for each other.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, openConnections, type RequestOptions } from './exchange.ts';

export interface OpenLoopOptions extends RequestOptions {
  /** Requests a second. */
  rate: number;
  /** Connections at most. Requests over it wait for one, and their latency goes on counting. */
  connections?: number;
  /** At most this many requests in all. */
  limit: number;
  signal?: AbortSignal;
}

export interface TimedAnswer {
  /** 0 when there was no HTTP answer. */
  status: number;
  failure?: Failure;
  /** From the intended moment of sending to the end of the answer. */
  milliseconds: number;
}

/** A program that slept (a suspended machine) does not then send an hour of requests at once. */
const longestBurst = 5000;

/**
 * Yields answers in the order in which their requests were sent. Stops early when the caller leaves the loop or
 * `signal` aborts. Never rejects because of the server.
 */
export async function* sendAtRate(options: OpenLoopOptions): AsyncGenerator<TimedAnswer, void, undefined> {
  const { rate, limit, connections: maximum = 512, signal, ...request } = options;
  const connections = openConnections(request.url, maximum);
  const answers = new Map<number, TimedAnswer>();
  const interval = 1000 / rate;
  let wake = (): void => {};
  let over = signal?.aborted ?? false;
  const end = (): void => {
    over = true;
    connections.close();
    wake();
  };
  let origin = performance.now();
  let sent = 0;

  const send = (turn: number, intended: number): void => {
    void connections.exchange(request).then((answer) => {
      if (!answer) return;
      const { status, failure } = answer;
      const milliseconds = performance.now() - intended;
      answers.set(turn, { status, milliseconds, ...(failure ? { failure } : {}) });
      wake();
    });
  };
  const pace = async (): Promise<void> => {
    while (sent < limit && !over) {
      const late = performance.now() - origin - sent * interval;
      if (late > longestBurst) origin += late;
      while (sent < limit && performance.now() >= origin + sent * interval) {
        const turn = sent++;
        send(turn, origin + turn * interval);
      }
      await sleep(Math.max(1, origin + sent * interval - performance.now()));
    }
  };

  signal?.addEventListener('abort', end, { once: true });
  try {
    void pace();
    for (let turn = 0; turn < limit && !over; ) {
      const answer = answers.get(turn);
      if (answer) {
        answers.delete(turn++);
        yield answer;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}
