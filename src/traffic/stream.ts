// A small stream of requests, so that graphs, dashboards, traces and logs have something to show. Its pace is kept
// whatever the answers take, up to a bound of requests in flight: it never becomes load.
import { type Answer, sendRequest } from './load.ts';

export interface StreamFlow {
  /** Absolute URL. */
  url: string;
  headers: Record<string, string>;
  /** Requests per second. */
  rate: number;
}

export interface StreamOptions {
  flows: readonly StreamFlow[];
  signal: AbortSignal;
  onAnswer?(answer: Answer): void;
  /** Milliseconds at most; four hours by default. */
  time?: number;
  /** Sends one request; undefined when aborted. */
  send?: (flow: StreamFlow, signal: AbortSignal) => Promise<Answer | undefined>;
}

/** Requests of one flow that may be waiting for their answer. The rest of the time the flow waits too. */
const mostInFlight = 8;
/** Nobody looks at a graph for longer; who does starts it again. Milliseconds. */
const longest = 4 * 3_600_000;
/** A page of the application answers within this, even with the delays that labs inject. */
const timeout = 15_000;

/** Sends until `signal` aborts or the time is over, and resolves when the last answer is in or given up. Never rejects. */
export async function streamRequests(options: StreamOptions): Promise<void> {
  const { flows, onAnswer, send = sendFlow, time = longest } = options;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), time);
  const signal = AbortSignal.any([options.signal, over.signal]);
  const answered = (answer: Answer | undefined): void => {
    if (answer && !signal.aborted) onAnswer?.(answer);
  };
  await Promise.all(flows.map((flow) => keep(flow, signal, (own) => send(own, signal).then(answered))));
  clearTimeout(timer);
}

function keep(flow: StreamFlow, signal: AbortSignal, send: (flow: StreamFlow) => Promise<void>): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const one = (): void => {
    if (inFlight.size >= mostInFlight) return;
    const sent: Promise<void> = send(flow).finally(() => inFlight.delete(sent));
    inFlight.add(sent);
  };
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    one();
    const timer = setInterval(one, 1000 / flow.rate);
    const stop = (): void => {
      clearInterval(timer);
      resolve(Promise.all(inFlight).then(() => {}));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

function sendFlow({ url, headers }: StreamFlow, signal: AbortSignal): Promise<Answer | undefined> {
  return sendRequest({ url, headers, timeout, signal });
}
