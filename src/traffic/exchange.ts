// One HTTP request and its answer, over connections that are kept open from one to the next.
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

export interface RequestOptions {
  /** Absolute URL. */
  url: string;
  method?: string;
  headers?: Record<string, string>;
  /** Each request's deadline, milliseconds. */
  timeout?: number;
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

export interface Connections {
  /** Undefined when closed meanwhile. Never rejects: what went wrong is in `Answer.failure`. */
  exchange(options: RequestOptions): Promise<Answer | undefined>;
  /** Destroys the requests in flight. */
  close(): void;
}

/**
 * A way without connections, for who has the cluster in the same process: `turn` tells connections apart. Undefined when
 * this request needs one. Rejects when there is no HTTP answer. `leave` says that nobody waits for the answer any more.
 */
export type Shortcut = (
  options: RequestOptions,
  turn: number,
) => { answer: Promise<Pick<Answer, 'status' | 'headers' | 'body'>>; leave(): void } | undefined;

let shortcut: Shortcut | undefined;

/** From here on, for all of this process. */
export function takeShortcut(next: Shortcut | undefined): void {
  shortcut = next;
}

const largestBody = 1_000_000;
const usualTimeout = 15_000;

/**
 * At most `maximum` at once; further requests wait for one. `url` says only whether they are TLS. `fresh`: a connection
 * for each request, as from different users. Behind a NodePort it is connections that are shared out, not requests.
 */
export function openConnections(url: string, maximum: number, fresh = false): Connections {
  const secure = url.startsWith('https:');
  const settings = { keepAlive: !fresh, maxSockets: maximum };
  // A student's gateway certificate is their own: what is judged is the answer, not who signed it.
  const agent = secure ? new TlsAgent({ ...settings, rejectUnauthorized: false }) : new Agent(settings);
  const inFlight = new Set<Pick<ClientRequest, 'destroy'>>();
  const turns = createTurns(fresh);
  let closed = false;

  const send = (options: RequestOptions, deadline: number): Promise<Outcome> => {
    const turn = turns.take();
    const short = secure ? undefined : shortcut?.(options, turn);
    if (!short) return sendOver(options, deadline);
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        inFlight.delete(flying);
        turns.give(turn);
        resolve(outcome);
      };
      const leave = (failure: Failure): void => {
        short.leave();
        end({ failure });
      };
      const timer = setTimeout(() => leave('timeout'), deadline - performance.now());
      const flying = {
        destroy() {
          leave('reset');
          return this as ClientRequest;
        },
      };
      inFlight.add(flying);
      short.answer.then(end, () => end({ failure: 'reset' }));
    });
  };

  const sendOver = (options: RequestOptions, deadline: number): Promise<Outcome> => {
    const { method = 'GET', headers = {} } = options;
    return new Promise((resolve) => {
      const outgoing = (secure ? tlsRequest : request)(options.url, { method, headers, agent }, (response) => {
        collect(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          () => resolve({ failure: late ? 'timeout' : 'reset' }),
        );
      });
      inFlight.add(outgoing);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        outgoing.destroy();
      }, deadline - performance.now());
      outgoing.on('close', () => {
        clearTimeout(timer);
        inFlight.delete(outgoing);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const failure = late ? 'timeout' : failureOf(error);
        // A server may close an idle connection just as it is used again: nobody heard that request.
        resolve({ failure, unheard: failure === 'reset' && outgoing.reusedSocket });
      });
      outgoing.end();
    });
  };

  return {
    async exchange(options) {
      const begun = performance.now();
      const deadline = begun + (options.timeout ?? usualTimeout);
      for (;;) {
        if (closed) return undefined;
        const { unheard, ...outcome } = await send(options, deadline);
        if (closed) return undefined;
        if (!unheard) return { status: 0, headers: {}, body: '', ...outcome, milliseconds: performance.now() - begun };
      }
    },
    close() {
      closed = true;
      for (const outgoing of inFlight) outgoing.destroy();
      agent.destroy();
    },
  };
}

/** Which connection a request would have gone over: one that is free, or a new one. */
function createTurns(fresh: boolean): { take(): number; give(turn: number): void } {
  const free: number[] = [];
  return {
    take: () => (fresh ? undefined : free.pop()) ?? ++lastTurn,
    give: (turn) => void free.push(turn),
  };
}

let lastTurn = 0;

type Outcome = Partial<Answer> & { unheard?: boolean };

/** The events are cheaper than the iterator of the stream, and thousands a second pass here. */
function collect(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBody) chunks.push(chunk);
    });
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
    response.on('aborted', () => reject(new Error('aborted')));
  });
}

function failureOf(error: NodeJS.ErrnoException): Failure {
  if (error.code === 'ECONNREFUSED') return 'refused';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'dns';
  if (error.code === 'ETIMEDOUT') return 'timeout';
  return 'reset';
}
