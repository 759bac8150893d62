// Sends real HTTP requests to the entry address and hands over each answer.
import { type Answer, openConnections, type RequestOptions } from './exchange.ts';

export type { Answer, Failure } from './exchange.ts';

export interface LoadOptions extends RequestOptions {
  /** Requests in flight at once. */
  concurrency?: number;
  /** At most this many requests in all. */
  limit: number;
  /** Requests a second at most; as many as the answers allow when undefined. */
  rate?: number;
  /** Milliseconds after which nothing more is sent, and what is in flight is given up. */
  time?: number;
  /** A connection for each request. */
  fresh?: boolean;
  signal?: AbortSignal;
}

/**
 * Yields answers in the order in which their requests were sent: the first to come back are those of the quicker
 * version, and a split judged from them would be of the quick answers, not of all. Stops early when the caller leaves
 * the loop or `signal` aborts; requests in flight are then destroyed. Never rejects because of the server: what went
 * wrong is in `Answer.failure`.
 */
export async function* sendRequests(options: LoadOptions): AsyncGenerator<Answer, void, undefined> {
  const { concurrency = 8, limit, rate, time, fresh, signal: whole, ...request } = options;
  const over = new AbortController();
  const timer = time === undefined ? undefined : setTimeout(() => over.abort(), time);
  const signal = whole ? AbortSignal.any([whole, over.signal]) : over.signal;
  const connections = openConnections(request.url, concurrency, fresh);
  const ready = new Map<number, Answer>();
  // Behind a slow answer, quick ones wait to be handed over: this many at most.
  const waiting = concurrency * 4;
  let wake = (): void => {};
  const abort = (): void => {
    connections.close();
    wake();
  };
  let sent = 0;
  let yielded = 0;
  let inFlight = 0;
  const pace = createPace(rate, () => launch());

  const launch = (): void => {
    while (inFlight < concurrency && sent < limit && sent - yielded < waiting && !signal.aborted && pace.mayGo()) {
      const turn = sent++;
      inFlight++;
      void connections.exchange(request).then((answer) => {
        inFlight--;
        if (answer) ready.set(turn, answer);
        launch();
        wake();
      });
    }
  };

  signal.addEventListener('abort', abort, { once: true });
  try {
    launch();
    while ((yielded < sent || sent < limit) && !signal.aborted) {
      const answer = ready.get(yielded);
      if (answer) {
        ready.delete(yielded++);
        yield answer;
        launch();
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(timer);
    // Nothing more is launched when those in flight are destroyed.
    sent = limit;
    pace.stop();
    connections.close();
  }
}

interface Pace {
  /** Whether one more may be sent now; if not, `again` is called when it may. */
  mayGo(): boolean;
  stop(): void;
}

/** One request each 1/rate seconds at the least: what a slow moment left unsent is not caught up. */
function createPace(rate: number | undefined, again: () => void): Pace {
  if (rate === undefined) return { mayGo: () => true, stop() {} };
  let next = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    mayGo() {
      const now = performance.now();
      if (now >= next) {
        next = now + 1000 / rate;
        return true;
      }
      timer ??= setTimeout(() => {
        timer = undefined;
        again();
      }, next - now);
      return false;
    },
    stop: () => clearTimeout(timer),
  };
}

/** One request by itself. Undefined when aborted. */
export async function sendRequest(options: Omit<LoadOptions, 'limit' | 'concurrency'>): Promise<Answer | undefined> {
  for await (const answer of sendRequests({ ...options, limit: 1, concurrency: 1 })) return answer;
  return undefined;
}
