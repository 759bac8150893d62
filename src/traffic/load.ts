// Sends real HTTP requests to the entry address and hands over each answer.
import { type Answer, openConnections, type RequestOptions } from './exchange.ts';

export type { Answer, Failure } from './exchange.ts';

export interface LoadOptions extends RequestOptions {
  /** Requests in flight at once. */
  concurrency?: number;
  /** At most this many requests in all. */
  limit: number;
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
  const { concurrency = 8, limit, fresh, signal, ...request } = options;
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

  const launch = (): void => {
    while (inFlight < concurrency && sent < limit && sent - yielded < waiting && !signal?.aborted) {
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

  signal?.addEventListener('abort', abort, { once: true });
  try {
    launch();
    while (yielded < sent && !signal?.aborted) {
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
    signal?.removeEventListener('abort', abort);
    // Nothing more is launched when those in flight are destroyed.
    sent = limit;
    connections.close();
  }
}

/** One request by itself. Undefined when aborted. */
export async function sendRequest(options: Omit<LoadOptions, 'limit' | 'concurrency'>): Promise<Answer | undefined> {
  for await (const answer of sendRequests({ ...options, limit: 1, concurrency: 1 })) return answer;
  return undefined;
}
