// Sends real HTTP requests to the entry address and hands over each answer as it completes.
import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

export interface LoadOptions {
  /** Absolute URL. */
  url: string;
  method?: string;
  headers?: Record<string, string>;
  /** Requests in flight at once. */
  concurrency?: number;
  /** At most this many requests in all. */
  limit: number;
  /** Each request's deadline, milliseconds. */
  timeout?: number;
  signal?: AbortSignal;
}

/** Why a request got no HTTP answer. */
export type Failure = 'refused' | 'dns' | 'timeout' | 'reset';

export interface Answer {
  /** 0 when there was no HTTP answer. */
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** At most 1 MB of it, as UTF-8. */
  body: string;
  milliseconds: number;
  failure?: Failure;
}

const largestBody = 1_000_000;

/**
 * Yields answers in the order in which their requests were sent: the first to come back are those of the quicker
 * version, and a split judged from them would be of the quick answers, not of all. Stops early when the caller leaves
 * the loop or `signal` aborts; requests in flight are then destroyed. Never rejects because of the server: what went
 * wrong is in `Answer.failure`.
 */
export async function* sendRequests(options: LoadOptions): AsyncGenerator<Answer, void, undefined> {
  const { concurrency = 8, limit, signal } = options;
  const stop = new AbortController();
  const whole = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const agent = agentFor(options.url, concurrency);
  const ready = new Map<number, Answer>();
  // Behind a slow answer, quick ones wait to be handed over: this many at most.
  const waiting = concurrency * 4;
  let wake = (): void => {};
  let sent = 0;
  let yielded = 0;
  let inFlight = 0;

  const launch = (): void => {
    while (inFlight < concurrency && sent < limit && sent - yielded < waiting && !whole.aborted) {
      const turn = sent++;
      inFlight++;
      void exchange(options, agent, whole).then((answer) => {
        inFlight--;
        if (answer) ready.set(turn, answer);
        launch();
        wake();
      });
    }
  };

  try {
    launch();
    while (yielded < sent && !whole.aborted) {
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
    stop.abort();
    agent.destroy();
  }
}

/** One request by itself. Undefined when aborted. */
export async function sendRequest(options: Omit<LoadOptions, 'limit' | 'concurrency'>): Promise<Answer | undefined> {
  for await (const answer of sendRequests({ ...options, limit: 1, concurrency: 1 })) return answer;
  return undefined;
}

/** Connections that are kept open from one request to the next. Its owner destroys it. */
export function agentFor(url: string, connections: number): Agent {
  const settings = { keepAlive: true, maxSockets: connections };
  // A student's gateway certificate is their own: what is judged is the answer, not who signed it.
  return url.startsWith('https:') ? new TlsAgent({ ...settings, rejectUnauthorized: false }) : new Agent(settings);
}

/** One request over the agent's connections. Undefined when aborted; never rejects. */
export function exchange(
  options: Omit<LoadOptions, 'limit' | 'concurrency' | 'signal'>,
  agent: Agent,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { url, method = 'GET', headers = {}, timeout = 15_000 } = options;
  const begun = performance.now();
  return new Promise((resolve) => {
    const finish = (part: Partial<Answer>): void =>
      resolve({ status: 0, headers: {}, body: '', ...part, milliseconds: performance.now() - begun });
    const send = url.startsWith('https:') ? tlsRequest : request;
    const outgoing = send(url, { method, headers, agent, signal }, (response) => {
      collect(response).then(
        (body) => finish({ status: response.statusCode ?? 0, headers: response.headers, body }),
        () => (signal.aborted ? resolve(undefined) : finish({ failure: timedOut ? 'timeout' : 'reset' })),
      );
    });
    let timedOut = false;
    const deadline = setTimeout(() => {
      timedOut = true;
      outgoing.destroy();
    }, timeout);
    outgoing.on('close', () => clearTimeout(deadline));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) resolve(undefined);
      else finish({ failure: timedOut ? 'timeout' : failureOf(error) });
    });
    outgoing.end();
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failureOf(error: NodeJS.ErrnoException): Failure {
  if (error.code === 'ECONNREFUSED') return 'refused';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'dns';
  if (error.code === 'ETIMEDOUT') return 'timeout';
  return 'reset';
}
